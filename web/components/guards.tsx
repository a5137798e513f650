/** Who may see a page. Until the session is known neither group shows anything: no page appears only to vanish. */
import { type RouteSectionProps, useIsRouting, useLocation } from '@solidjs/router';
import { createEffect, Match, Show, Switch } from 'solid-js';
import { isOwnPage } from '../catalogue.ts';
import { useRedirect } from '../flash.ts';
import { useLinkToken } from '../link-token.ts';
import { nextPath } from '../next-path.ts';
import { problemText } from '../problem-text.ts';
import { askSessionAnew, session, sessionFailure, signedInUser } from '../session.ts';
import { say } from '../words.ts';
import { CardPage } from './card-page.tsx';
import { TryAgain } from './try-again.tsx';
import { Waiting } from './waiting.tsx';

/** For the signed out. Signing in here leads on: to `next`, or to the account. A link's token goes along. */
export const SignedOutOnly = (props: RouteSectionProps) => {
  const redirect = useRedirect();
  const isRouting = useIsRouting();
  const token = useLinkToken();
  createEffect(() => {
    if (!signedInUser() || isRouting()) return;
    const next = nextPath(props.location.query.next);
    // Behind a path that is no page of ours may be another Worker, which a navigation within the page does not reach.
    if (!isOwnPage(new URL(next, window.location.origin).pathname)) return window.location.replace(next);
    const linkToken = token();
    redirect(next, undefined, linkToken ? { linkToken } : undefined);
  });
  return (
    <Show when={session().kind !== 'unknown' && !signedInUser()} fallback={<Waiting />}>
      {props.children}
    </Show>
  );
};

/** For the signed in. Who is not logs in first and comes back. */
export const SignedInOnly = (props: RouteSectionProps) => {
  const redirect = useRedirect();
  const isRouting = useIsRouting();
  const location = useLocation();
  createEffect(() => {
    // A navigation under way wins: logging out leads home, not to the login form.
    if (session().kind !== 'known' || signedInUser() || isRouting()) return;
    redirect(`/login?next=${encodeURIComponent(location.pathname + location.search + location.hash)}`);
  });
  return (
    <Switch fallback={<Waiting />}>
      <Match when={signedInUser()}>{props.children}</Match>
      <Match when={sessionFailure()}>
        {failure => (
          <CardPage heading={say('every-page.account')}>
            <TryAgain text={problemText(failure())} onRetry={askSessionAnew} />
          </CardPage>
        )}
      </Match>
    </Switch>
  );
};
