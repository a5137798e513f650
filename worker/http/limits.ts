/**
 * 429: about 60 changing requests a minute from one client address, and apart from them 60 for recovery, so that a flood
 * of anything else never spends a person's way back. No promise rests on this limit alone.
 */
import type { MiddlewareHandler } from 'hono';
import { errorClasses, log } from '../log.ts';
import type { AppEnv } from './app-env.ts';
import { clientKey } from './client-address.ts';
import { isChanging } from './guards.ts';
import { problem } from './problem.ts';

const WINDOW_SECONDS = 60;

export const clientLimit: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (!isChanging(c.req.method)) return next();
  const isRecovery = c.req.path.startsWith('/api/password-resets') || c.req.path === '/api/account/secure';
  const use = isRecovery ? 'recovery' : 'changing';
  const key = `${use} ${clientKey(c.req.header('CF-Connecting-IP'))}`;
  // A limiter that does not answer stops nobody.
  const { success } = await c.env.RATE_LIMITER.limit({ key }).catch((error: unknown) => {
    log('warn', 'rate_limiter_failed', { requestId: c.var.requestId, error: errorClasses(error) });
    return { success: true };
  });
  if (success) return next();
  return problem(c, 'too_many_requests', {
    reason: 'network_limit',
    detail: 'Too many requests from your network. Please wait a minute and try again.',
    headers: { 'Retry-After': String(WINDOW_SECONDS) },
  });
};
