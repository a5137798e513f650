/** "This was not me." Opening it changes nothing and asks nothing: mail scanners open links, and the button decides. */
import { createSignal, type JSX, Match, onMount, Show, Switch } from 'solid-js';
import { PROBLEMS } from '../../worker/contract/problems.ts';
import { api, ask, type Failure } from '../api.ts';
import { CardPage } from '../components/card-page.tsx';
import { Form } from '../components/form.tsx';
import { dismissFlash } from '../flash.ts';
import { forgetLinkToken, useLinkToken } from '../link-token.ts';
import { askSessionAnew, signedInUser } from '../session.ts';

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
      <strong>Your account is secured.</strong> We have mailed a reset link to the address of the account. Choose a new
      password with it, then log in.
    </p>
  </Outcome>
);

const DeadLink = () => (
  <Outcome>
    <p class="note note-warning" role="alert">
      {PROBLEMS.invalid_or_expired_token[1]}
    </p>
    <p>
      A link like this works once, for 7 days. If somebody else may be in your account, choose a new password: that ends
      every session.
    </p>
    <Show
      when={signedInUser()}
      fallback={
        <a class="button button-primary" href="/forgot-password">
          Reset Password
        </a>
      }
    >
      <a class="button button-primary" href="/account#password">
        Change Password
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
      button="Secure My Account"
      check={() => ({})}
      send={() => ask(api.account.secure.$post({ json: { token: props.token } }))}
      done={() => props.onDone()}
      failed={isDead}
    >
      <div>
        <p>If what our mail told you of was not you, take your account back. This will:</p>
        <ul class="plain-list">
          <li>put your address back, if it was changed in the last 7 days</li>
          <li>end every session, on every device</li>
          <li>make the present password unusable</li>
          <li>forget the browsers that it was used from</li>
          <li>mail you a link to choose a new password</li>
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
    <CardPage heading="Secure Account">
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
