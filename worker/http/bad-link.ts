/** A link that cannot be used: the log learns why, the world one sentence. */
import { log } from '../log.ts';
import type { AppContext } from './app-env.ts';
import { problem } from './problem.ts';

export const badLink = (c: AppContext, purpose: string, reason: string) => {
  log('info', 'link_refused', { requestId: c.get('requestId'), purpose, reason });
  return problem(c, 'invalid_or_expired_token');
};
