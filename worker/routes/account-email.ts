/** `/api/account/email`: ask for a change of address, look at its link, make the change. */
import { Hono } from 'hono';
import { askEmailChange, confirmEmailChange, verifyChangeLink } from '../account/change-email.ts';
import { changeEmailRequest, linkRequest } from '../contract/requests.ts';
import { type GoodLink, MESSAGES, type User } from '../contract/responses.ts';
import type { AppEnv } from '../http/app-env.ts';
import { badLink } from '../http/bad-link.ts';
import { writeSessionCookie } from '../http/cookies.ts';
import { asUser } from '../http/current-session.ts';
import { fieldError } from '../http/field-errors.ts';
import { jsonBody } from '../http/json-body.ts';
import { later } from '../http/later.ts';
import { passwordRefused } from '../http/password-refused.ts';
import { problem } from '../http/problem.ts';
import { askingPassword, signedInWith } from '../http/signed-in.ts';
import { visitorOf } from '../http/visitor.ts';
import { log } from '../log.ts';
import { queueNotice } from '../mail/queue-notice.ts';

export const accountEmail = new Hono<AppEnv>()
  .post('/', askingPassword(changeEmailRequest), async c => {
    const { services, signedIn, requestId } = c.var;
    const outcome = await askEmailChange(services, signedIn, c.req.valid('json'), visitorOf(c));
    switch (outcome.kind) {
      case 'asked':
        log('info', 'email_change_asked', { requestId, userId: signedIn.user.id });
        for (const notice of outcome.notices) later(c, 'queue_notice', queueNotice(services, notice));
        return c.json({ message: MESSAGES.emailChangeAsked as string }, 202);
      case 'same_address':
        return problem(c, 'invalid_input', { errors: [fieldError(c, 'email', 'email_yours_already')] });
      case 'change_pending':
        return problem(c, 'change_pending');
      case 'limited':
        return problem(c, 'too_many_requests', {
          reason: 'email_changes_a_day',
          detail:
            'A change of address can be asked for five times a day. The links that were mailed work until they end.',
          headers: { 'Retry-After': String(outcome.retryAfterSeconds) },
        });
      case 'wrong_password':
      case 'lane_full':
        return passwordRefused(c, outcome);
    }
  })

  .post('/check', jsonBody(linkRequest), async c => {
    const link = await verifyChangeLink(c.var.services, c.req.valid('json').token);
    if (link.kind === 'bad_link') return badLink(c, 'change', link.reason);
    const answer: GoodLink = { email: link.email, expiresAt: new Date(link.expiresAtMs).toISOString() };
    return c.json(answer, 200);
  })

  .post('/confirm', signedInWith(linkRequest), async c => {
    const { services, signedIn, requestId } = c.var;
    const outcome = await confirmEmailChange(services, signedIn, c.req.valid('json').token, visitorOf(c));
    switch (outcome.kind) {
      case 'changed': {
        writeSessionCookie(c, outcome.cookie);
        log('info', 'email_changed', { requestId, userId: outcome.user.id });
        later(c, 'queue_notice', queueNotice(services, outcome.notice));
        const answer: { user: User } = { user: asUser(outcome.user) };
        return c.json(answer, 200);
      }
      case 'bad_link':
        return badLink(c, 'change', outcome.reason);
      case 'other_account':
        return problem(c, 'other_account');
      case 'change_pending':
        return problem(c, 'change_pending');
      case 'email_taken':
        return problem(c, 'email_taken');
    }
  });
