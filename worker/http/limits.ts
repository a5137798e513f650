/**
 * 429: about 60 changing requests a minute from one client address, and apart from them 60 for recovery, so that a flood
 * of anything else never spends a person's way back. No promise rests on this limit alone.
 */
import { errorClasses, log } from '../log.ts';
import { clientKey } from './client-address.ts';
import { type Guard, isChanging } from './guards.ts';
import { problem } from './problem.ts';

const WINDOW_SECONDS = 60;

export const clientLimit: Guard = async c => {
  if (!isChanging(c.req.method)) return null;
  const isRecovery = c.req.path.startsWith('/api/password-resets') || c.req.path === '/api/account/secure';
  const use = isRecovery ? 'recovery' : 'changing';
  const key = `${use} ${clientKey(c.req.header('CF-Connecting-IP'))}`;
  // A limiter that does not answer stops nobody.
  const { success } = await c.env.RATE_LIMITER.limit({ key }).catch((error: unknown) => {
    log('warn', 'rate_limiter_failed', { requestId: c.get('requestId'), error: errorClasses(error) });
    return { success: true };
  });
  if (success) return null;
  return problem(c, 'too_many_requests', {
    reason: 'network_limit',
    detail: 'Too many requests from your network. Please wait a minute and try again.',
    headers: { 'Retry-After': String(WINDOW_SECONDS) },
  });
};
