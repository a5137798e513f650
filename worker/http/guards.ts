/**
 * What every API request passes before its handler, one guard for each row of the contract's error table and in its
 * order: host, path and method, origin, size, media type, client limit.
 */
import type { Hono } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { AppContext, AppEnv } from './app-env.ts';
import { problem } from './problem.ts';
import { readTextWithin } from './read-text.ts';

/** Answers what refuses the request, or null: it may go on. */
export type Guard = (c: AppContext) => Response | null | Promise<Response | null>;

const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'];
const MAX_BODY_BYTES = 16 * 1024;

/** Whether a request can change something (RFC 9110 9.2.1). */
export const isChanging = (method: string): boolean => method !== 'GET' && method !== 'HEAD';

/** 421: links, cookies and origin checks hold for one host only. */
export const rightHost: Guard = c => {
  const { appUrl } = c.get('services').config;
  if (hostOf(c.req.url) === hostOf(appUrl)) return null;
  return problem(c, 'wrong_host', { detail: `This is not the address of this application. Open ${appUrl}` });
};

/** Host and port of a URL that was normalized: the platform's, or our own. `new URL` would take longer than the rest. */
const hostOf = (url: string): string => {
  const start = url.indexOf('//') + 2;
  const end = url.indexOf('/', start);
  return end < 0 ? url.slice(start) : url.slice(start, end);
};

/** 404 where the path is no route's, 405 with `Allow` where another method's. HEAD is answered as GET. */
export const knownRoute = (app: Hono<AppEnv>): Guard => {
  // `app.use` registers under ALL: only a handler's own method counts.
  const isRoute = (method: string, path: string) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method);
  return c => {
    const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
    if (matchedRoutes(c).some(route => route.method === method)) return null;
    const allowed = METHODS.filter(other => isRoute(other, c.req.path));
    if (allowed.length === 0) return problem(c, 'not_found');
    const allow = allowed.flatMap(other => (other === 'GET' ? ['GET', 'HEAD'] : [other])).join(', ');
    return problem(c, 'method_not_allowed', { headers: { Allow: allow } });
  };
};

/** 403 for a changing request that another origin sent: cross-site forms and scripts cannot act for the person. */
export const ownOrigin: Guard = c => {
  if (!isChanging(c.req.method)) return null;
  const origin = c.req.header('Origin');
  const site = c.req.header('Sec-Fetch-Site');
  const isOwn =
    origin === undefined ? site === undefined || site === 'same-origin' : origin === c.get('services').config.appUrl;
  return isOwn ? null : problem(c, 'forbidden_origin');
};

/** 413 and 415: reads the body of a changing request, at most 16 KiB of it, and only as JSON. */
export const smallJsonBody: Guard = async c => {
  c.set('bodyText', '');
  if (!isChanging(c.req.method)) return null;
  const body = await readTextWithin(c.req.raw, MAX_BODY_BYTES);
  if (body.kind === 'too_large') return problem(c, 'payload_too_large', { detail: 'Send at most 16 KiB.' });
  const mediaType = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  if (!body.isEmpty && mediaType !== 'application/json') return problem(c, 'unsupported_media_type');
  // What is no UTF-8 is no JSON either: the route says so, after the limit.
  c.set('bodyText', body.kind === 'text' ? body.text : '');
  return null;
};
