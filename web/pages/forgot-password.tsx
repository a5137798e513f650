/** Asking for a reset link. The answer is the same for every address. */
import { MESSAGES } from '../../worker/contract/responses.ts';
import { api, ask } from '../api.ts';
import { CardPage } from '../components/card-page.tsx';
import { EmailField, emailProblem } from '../components/email-field.tsx';
import { Form } from '../components/form.tsx';
import { useRedirect } from '../flash.ts';

export const ForgotPassword = () => {
  const redirect = useRedirect();
  return (
    <CardPage
      heading="Reset Password"
      below={
        <>
          Remembered it? <a href="/login">Log In</a>
        </>
      }
    >
      <p class="lede">Enter the address of your account. We mail you a link to choose a new password.</p>
      <Form
        button="Request Password Reset"
        check={(values: { email: string }) => ({ email: emailProblem(values.email) })}
        send={({ email }) => ask(api['password-resets'].$post({ json: { email } }))}
        done={() => redirect('/login', { kind: 'info', text: MESSAGES.resetAsked })}
      >
        <EmailField autocomplete="username" />
      </Form>
    </CardPage>
  );
};
