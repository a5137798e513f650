/** The layout and the routes. Every page is a chunk of its own; who may see it is said here, once for each group. */
import { Route, Router, type RouteSectionProps, useLocation } from '@solidjs/router';
import { type Component, createEffect, ErrorBoundary, lazy, on, Show, Suspense } from 'solid-js';
import { groupsOf } from './catalogue.ts';
import { Broken } from './components/broken.tsx';
import { FlashArea } from './components/flash-area.tsx';
import { SignedInOnly, SignedOutOnly } from './components/guards.tsx';
import { LanguageSwitch } from './components/language-switch.tsx';
import { LogOut } from './components/log-out.tsx';
import { Waiting } from './components/waiting.tsx';
import { landFlash } from './flash.ts';
import { signedInUser } from './session.ts';
import { APP_NAME, LOGO_IS_NAME, LOGO_SRC, LOGO_WIDTH } from './settings.ts';
import { needWords, say } from './words.ts';

/** The page appears when its words are there, too. */
const page = (path: string, load: () => Promise<Component>) =>
  lazy(async () => {
    const [component] = await Promise.all([load(), needWords(groupsOf(path))]);
    return { default: component };
  });

const Home = page('/', async () => (await import('./pages/home.tsx')).Home);
const Register = page('/register', async () => (await import('./pages/register.tsx')).Register);
const CompleteRegistration = page(
  '/complete-registration',
  async () => (await import('./pages/complete-registration.tsx')).CompleteRegistration,
);
const Login = page('/login', async () => (await import('./pages/login.tsx')).Login);
const ForgotPassword = page(
  '/forgot-password',
  async () => (await import('./pages/forgot-password.tsx')).ForgotPassword,
);
const ResetPassword = page('/reset-password', async () => (await import('./pages/reset-password.tsx')).ResetPassword);
const Account = page('/account', async () => (await import('./pages/account.tsx')).Account);
const ChangeEmail = page('/change-email', async () => (await import('./pages/change-email.tsx')).ChangeEmail);
const SecureAccount = page('/secure-account', async () => (await import('./pages/secure-account.tsx')).SecureAccount);
const NotFound = page('*', async () => (await import('./pages/not-found.tsx')).NotFound);

const Layout = (props: RouteSectionProps) => {
  const location = useLocation();
  createEffect(on(() => location.pathname, landFlash, { defer: true }));
  return (
    <>
      <header class="bar">
        <a class="brand" href="/">
          <img src={LOGO_SRC} alt={LOGO_IS_NAME ? APP_NAME : ''} width={LOGO_WIDTH} height="28" />
          {LOGO_IS_NAME ? '' : APP_NAME}
        </a>
        <Show when={signedInUser()}>
          <nav class="bar-links" aria-label={say('every-page.your-account')}>
            <a href="/account" aria-current={location.pathname === '/account' ? 'page' : undefined}>
              {say('every-page.account')}
            </a>
            <LogOut />
          </nav>
        </Show>
      </header>
      <main>
        <FlashArea />
        <ErrorBoundary fallback={<Broken />}>
          <Suspense fallback={<Waiting />}>{props.children}</Suspense>
        </ErrorBoundary>
      </main>
      <footer class="bar">
        <span>{APP_NAME}</span>
        <LanguageSwitch />
        <a class="help-link" href="/forgot-password">
          {say('every-page.trouble')}
        </a>
      </footer>
    </>
  );
};

export const App = () => (
  <Router root={Layout}>
    <Route path="/" component={Home} />
    <Route component={SignedOutOnly}>
      <Route path="/login" component={Login} />
      <Route path="/register" component={Register} />
      <Route path="/forgot-password" component={ForgotPassword} />
    </Route>
    <Route path="/complete-registration" component={CompleteRegistration} />
    <Route path="/reset-password" component={ResetPassword} />
    <Route path="/change-email" component={ChangeEmail} />
    <Route path="/secure-account" component={SecureAccount} />
    <Route component={SignedInOnly}>
      <Route path="/account" component={Account} />
    </Route>
    <Route path="*" component={NotFound} />
  </Router>
);
