/** Choosing a new password through a mailed link. Works signed in as well: it ends every session and signs nobody in. */
import { Show } from 'solid-js';
import { api, ask } from '../api.ts';
import { CardPage } from '../components/card-page.tsx';
import { FixedAddress } from '../components/email-field.tsx';
import { Form } from '../components/form.tsx';
import { LinkGate } from '../components/link-gate.tsx';
import { NewPasswordFields, newPasswordProblems } from '../components/new-password-fields.tsx';
import { useRedirect } from '../flash.ts';
import { forgetLinkToken } from '../link-token.ts';
import { askSessionAnew, signedInUser } from '../session.ts';
import { rememberAddress } from '../typed-address.ts';
import { say } from '../words.ts';

export const ResetPassword = () => {
  const redirect = useRedirect();
  const leave = async (email: string) => {
    forgetLinkToken();
    rememberAddress(email);
    await askSessionAnew();
    redirect('/login', { kind: 'success', text: say('links.password-updated') });
  };
  return (
    <CardPage heading={say('links.reset-password')}>
      <LinkGate
        check={token => ask(api['password-resets'].check.$post({ json: { token } }))}
        elsewhere="/forgot-password"
      >
        {link => (
          <Form
            button={say('links.reset-password')}
            check={newPasswordProblems}
            send={({ password }) =>
              ask(api['password-resets'].complete.$post({ json: { token: link.token, password } }))
            }
            done={() => leave(link.email)}
            failed={link.isDead}
          >
            <Show when={signedInUser()}>
              <p class="note">{say('links.reset-ends-sessions')}</p>
            </Show>
            <FixedAddress email={link.email} />
            <NewPasswordFields />
          </Form>
        )}
      </LinkGate>
    </CardPage>
  );
};
