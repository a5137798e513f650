/**
 * `/api/openapi.json`: the description of this API. It is made of contract/api.ts when the page is built
 * (scripts/api-description.ts), so the Worker carries neither it nor what writes it.
 */
import { Hono } from 'hono';
import type { AppEnv } from '../http/app-env.ts';

export const openapi = new Hono<AppEnv>().get('/', async c => {
  const file = await c.env.ASSETS.fetch(new URL('/api/openapi.json', c.req.url));
  // Without the file the assets answer their not-found page, which is no description.
  if (!file.ok) throw new Error('The API description is not among the assets');
  // Only the text: the file's own headers would let browsers keep it and ask by ETag, which the API never does.
  return new Response(file.body, { headers: { 'Content-Type': 'application/json' } });
});
