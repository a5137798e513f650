/** Where a person wanted to go before logging in. Whoever writes a link to /login may write `next`, so it is judged. */

const HOME_OF_THE_SIGNED_IN = '/account';

/** A path of our own origin: `next` if it is one, else the account page. No open redirect (ASVS 3.7.2). */
export const nextPath = (next: unknown): string => {
  if (typeof next !== 'string' || !/^\/(?!\/)[^\\\p{Cc}]*$/u.test(next)) return HOME_OF_THE_SIGNED_IN;
  const { origin } = window.location;
  const url = new URL(next, origin);
  // `/.//host` resolves to our origin with the path `//host`, which the next reader takes for a host.
  if (url.origin !== origin || url.pathname.startsWith('//')) return HOME_OF_THE_SIGNED_IN;
  return url.pathname + url.search + url.hash;
};
