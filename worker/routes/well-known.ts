/**
 * What the Worker answers outside of `/api`: W3C's "A Well-Known URL for Changing Passwords", and the not-found page for
 * every other well-known address, so that no fallback ever makes one of them a 200.
 */
import { Hono } from 'hono';
import type { AppEnv } from '../http/app-env.ts';

export const wellKnown = new Hono<AppEnv>()
  .get('/.well-known/change-password', c => c.redirect('/account#password', 302))

  .all('*', async c => {
    // Any address that is no file makes ASSETS answer its 404 page, with 404.
    const page = await c.env.ASSETS.fetch(new URL('/there-is-no-such-page', c.req.url));
    return new Response(c.req.method === 'HEAD' ? null : page.body, page);
  });
