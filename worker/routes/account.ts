/** `/api/account`: the signed-in account. */
import { Hono } from 'hono';
import type { User } from '../contract/responses.ts';
import type { AppEnv } from '../http/app-env.ts';
import { asUser, currentUser } from '../http/current-session.ts';
import { problem } from '../http/problem.ts';

export const account = new Hono<AppEnv>().get('/', async c => {
  const user = await currentUser(c);
  if (!user) return problem(c, 'not_signed_in');
  const answer: { user: User } = { user: asUser(user) };
  return c.json(answer, 200);
});
