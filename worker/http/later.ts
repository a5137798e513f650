/** Work that nobody waits for: it goes on after the answer, and what fails in it is logged. */
import { errorClasses, log } from '../log.ts';
import type { AppContext } from './app-env.ts';

export const later = (c: AppContext, name: string, work: Promise<unknown>): void =>
  c.executionCtx.waitUntil(logFailure(name, work, { requestId: c.get('requestId') }));

/** The work, which rejects no more; `fields` say in the log what it belongs to. */
export const logFailure = (name: string, work: Promise<unknown>, fields: Record<string, unknown> = {}) =>
  work.catch(error => log('error', 'later_failed', { ...fields, name, error: errorClasses(error) }));
