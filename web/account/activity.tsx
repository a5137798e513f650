/** What happened to the account, newest first, a page at a time. */
import { createEffect, createSignal, For, Match, on, Show, Switch } from 'solid-js';
import type { ActivityEntry, ActivityKind, ActivityPage } from '../../worker/contract/responses.ts';
import { api, ask } from '../api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Icon } from '../components/icon.tsx';
import { Ago } from './ago.tsx';
import { createLoader, Loaded } from './loaded.tsx';
import { Section } from './section.tsx';
import { browserName, countryText } from './visitor-text.ts';

/** How much is shown at first: what lies below is to be reached, too. */
const FOLDED_LENGTH = 10;

type Look = [icon: Parameters<typeof Icon>[0]['name'], text: string];

const LOOKS: Record<ActivityKind, Look> = {
  registered: ['success', 'You created this account'],
  signed_in: ['lock', 'Logged in'],
  sign_in_refused: ['warning', 'A login was refused'],
  reset_asked: ['mail', 'A link to reset the password was requested'],
  password_reset: ['renew', 'The password was reset'],
  password_changed: ['renew', 'The password was changed'],
  email_change_asked: ['mail', 'A change of the email address was requested'],
  email_changed: ['mail', 'The email address was changed'],
  username_changed: ['renew', 'The username was changed'],
  session_ended: ['close', 'A browser was logged out'],
  other_sessions_ended: ['close', 'All other browsers were logged out'],
  secured: ['warning', 'The account was secured'],
  mail_bounced: ['warning', 'A mail to your address came back'],
  mail_complained: ['warning', 'A mail to your address was reported as spam'],
};

/** A tab that was opened before a deployment may meet kinds that it does not know. */
const lookOf = (kind: ActivityKind): Look => LOOKS[kind] ?? ['info', 'Something else happened'];

const ActivityItem = (props: { entry: ActivityEntry }) => (
  <li tabindex="-1" classList={{ 'entry-warning': lookOf(props.entry.kind)[0] === 'warning' }}>
    <Icon name={lookOf(props.entry.kind)[0]} />
    <div>
      <p class="entry-title">{lookOf(props.entry.kind)[1]}</p>
      <p class="entry-facts">
        <span>
          <Ago at={props.entry.at} />
        </span>
        <Show when={props.entry.userAgent}>{name => <span>{browserName(name())}</span>}</Show>
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
    <Section id="activity" heading="Activity" about="What happened to this account in the last 180 days.">
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
            <Show
              when={entries().length > 0}
              fallback={<p class="empty">Nothing has happened yet. Logins and changes to your account appear here.</p>}
            >
              <ul class="entries" ref={list}>
                <For each={visible()}>{entry => <ActivityItem entry={entry} />}</For>
              </ul>
              <Switch>
                <Match when={visible().length < entries().length}>
                  <button type="button" class="button" onClick={() => reveal(() => setFolded(false))}>
                    Show more
                  </button>
                </Match>
                <Match when={next()}>
                  {before => (
                    <ActionButton send={() => askFor(before())} done={append}>
                      Show more
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
