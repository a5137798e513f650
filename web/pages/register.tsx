/** Asking for an account: only the address. Nothing is kept until its mailbox is proved. */
import { api, ask } from '../api.ts';
import { askedNow } from '../components/asked.ts';
import { CardPage } from '../components/card-page.tsx';
import { EmailField, emailProblem } from '../components/email-field.tsx';
import { Form } from '../components/form.tsx';
import { useRedirect } from '../flash.ts';
import { say } from '../words.ts';

export const Register = () => {
  const redirect = useRedirect();
  return (
    <CardPage
      heading={say('sign-in.register')}
      below={
        <>
          {say('sign-in.have-account')} <a href="/login">{say('every-page.log-in')}</a>
        </>
      }
    >
      <Form
        button={say('sign-in.sign-up')}
        check={(values: { email: string }) => ({ email: emailProblem(values.email) })}
        send={({ email }) => ask(api.registrations.$post({ json: { email } }))}
        done={(_, { email }) =>
          redirect('/login', { kind: 'info', text: say('sign-in.registration-asked') }, askedNow('registration', email))
        }
      >
        <EmailField autocomplete="email" />
      </Form>
      <p class="help">{say('sign-in.mailed-link-note')}</p>
    </CardPage>
  );
};
