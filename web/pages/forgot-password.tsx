/** Asking for a reset link. The answer is the same for every address. */
import { api, ask } from '../api.ts';
import { askedNow } from '../components/asked.ts';
import { CardPage } from '../components/card-page.tsx';
import { EmailField, emailProblem } from '../components/email-field.tsx';
import { Form } from '../components/form.tsx';
import { useRedirect } from '../flash.ts';
import { say } from '../words.ts';

export const ForgotPassword = () => {
  const redirect = useRedirect();
  return (
    <CardPage
      heading={say('sign-in.reset-password')}
      below={
        <>
          {say('sign-in.remembered')} <a href="/login">{say('every-page.log-in')}</a>
        </>
      }
    >
      <p class="lede">{say('sign-in.reset-about')}</p>
      <Form
        button={say('sign-in.request-reset')}
        check={(values: { email: string }) => ({ email: emailProblem(values.email) })}
        send={({ email }) => ask(api['password-resets'].$post({ json: { email } }))}
        done={(_, { email }) =>
          redirect('/login', { kind: 'info', text: say('sign-in.reset-asked') }, askedNow('reset', email))
        }
      >
        <EmailField autocomplete="username" />
      </Form>
    </CardPage>
  );
};
