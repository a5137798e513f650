/** `/api/password-resets`: ask for a link, look at it, set a new password with it. */
import { Hono } from 'hono';
import { addressRequest, completeResetRequest, linkRequest } from '../contract/requests.ts';
import { type GoodLink, MESSAGES } from '../contract/responses.ts';
import type { AppEnv } from '../http/app-env.ts';
import { badLink } from '../http/bad-link.ts';
import { rememberBrowser } from '../http/browser-cookie.ts';
import { clearSessionCookie, readSessionHash } from '../http/cookies.ts';
import { fieldError } from '../http/field-errors.ts';
import { jsonBody } from '../http/json-body.ts';
import { askedBy } from '../http/language.ts';
import { later } from '../http/later.ts';
import { problem, unavailable } from '../http/problem.ts';
import { visitorOf } from '../http/visitor.ts';
import { log } from '../log.ts';
import { queueNotice } from '../mail/queue-notice.ts';
import { completeReset } from '../reset/complete-reset.ts';
import { requestReset } from '../reset/request-reset.ts';
import { verifyResetLink } from '../reset/verify-reset-link.ts';

export const passwordResets = new Hono<AppEnv>()
  .post('/', jsonBody(addressRequest), async c => {
    const { mailQueue, clock, hasAccount } = c.get('services');
    const { email } = c.req.valid('json');
    if (hasAccount && !(await hasAccount(email))) {
      return problem(c, 'invalid_input', { errors: [fieldError(c, 'email', 'email_unknown')] });
    }
    await requestReset(mailQueue, clock, email, askedBy(c));
    return c.json({ message: MESSAGES.resetAsked as string }, 202);
  })

  .post('/check', jsonBody(linkRequest), async c => {
    const link = await verifyResetLink(c.get('services'), c.req.valid('json').token);
    if (link.kind === 'bad_link') return badLink(c, 'reset', link.reason);
    const answer: GoodLink = { email: link.user.email, expiresAt: new Date(link.expiresAtMs).toISOString() };
    return c.json(answer, 200);
  })

  .post('/complete', jsonBody(completeResetRequest), async c => {
    const { services } = c.var;
    const given = c.req.valid('json');
    const outcome = await completeReset(services, given, visitorOf(c));
    switch (outcome.kind) {
      case 'reset': {
        const ownHash = await readSessionHash(c);
        if (ownHash !== null && outcome.endedSecretHashes.includes(ownHash)) clearSessionCookie(c);
        await rememberBrowser(c, outcome.user);
        log('info', 'password_reset', { requestId: c.get('requestId'), userId: outcome.user.id });
        later(c, 'queue_notice', queueNotice(services, outcome.notice));
        return c.body(null, 204);
      }
      case 'bad_link':
        return badLink(c, 'reset', outcome.reason);
      case 'refused_password':
        return problem(c, 'invalid_input', { errors: [fieldError(c, 'password', outcome.rule, given.password)] });
      case 'lane_full':
        return unavailable(c, outcome.retryAfterSeconds);
    }
  });
