/** The answers to a current password that was not right, the same for every call that asks for one. */
import type { PasswordCheck } from '../account/current-password.ts';
import type { AppContext } from './app-env.ts';
import { clearSessionCookie } from './cookies.ts';
import { problem, unavailable } from './problem.ts';

export const passwordRefused = (c: AppContext, check: Exclude<PasswordCheck, { kind: 'right' }>) => {
  if (check.kind === 'lane_full') return unavailable(c, check.retryAfterSeconds);
  if (!check.sessionEnded) return problem(c, 'wrong_password');
  clearSessionCookie(c);
  return problem(c, 'wrong_password', {
    reason: 'logged_out_here',
    detail: 'That is not your current password. After five wrong ones you were logged out here: log in again.',
  });
};
