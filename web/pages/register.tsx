/** Asking for an account: only the address. Nothing is kept until its mailbox is proved. */
import { MESSAGES } from '../../worker/contract/responses.ts';
import { api, ask } from '../api.ts';
import { CardPage } from '../components/card-page.tsx';
import { EmailField, emailProblem } from '../components/email-field.tsx';
import { Form } from '../components/form.tsx';
import { useRedirect } from '../flash.ts';

export const Register = () => {
  const redirect = useRedirect();
  return (
    <CardPage
      heading="Register"
      below={
        <>
          Already have an account? <a href="/login">Log In</a>
        </>
      }
    >
      <Form
        button="Sign Up"
        check={(values: { email: string }) => ({ email: emailProblem(values.email) })}
        send={({ email }) => ask(api.registrations.$post({ json: { email } }))}
        done={() => redirect('/login', { kind: 'info', text: MESSAGES.registrationAsked })}
      >
        <EmailField autocomplete="email" />
      </Form>
      <p class="help">We mail you a link. You choose your username and password there.</p>
    </CardPage>
  );
};
