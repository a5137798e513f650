/** The browsers that are signed in, and a way to end each. */
import { createEffect, For, on, Show } from 'solid-js';
import type { SessionEntry } from '../../worker/contract/responses.ts';
import { api, ask, type Failure } from '../api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Sentence } from '../components/sentence.tsx';
import { showFlash } from '../flash.ts';
import { say } from '../words.ts';
import { Ago } from './ago.tsx';
import { Confirm } from './confirm.tsx';
import { createLoader, Loaded } from './loaded.tsx';
import { focusSection, Section } from './section.tsx';
import { browserName, countryText } from './visitor-text.ts';

const ID = 'sessions';

const SessionItem = (props: { session: SessionEntry; onEnd: () => void }) => {
  const isGone = ({ code }: Failure) => {
    if (code === 'not_found') props.onEnd();
    return code === 'not_found';
  };
  return (
    <li>
      <div>
        <p class="entry-title">
          {browserName(props.session.userAgent)}
          <Show when={props.session.current}>
            <span class="badge">{say('account.this-browser')}</span>
          </Show>
        </p>
        <p class="entry-facts">
          <Show when={countryText(props.session.country)}>{country => <span>{country()}</span>}</Show>
          <span>
            <Sentence of="account.logged-in" parts={{ ago: () => <Ago at={props.session.createdAt} /> }} />
          </span>
          <Show when={!props.session.current}>
            <span>
              <Sentence of="account.last-seen" parts={{ ago: () => <Ago at={props.session.lastSeenAt} /> }} />
            </span>
          </Show>
        </p>
      </div>
      <Show when={!props.session.current}>
        <ActionButton
          class="button button-small"
          send={() => ask(api.account.sessions[':id'].$delete({ param: { id: props.session.id } }))}
          done={() => props.onEnd()}
          failed={isGone}
        >
          <span aria-hidden="true">{say('account.log-out-this')}</span>
          <span class="visually-hidden">
            {say('account.log-out-browser', { browser: browserName(props.session.userAgent) })}
          </span>
        </ActionButton>
      </Show>
    </li>
  );
};

export const Sessions = (props: { changes: number; onChange: () => void }) => {
  const sessions = createLoader(() => ask(api.account.sessions.$get()));
  createEffect(on(() => props.changes, sessions.load));
  const ended = (text: string) => {
    showFlash('success', text);
    focusSection(ID);
    props.onChange();
  };
  return (
    <Section id={ID} heading={say('account.sessions')} about={say('account.sessions-about')}>
      <Loaded from={sessions}>
        {loaded => {
          const others = () => loaded().sessions.filter(session => !session.current);
          return (
            <>
              <ul class="entries">
                <For each={[...loaded().sessions.filter(session => session.current), ...others()]}>
                  {session => (
                    <SessionItem
                      session={session}
                      onEnd={() =>
                        ended(say('account.browser-logged-out', { browser: browserName(session.userAgent) }))
                      }
                    />
                  )}
                </For>
              </ul>
              <Show when={others().length > 0} fallback={<p class="help">{say('account.no-other-browser')}</p>}>
                <Confirm
                  button={say('account.log-out-others')}
                  question={say('account.log-out-others-question', { count: others().length })}
                >
                  {cancel => (
                    <div class="actions">
                      <ActionButton
                        class="button button-primary"
                        send={() => ask(api.account.sessions.$delete())}
                        done={() => ended(say('account.others-logged-out'))}
                      >
                        {say('account.log-out-others-confirm', { count: others().length })}
                      </ActionButton>
                      {cancel}
                    </div>
                  )}
                </Confirm>
              </Show>
            </>
          );
        }}
      </Loaded>
    </Section>
  );
};
