/**
 * The token of a mailed link. It arrives in the fragment, which no server sees, and moves at once into this history
 * entry's state, beside what the router keeps there: it survives a reload and leaves with the entry.
 */
import { useLocation } from '@solidjs/router';

/** What a history entry keeps of a link. */
export type WithLinkToken = { linkToken?: string };

const LINK_PAGES = ['/complete-registration', '/reset-password', '/change-email', '/secure-account'];

const takeFromFragment = () => {
  const { hash, pathname, search } = window.location;
  if (hash.length < 2 || !LINK_PAGES.includes(pathname)) return;
  history.replaceState({ ...history.state, linkToken: hash.slice(1) }, '', pathname + search);
};

/** Also for a second link pasted into the same tab. Called before the router listens, so it never sees the fragment. */
export const keepLinkTokenOutOfSight = () => {
  takeFromFragment();
  window.addEventListener('popstate', takeFromFragment);
};

/** This entry's token, if it has one. Reactive. */
export const useLinkToken = () => {
  const location = useLocation<WithLinkToken>();
  return () => location.state?.linkToken;
};

/** The token was used or is dead: not even "back" or a reload finds it again. */
export const forgetLinkToken = () => {
  const { linkToken: _, ...rest } = (history.state ?? {}) as WithLinkToken;
  history.replaceState(rest, '');
};
