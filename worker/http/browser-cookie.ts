/** The known browser's cookie: read before a sign-in, written after a sign-in, a registration and a reset. */
import { getCookie, setCookie } from 'hono/cookie';
import {
  KNOWN_BROWSER_SECONDS,
  type KnownBrowser,
  readKnownBrowser,
  withAccount,
  writeKnownBrowser,
} from '../credentials/known-browser.ts';
import type { AppContext } from './app-env.ts';
import { cookieAttributes, cookieName } from './cookies.ts';

export const readBrowser = (c: AppContext): Promise<KnownBrowser> => {
  const { config } = c.get('services');
  return readKnownBrowser(config, getCookie(c, cookieName(config, 'browser')));
};

/** From now on this browser is known to the account. */
export const rememberBrowser = async (c: AppContext, account: { id: string; browserStamp: string }): Promise<void> => {
  const { config } = c.get('services');
  const browser = await withAccount(config, await readBrowser(c), account);
  setCookie(c, cookieName(config, 'browser'), await writeKnownBrowser(config, browser), {
    ...cookieAttributes(config),
    maxAge: KNOWN_BROWSER_SECONDS,
  });
};
