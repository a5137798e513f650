/** The one message above a page. It travels with a redirect, shows where that lands, and goes with the next page. */
import { useNavigate } from '@solidjs/router';
import { createSignal, untrack } from 'solid-js';
import type { WithAsked } from './components/asked.ts';
import type { WithLinkToken } from './link-token.ts';

export type Flash = { kind: 'info' | 'success' | 'warning' | 'danger'; text: string; more?: string };

const [flash, setFlash] = createSignal<Flash>();
let travelling: Flash | undefined;

export { flash };

export const showFlash = (kind: Flash['kind'], text: string) => {
  setFlash({ kind, text });
};

export const dismissFlash = () => {
  setFlash(undefined);
};

/** The layout calls this on every new page. */
export const landFlash = () => {
  setFlash(travelling);
  travelling = undefined;
};

/**
 * Leads to another page in place of this one. A message, the new one or what is shown here, goes along; `state` is what
 * the history entry keeps.
 */
export const useRedirect = () => {
  const navigate = useNavigate();
  return (to: string, message?: Flash, state?: WithLinkToken & WithAsked) => {
    travelling = message ?? travelling ?? untrack(flash);
    navigate(to, { replace: true, ...(state && { state }) });
  };
};
