/** Our cookies, and the session's. `__Host-` on https: no other host, subdomain or path can set or read them. */
import { deleteCookie, setCookie } from 'hono/cookie';
import { parse } from 'hono/utils/cookie';
import type { Config } from '../config.ts';
import { hashSessionSecret, type SessionCookie } from '../credentials/session-secret.ts';
import type { AppContext } from './app-env.ts';

export const cookieName = (config: Config, what: 'session' | 'browser'): string =>
  `${config.isHttps ? '__Host-' : 'rekey-'}${what}`;
export const cookieAttributes = (config: Config) =>
  ({ httpOnly: true, secure: config.isHttps, sameSite: 'Lax', path: '/' }) as const;

/** The hash that the session of a `Cookie` header is stored under; null where no well-formed cookie came along. */
export const sessionHashIn = async (config: Config, header: string | undefined): Promise<string | null> => {
  const name = cookieName(config, 'session');
  const secret = (header && parse(header, name)[name]) || '';
  return /^[A-Za-z0-9_-]{43}$/.test(secret) ? hashSessionSecret(secret) : null;
};

/** The same of the request at hand. */
export const readSessionHash = (c: AppContext): Promise<string | null> =>
  sessionHashIn(c.get('services').config, c.req.header('Cookie'));

export const writeSessionCookie = (c: AppContext, { secret, maxAgeSeconds }: SessionCookie): void => {
  const { config } = c.get('services');
  const life = maxAgeSeconds === null ? {} : { maxAge: maxAgeSeconds };
  setCookie(c, cookieName(config, 'session'), secret, { ...cookieAttributes(config), ...life });
};

export const clearSessionCookie = (c: AppContext): void => {
  const { config } = c.get('services');
  deleteCookie(c, cookieName(config, 'session'), cookieAttributes(config));
};
