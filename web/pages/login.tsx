/** Logging in. Where it leads is the guard's business (components/guards.tsx). */
import { api, ask } from '../api.ts';
import { CardPage } from '../components/card-page.tsx';
import { EmailField, emailProblem } from '../components/email-field.tsx';
import { Form } from '../components/form.tsx';
import { PasswordField } from '../components/password-field.tsx';
import { setSignedInUser } from '../session.ts';
import { say } from '../words.ts';

type Values = { email: string; password: string; remember: string };

export const Login = () => (
  <CardPage
    heading={say('every-page.log-in')}
    below={
      <>
        {say('sign-in.need-account')} <a href="/register">{say('sign-in.sign-up')}</a>
      </>
    }
  >
    <Form
      button={say('every-page.log-in')}
      beside={<a href="/forgot-password">{say('sign-in.forgot-password')}</a>}
      check={(values: Values) => ({
        email: emailProblem(values.email),
        password: values.password ? null : say('every-page.rule-password_missing'),
      })}
      send={({ email, password, remember }) =>
        ask(api.session.$post({ json: { email, password, remember: remember !== '' } }))
      }
      done={({ user }) => setSignedInUser(user)}
    >
      <EmailField autocomplete="username" />
      <PasswordField name="password" label={say('every-page.password')} />
      <label class="check">
        <input type="checkbox" name="remember" /> {say('sign-in.remember-me')}
      </label>
    </Form>
  </CardPage>
);
