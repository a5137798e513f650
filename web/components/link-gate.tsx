/**
 * What stands before a form that a mailed link opens: is the link still good, and whose is it? Looking changes nothing.
 * A link that is dead leads away; a check that got no answer can be tried again, and the link is kept.
 */
import { createEffect, createSignal, type JSX, Match, onCleanup, Switch } from 'solid-js';
import type { GoodLink } from '../../worker/contract/responses.ts';
import type { Failure, Result } from '../api.ts';
import { useRedirect } from '../flash.ts';
import { forgetLinkToken, useLinkToken } from '../link-token.ts';
import { problemText } from '../problem-text.ts';
import { askSessionAnew, signedInUser } from '../session.ts';
import { rememberAddress } from '../typed-address.ts';
import { say } from '../words.ts';
import { TryAgain } from './try-again.tsx';
import { Waiting } from './waiting.tsx';

type CheckedLink = {
  token: string;
  email: string;
  /** For the form's `failed`: the link died while it was open. The next form knows the address. */
  isDead: (failure: Failure) => boolean;
};

type LinkGateProps = {
  check: (token: string) => Promise<Result<GoodLink>>;
  /** The page where a new link is to be had. */
  elsewhere: string;
  /** For failures that the page has an answer to. */
  instead?: (failure: Failure, token: string) => JSX.Element | undefined;
  /** Said there, after the usual sentence about dead links. */
  hint?: string;
  children: (link: CheckedLink) => JSX.Element;
};

export const LinkGate = (props: LinkGateProps) => {
  const token = useLinkToken();
  const redirect = useRedirect();
  const [link, setLink] = createSignal<CheckedLink>();
  const [failure, setFailure] = createSignal<Failure>();
  const [attempt, setAttempt] = createSignal(0);

  const leave = () => {
    forgetLinkToken();
    const hint = signedInUser() ? undefined : props.hint;
    // What ended the link may have ended this tab's session too.
    void askSessionAnew();
    redirect(props.elsewhere, {
      kind: 'warning',
      text: say('every-page.problem-invalid_or_expired_token'),
      ...(hint && { more: hint }),
    });
  };

  const check = async (checked: string, isOutdated: () => boolean) => {
    const result = await props.check(checked);
    if (isOutdated()) return;
    if (result.ok) {
      const { email } = result.value;
      const isDead = ({ code }: Failure) => {
        if (code !== 'invalid_or_expired_token') return false;
        rememberAddress(email);
        leave();
        return true;
      };
      setLink({ token: checked, email, isDead });
    } else if (result.failure.code === 'invalid_or_expired_token') leave();
    else setFailure(result.failure);
  };

  createEffect(() => {
    attempt();
    const found = token();
    let outdated = false;
    onCleanup(() => {
      outdated = true;
    });
    setLink(undefined);
    setFailure(undefined);
    if (found) void check(found, () => outdated);
    else leave();
  });

  return (
    <Switch fallback={<Waiting text={say('links.checking')} />}>
      <Match when={link()} keyed>
        {good => props.children(good)}
      </Match>
      <Match when={failure()}>
        {failed =>
          props.instead?.(failed(), token() ?? '') ?? (
            <TryAgain text={problemText(failed())} onRetry={() => setAttempt(attempt() + 1)} />
          )
        }
      </Match>
    </Switch>
  );
};
