/** What happened to the account, newest first, a page at a time. */
import { createEffect, createSignal, For, Match, on, Show, Switch } from 'solid-js';
import type { ActivityEntry, ActivityKind, ActivityPage } from '../../worker/contract/responses.ts';
import { api, ask } from '../api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Icon } from '../components/icon.tsx';
import { say } from '../words.ts';
import { Ago } from './ago.tsx';
import { createLoader, Loaded } from './loaded.tsx';
import { Section } from './section.tsx';
import { browserName, countryText } from './visitor-text.ts';

/** How much is shown at first: what lies below is to be reached, too. */
const FOLDED_LENGTH = 10;

type Look = Parameters<typeof Icon>[0]['name'];

const LOOKS: Record<ActivityKind, Look> = {
  registered: 'success',
  signed_in: 'lock',
  sign_in_refused: 'warning',
  reset_asked: 'mail',
  password_reset: 'renew',
  password_changed: 'renew',
  email_change_asked: 'mail',
  email_changed: 'mail',
  username_changed: 'renew',
  session_ended: 'close',
  other_sessions_ended: 'close',
  secured: 'warning',
  mail_bounced: 'warning',
  mail_complained: 'warning',
  sessions_ended: 'close',
  suppression_lifted: 'mail',
  suspended: 'warning',
  restored: 'success',
  reset_required: 'warning',
  imported: 'success',
  reset_limited: 'mail',
};

/** A tab that was opened before a deployment may meet kinds that it does not know. */
const lookOf = (kind: ActivityKind): Look => LOOKS[kind] ?? 'info';
const textOf = (kind: ActivityKind) =>
  kind in LOOKS ? say(`account.activity-${kind}`) : say('account.activity-something');

const ActivityItem = (props: { entry: ActivityEntry }) => (
  <li tabindex="-1" classList={{ 'entry-warning': lookOf(props.entry.kind) === 'warning' }}>
    <Icon name={lookOf(props.entry.kind)} />
    <div>
      <p class="entry-title">{textOf(props.entry.kind)}</p>
      <p class="entry-facts">
        <span>
          <Ago at={props.entry.at} />
        </span>
        <Show when={props.entry.userAgent}>{name => <span>{browserName(name())}</span>}</Show>
        <Show when={props.entry.operator}>
          {operator => <span>{say('account.by-operator', { operator: operator() })}</span>}
        </Show>
        <Show when={countryText(props.entry.country)}>{country => <span>{country()}</span>}</Show>
      </p>
    </div>
  </li>
);

export const Activity = (props: { changes: number }) => {
  let list: HTMLUListElement | undefined;
  const [folded, setFolded] = createSignal(true);
  const askFor = (before?: string) => ask(api.account.activity.$get({ query: before ? { before } : {} }));
  const first = createLoader(() => askFor());
  const [older, setOlder] = createSignal<ActivityPage>();
  const load = () => {
    setOlder(undefined);
    setFolded(true);
    first.load();
  };
  createEffect(on(() => props.changes, load));
  return (
    <Section id="activity" heading={say('account.activity')} about={say('account.activity-about')}>
      <Loaded from={first}>
        {loaded => {
          const entries = () => [...loaded().activity, ...(older()?.activity ?? [])];
          const visible = () => (folded() ? entries().slice(0, FOLDED_LENGTH) : entries());
          const next = () => (older() ?? loaded()).next;
          /** The button may be gone by then: the focus goes to the first row that is new. */
          const reveal = (more: () => void) => {
            const shown = visible().length;
            more();
            (list?.children[shown] as HTMLElement | undefined)?.focus();
          };
          const append = ({ activity, next }: ActivityPage) =>
            reveal(() => setOlder({ activity: [...(older()?.activity ?? []), ...activity], next }));
          return (
            <Show when={entries().length > 0} fallback={<p class="empty">{say('account.activity-empty')}</p>}>
              <ul class="entries" ref={list}>
                <For each={visible()}>{entry => <ActivityItem entry={entry} />}</For>
              </ul>
              <Switch>
                <Match when={visible().length < entries().length}>
                  <button type="button" class="button" onClick={() => reveal(() => setFolded(false))}>
                    {say('account.show-more')}
                  </button>
                </Match>
                <Match when={next()}>
                  {before => (
                    <ActionButton send={() => askFor(before())} done={append}>
                      {say('account.show-more')}
                    </ActionButton>
                  )}
                </Match>
              </Switch>
            </Show>
          );
        }}
      </Loaded>
    </Section>
  );
};
