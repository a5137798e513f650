/** The other end of a registration's link: a username and a password, and the account is there, signed in. */
import type { User } from '../../worker/contract/responses.ts';
import { api, ask } from '../api.ts';
import { CardPage } from '../components/card-page.tsx';
import { FixedAddress } from '../components/email-field.tsx';
import { Form } from '../components/form.tsx';
import { LinkGate } from '../components/link-gate.tsx';
import { NewPasswordFields, newPasswordProblems } from '../components/new-password-fields.tsx';
import { UsernameField, usernameProblem } from '../components/username-field.tsx';
import { useRedirect } from '../flash.ts';
import { forgetLinkToken } from '../link-token.ts';
import { setSignedInUser } from '../session.ts';
import { language, say } from '../words.ts';

type Values = { username: string; password: string; confirmation: string };

export const CompleteRegistration = () => {
  const redirect = useRedirect();
  const welcome = (user: User) => {
    forgetLinkToken();
    setSignedInUser(user);
    redirect('/account', { kind: 'success', text: say('links.account-created') });
  };
  return (
    <CardPage heading={say('links.register')}>
      <LinkGate
        check={token => ask(api.registrations.check.$post({ json: { token } }))}
        elsewhere="/register"
        hint={say('links.finished-already')}
      >
        {link => (
          <Form
            button={say('links.create-account')}
            check={(values: Values) => ({
              username: usernameProblem(values.username),
              ...newPasswordProblems(values),
            })}
            send={({ username, password }) =>
              ask(
                api.registrations.complete.$post({
                  json: { token: link.token, username, password, language: language() },
                }),
              )
            }
            done={({ user }) => welcome(user)}
            failed={link.isDead}
          >
            <FixedAddress email={link.email} />
            <UsernameField />
            <NewPasswordFields />
          </Form>
        )}
      </LinkGate>
    </CardPage>
  );
};
