/** Work that nobody waits for: it goes on after the answer, and what fails in it is logged. */
import { errorClasses, log } from '../log.ts';
import type { AppContext } from './app-env.ts';

export const later = (c: AppContext, name: string, work: Promise<unknown>): void => {
  const requestId = c.get('requestId');
  c.executionCtx.waitUntil(
    work.catch(error => log('error', 'later_failed', { requestId, name, error: errorClasses(error) })),
  );
};
