/**
 * What helps while a mail is awaited: where to look, who it is from, and another one after a while. The same whoever asked:
 * the page knows no more of an account than the API tells.
 */
import { useLocation, useNavigate } from '@solidjs/router';
import { createSignal, createUniqueId, onCleanup, onMount, Show } from 'solid-js';
import { api, ask } from '../api.ts';
import { showFlash } from '../flash.ts';
import { problemText, waitText } from '../problem-text.ts';
import { MAIL_FROM } from '../settings.ts';
import { say } from '../words.ts';
import type { Asked, WithAsked } from './asked.ts';
import { createCountdown } from './countdown.ts';
import { Icon } from './icon.tsx';
import { Sentence } from './sentence.tsx';

/** Before the second mail, the third, and each one after. */
const WAITS_SECONDS = [60, 5 * 60, 20 * 60];

const waitAfter = ({ times, atMs }: Asked): number => {
  const seconds = WAITS_SECONDS[Math.min(times, WAITS_SECONDS.length) - 1] ?? 0;
  // A clock that was set back meanwhile makes nobody wait for longer than that.
  return Math.min(seconds, Math.ceil((atMs + seconds * 1000 - Date.now()) / 1000));
};

export const WaitingPanel = (props: { asked: Asked }) => {
  const location = useLocation<WithAsked>();
  const navigate = useNavigate();
  const id = createUniqueId();
  const [pending, setPending] = createSignal(false);
  const wait = createCountdown(() => {});
  onMount(() => wait.start(waitAfter(props.asked)));
  let isLeft = false;
  onCleanup(() => {
    isLeft = true;
    wait.stop();
  });

  const sendAgain = async () => {
    if (pending() || wait.seconds() > 0) return;
    setPending(true);
    const { what, email, times } = props.asked;
    const call = what === 'reset' ? api['password-resets'] : api.registrations;
    const answer = await ask(call.$post({ json: { email } }));
    // Another page keeps no address of this one's, and has a message of its own.
    if (isLeft) return;
    setPending(false);
    if (!answer.ok) {
      wait.start(answer.failure.retryAfterSeconds);
      return showFlash('danger', problemText(answer.failure));
    }
    const asked: Asked = { what, email, times: times + 1, atMs: Date.now() };
    // In the entry, so that a reload waits on.
    navigate(location.pathname + location.search, {
      replace: true,
      scroll: false,
      state: { ...location.state, asked },
    });
    wait.start(waitAfter(asked));
    showFlash('info', what === 'reset' ? say('sign-in.reset-asked') : say('sign-in.registration-asked'));
  };

  return (
    <section class="card waiting-panel" aria-labelledby={id}>
      <h2 id={id}>
        <Icon name="mail" />
        {say('waiting.heading')}
      </h2>
      <ul>
        <li>
          <Sentence of="waiting.where" parts={{ email: () => <strong>{props.asked.email}</strong> }} />
        </li>
        <li>
          <Sentence of="waiting.sender" parts={{ sender: () => <strong>{MAIL_FROM}</strong> }} />
        </li>
        <li>
          {say('waiting.how-long')} {say('waiting.any-works')}
        </li>
        <li>{say('waiting.other-device')}</li>
      </ul>
      <div class="actions">
        <button type="button" class="button" aria-disabled={pending() || wait.seconds() > 0} onClick={sendAgain}>
          <Show when={pending()}>
            <span class="spinner" aria-hidden="true" />
          </Show>
          {say('waiting.send-again')}
        </button>
        <Show when={wait.seconds() > 0}>
          <span class="help" role="timer">
            {say('waiting.again-in', { wait: waitText(wait.seconds()) })}
          </span>
        </Show>
      </div>
    </section>
  );
};
