/** Logging in. Where it leads is the guard's business (components/guards.tsx). */
import { useLocation, useNavigate } from '@solidjs/router';
import { lazy, Show, Suspense } from 'solid-js';
import { api, ask, type Failure } from '../api.ts';
import { askedNow, stillAsked, type WithAsked } from '../components/asked.ts';
import { CardPage } from '../components/card-page.tsx';
import { EmailField, emailProblem } from '../components/email-field.tsx';
import { Form } from '../components/form.tsx';
import { PasswordField } from '../components/password-field.tsx';
import { setSignedInUser } from '../session.ts';
import { needWords, say } from '../words.ts';

type Values = { email: string; password: string; remember: string };

/** Loaded where a mail is awaited, and not for everybody who logs in. */
const WaitingPanel = lazy(async () => {
  const [panel] = await Promise.all([import('../components/waiting-panel.tsx'), needWords(['waiting'])]);
  return { default: panel.WaitingPanel };
});

export const Login = () => {
  const location = useLocation<WithAsked>();
  return (
    <>
      <Show when={stillAsked(location.state ?? {})}>
        {asked => (
          <Suspense>
            <WaitingPanel asked={asked()} />
          </Suspense>
        )}
      </Show>
      <LoginForm />
    </>
  );
};

const LoginForm = () => {
  const location = useLocation<WithAsked>();
  const navigate = useNavigate();
  /** A link is on its way unasked: where to look for it is said as if it had been asked for. */
  const awaitMail = ({ code }: Failure, { email }: Values) => {
    if (code === 'reset_required') {
      const state = { ...location.state, ...askedNow('reset', email) };
      navigate(location.pathname + location.search, { replace: true, scroll: false, state });
    }
    return false;
  };
  return (
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
        failed={awaitMail}
      >
        <EmailField autocomplete="username" />
        <PasswordField name="password" label={say('every-page.password')} />
        <label class="check">
          <input type="checkbox" name="remember" /> {say('sign-in.remember-me')}
        </label>
      </Form>
    </CardPage>
  );
};
