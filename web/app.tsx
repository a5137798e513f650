/** The layout and the routes. Every page is a chunk of its own; who may see it is said here, once for each group. */
import { Route, Router, type RouteSectionProps, useLocation } from '@solidjs/router';
import { createEffect, ErrorBoundary, lazy, on, Show, Suspense } from 'solid-js';
import { CardPage } from './components/card-page.tsx';
import { FlashArea } from './components/flash-area.tsx';
import { SignedInOnly, SignedOutOnly } from './components/guards.tsx';
import { LogOut } from './components/log-out.tsx';
import { TryAgain } from './components/try-again.tsx';
import { Waiting } from './components/waiting.tsx';
import { landFlash } from './flash.ts';
import { signedInUser } from './session.ts';
import { APP_NAME } from './settings.ts';

const Home = lazy(async () => ({ default: (await import('./pages/home.tsx')).Home }));
const Register = lazy(async () => ({ default: (await import('./pages/register.tsx')).Register }));
const CompleteRegistration = lazy(async () => ({
  default: (await import('./pages/complete-registration.tsx')).CompleteRegistration,
}));
const Login = lazy(async () => ({ default: (await import('./pages/login.tsx')).Login }));
const ForgotPassword = lazy(async () => ({ default: (await import('./pages/forgot-password.tsx')).ForgotPassword }));
const ResetPassword = lazy(async () => ({ default: (await import('./pages/reset-password.tsx')).ResetPassword }));
const Account = lazy(async () => ({ default: (await import('./pages/account.tsx')).Account }));
const ChangeEmail = lazy(async () => ({ default: (await import('./pages/change-email.tsx')).ChangeEmail }));
const SecureAccount = lazy(async () => ({ default: (await import('./pages/secure-account.tsx')).SecureAccount }));
const NotFound = lazy(async () => ({ default: (await import('./pages/not-found.tsx')).NotFound }));

/** A chunk that does not come: offline, or a deployment replaced it since this tab was opened. */
const Broken = () => (
  <CardPage heading="Something Went Wrong">
    <TryAgain text="This page could not be loaded." onRetry={() => window.location.reload()} />
  </CardPage>
);

const Layout = (props: RouteSectionProps) => {
  const location = useLocation();
  createEffect(on(() => location.pathname, landFlash, { defer: true }));
  return (
    <>
      <header class="bar">
        <a class="brand" href="/">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          {APP_NAME}
        </a>
        <Show when={signedInUser()}>
          <nav class="bar-links" aria-label="Your account">
            <a href="/account" aria-current={location.pathname === '/account' ? 'page' : undefined}>
              Account
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
        <a class="help-link" href="/forgot-password">
          Trouble logging in?
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
