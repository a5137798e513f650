/** `/api/health`: does it stand, in which version, and does the database answer? 503 by onError where it does not. */
import { Hono } from 'hono';
import { version } from '../../package.json';
import type { Health } from '../contract/responses.ts';
import type { AppEnv } from '../http/app-env.ts';
import { pingDatabase } from '../store/database.ts';

export const health = new Hono<AppEnv>().get('/', async c => {
  await pingDatabase(c.var.services.db);
  const answer: Health = { status: 'ok', version, database: 'ok' };
  return c.json(answer, 200);
});
