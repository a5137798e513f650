/** "This was not me." Opening it changes nothing and asks nothing: mail scanners open links, and the button decides. */
import { createSignal, type JSX, Match, onMount, Show, Switch } from 'solid-js';
import { api, ask, type Failure } from '../api.ts';
import { CardPage } from '../components/card-page.tsx';
import { Form } from '../components/form.tsx';
import { dismissFlash } from '../flash.ts';
import { forgetLinkToken, useLinkToken } from '../link-token.ts';
import { askSessionAnew, signedInUser } from '../session.ts';
import { say } from '../words.ts';

/** What takes the form's place takes its focus too. */
const Outcome = (props: { children: JSX.Element }) => {
  let text!: HTMLDivElement;
  onMount(() => text.focus());
  return (
    <div ref={text} class="stack" tabindex="-1">
      {props.children}
    </div>
  );
};

const Secured = () => (
  <Outcome>
    <p>
      <strong>{say('links.secure-done')}</strong> {say('links.secure-done-more')}
    </p>
  </Outcome>
);

const DeadLink = () => (
  <Outcome>
    <p class="note note-warning" role="alert">
      {say('every-page.problem-invalid_or_expired_token')}
    </p>
    <p>{say('links.secure-dead')}</p>
    <Show
      when={signedInUser()}
      fallback={
        <a class="button button-primary" href="/forgot-password">
          {say('links.reset-password')}
        </a>
      }
    >
      <a class="button button-primary" href="/account#password">
        {say('choosing.change-password')}
      </a>
    </Show>
  </Outcome>
);

const SecureForm = (props: { token: string; onDone: () => void; onDead: () => void }) => {
  const isDead = ({ code }: Failure) => {
    if (code === 'invalid_or_expired_token') props.onDead();
    return code === 'invalid_or_expired_token';
  };
  return (
    <Form
      button={say('links.secure-my-account')}
      check={() => ({})}
      send={() => ask(api.account.secure.$post({ json: { token: props.token } }))}
      done={() => props.onDone()}
      failed={isDead}
    >
      <div>
        <p>{say('links.secure-intro')}</p>
        <ul class="plain-list">
          <li>{say('links.secure-put-back')}</li>
          <li>{say('links.secure-sessions')}</li>
          <li>{say('links.secure-password')}</li>
          <li>{say('links.secure-browsers')}</li>
          <li>{say('links.secure-mail')}</li>
        </ul>
      </div>
    </Form>
  );
};

export const SecureAccount = () => {
  const token = useLinkToken();
  const [ended, setEnded] = createSignal<{ token: string; how: 'done' | 'dead' }>();
  const how = () => (token() ? ended()?.token === token() && ended()?.how : 'dead');
  const end = (used: string, outcome: 'done' | 'dead') => {
    forgetLinkToken();
    dismissFlash();
    setEnded({ token: used, how: outcome });
    if (outcome === 'done') void askSessionAnew();
  };
  return (
    <CardPage heading={say('links.secure-account')}>
      <Switch>
        <Match when={how() === 'done'}>
          <Secured />
        </Match>
        <Match when={how() === 'dead'}>
          <DeadLink />
        </Match>
        <Match when={token()} keyed>
          {used => <SecureForm token={used} onDone={() => end(used, 'done')} onDead={() => end(used, 'dead')} />}
        </Match>
      </Switch>
    </CardPage>
  );
};
