/** Logging in. Where it leads is the guard's business (components/guards.tsx). */
import { api, ask } from '../api.ts';
import { CardPage } from '../components/card-page.tsx';
import { EmailField, emailProblem } from '../components/email-field.tsx';
import { Form } from '../components/form.tsx';
import { PasswordField } from '../components/password-field.tsx';
import { setSignedInUser } from '../session.ts';

type Values = { email: string; password: string; remember: string };

export const Login = () => (
  <CardPage
    heading="Log In"
    below={
      <>
        Need an account? <a href="/register">Sign Up</a>
      </>
    }
  >
    <Form
      button="Log In"
      beside={<a href="/forgot-password">Forgot Password?</a>}
      check={(values: Values) => ({
        email: emailProblem(values.email),
        password: values.password ? null : 'Enter your password.',
      })}
      send={({ email, password, remember }) =>
        ask(api.session.$post({ json: { email, password, remember: remember !== '' } }))
      }
      done={({ user }) => setSignedInUser(user)}
    >
      <EmailField autocomplete="username" />
      <PasswordField name="password" label="Password" />
      <label class="check">
        <input type="checkbox" name="remember" /> Remember Me
      </label>
    </Form>
  </CardPage>
);
