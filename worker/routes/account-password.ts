/** `/api/account/password`: a new password by the current one. */
import { Hono } from 'hono';
import { changeOwnPassword } from '../account/change-password.ts';
import { changePasswordRequest } from '../contract/requests.ts';
import type { AppEnv } from '../http/app-env.ts';
import { clearSessionCookie, writeSessionCookie } from '../http/cookies.ts';
import { fieldError } from '../http/field-errors.ts';
import { later } from '../http/later.ts';
import { passwordRefused } from '../http/password-refused.ts';
import { problem } from '../http/problem.ts';
import { askingPassword } from '../http/signed-in.ts';
import { visitorOf } from '../http/visitor.ts';
import { log } from '../log.ts';
import { queueNotice } from '../mail/queue-notice.ts';

export const accountPassword = new Hono<AppEnv>().post('/', askingPassword(changePasswordRequest), async c => {
  const { services, signedIn, requestId } = c.var;
  const given = c.req.valid('json');
  const outcome = await changeOwnPassword(services, signedIn, given, visitorOf(c));
  switch (outcome.kind) {
    case 'changed':
      writeSessionCookie(c, outcome.cookie);
      log('info', 'password_changed', { requestId, userId: signedIn.user.id });
      later(c, 'queue_notice', queueNotice(services, outcome.notice));
      return c.body(null, 204);
    case 'refused_password':
      return problem(c, 'invalid_input', { errors: [fieldError(c, 'password', outcome.rule, given.password)] });
    case 'limited':
      return problem(c, 'too_many_requests', {
        reason: 'password_changes_a_day',
        detail: 'The password can be changed three times a day. A reset by mail works at any time.',
        headers: { 'Retry-After': String(outcome.retryAfterSeconds) },
      });
    case 'stale':
      clearSessionCookie(c);
      return problem(c, 'not_signed_in');
    case 'wrong_password':
    case 'lane_full':
      return passwordRefused(c, outcome);
  }
});
