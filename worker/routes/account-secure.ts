/** `/api/account/secure`: "this was not me". Signed in or not: the link is the proof. */
import { Hono } from 'hono';
import { secureAccount } from '../account/secure-account.ts';
import { linkRequest } from '../contract/requests.ts';
import type { AppEnv } from '../http/app-env.ts';
import { badLink } from '../http/bad-link.ts';
import { jsonBody } from '../http/json-body.ts';
import { later } from '../http/later.ts';
import { visitorOf } from '../http/visitor.ts';
import { log } from '../log.ts';
import { queueNotice } from '../mail/queue-notice.ts';

export const accountSecure = new Hono<AppEnv>().post('/', jsonBody(linkRequest), async c => {
  const { services, requestId } = c.var;
  const outcome = await secureAccount(services, c.req.valid('json').token, visitorOf(c));
  if (outcome.kind === 'bad_link') return badLink(c, 'secure', outcome.reason);
  log('warn', 'account_secured', { requestId, userId: outcome.userId });
  later(c, 'queue_notice', queueNotice(services, outcome.notice));
  return c.body(null, 204);
});
