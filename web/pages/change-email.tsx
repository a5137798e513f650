/**
 * The end of a change of address. Only in a browser that is signed in to the account: mailbox and person must agree, or
 * a mailed link could walk somebody into an account that is not theirs.
 */
import { createSignal, Match, Show, Switch } from 'solid-js';
import type { User } from '../../worker/contract/responses.ts';
import { UndoNote } from '../account/undo-note.tsx';
import { api, ask, type Failure } from '../api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { CardPage } from '../components/card-page.tsx';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { LinkGate } from '../components/link-gate.tsx';
import { Sentence } from '../components/sentence.tsx';
import { Waiting } from '../components/waiting.tsx';
import { useRedirect } from '../flash.ts';
import { forgetLinkToken } from '../link-token.ts';
import { problemText } from '../problem-text.ts';
import { askSessionAnew, session, setSignedInUser, signedInUser } from '../session.ts';
import { rememberAddress } from '../typed-address.ts';
import { say } from '../words.ts';

export const ChangeEmail = () => {
  const redirect = useRedirect();
  /** Who was told that the link is not theirs. */
  const [refusedId, setRefusedId] = createSignal<string>();

  /** Over the login form and back here. The token goes along in the history entry, never in an address. */
  const logInFirst = (linkToken: string) => {
    rememberAddress('');
    redirect('/login?next=/change-email', undefined, { linkToken });
    setSignedInUser(null);
  };

  const finish = (user: User) => {
    forgetLinkToken();
    setSignedInUser(user);
    redirect('/account', { kind: 'success', text: say('links.email-changed') });
  };

  /** Perhaps another tab has switched accounts: who is it that is signed in? */
  const learnWhoIsRefused = async () => {
    await askSessionAnew();
    setRefusedId(signedInUser()?.id);
  };

  /** The failures that no other try will mend. */
  const isFinal = (failure: Failure) => {
    if (failure.code === 'other_account') void learnWhoIsRefused();
    else if (failure.code === 'email_taken') {
      forgetLinkToken();
      redirect('/account', { kind: 'danger', text: problemText(failure) });
    } else return false;
    return true;
  };

  const LogInFirst = (props: { token: string }) => (
    <div class="stack">
      <p>{say('links.change-log-in-first')}</p>
      <button type="button" class="button button-primary" onClick={() => logInFirst(props.token)}>
        {say('every-page.log-in')}
      </button>
    </div>
  );

  const OtherAccount = (props: { token: string }) => (
    <div class="stack">
      <p role="alert">
        <Sentence
          of="links.change-other-account"
          parts={{ username: () => <strong>{signedInUser()?.username}</strong>, email: () => signedInUser()?.email }}
        />
      </p>
      <div class="actions">
        <ActionButton
          class="button button-primary"
          send={() => ask(api.session.$delete())}
          done={() => logInFirst(props.token)}
        >
          {say('links.switch-account')}
        </ActionButton>
        <a href="/account">{say('links.stay-logged-in')}</a>
      </div>
    </div>
  );

  const instead = ({ code }: Failure, token: string) => {
    if (code === 'not_signed_in') return <LogInFirst token={token} />;
    if (code === 'other_account') return <OtherAccount token={token} />;
    return undefined;
  };

  return (
    <CardPage heading={say('choosing.change-email')}>
      <Show when={session().kind !== 'unknown'} fallback={<Waiting />}>
        {/* Whether the link is good for this browser depends on who is signed in. */}
        <Show when={signedInUser()?.id ?? 'nobody'} keyed>
          {_ => (
            <LinkGate
              check={token => ask(api.account.email.check.$post({ json: { token } }))}
              elsewhere="/account"
              instead={instead}
            >
              {link => (
                <Switch fallback={<LogInFirst token={link.token} />}>
                  <Match when={signedInUser() && signedInUser()?.id === refusedId()}>
                    <OtherAccount token={link.token} />
                  </Match>
                  <Match when={signedInUser()}>
                    {user => (
                      <Form
                        button={say('choosing.change-email')}
                        check={() => ({})}
                        send={() => ask(api.account.email.confirm.$post({ json: { token: link.token } }))}
                        done={answer => finish(answer.user)}
                        failed={failure => link.isDead(failure) || isFinal(failure)}
                      >
                        <Field
                          name="email"
                          label={say('choosing.new-email')}
                          type="email"
                          autocomplete="off"
                          value={link.email}
                          readonly
                        />
                        <UndoNote email={user().email} />
                      </Form>
                    )}
                  </Match>
                </Switch>
              )}
            </LinkGate>
          )}
        </Show>
      </Show>
    </CardPage>
  );
};
