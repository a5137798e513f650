/** What was thrown and not expected: one dull problem for the world, one rich line for the log. */
import type { ErrorHandler } from 'hono';
import { errorClasses, log } from '../log.ts';
import { isDatabaseError } from '../store/database.ts';
import { Unavailable } from '../unavailable.ts';
import type { AppEnv } from './app-env.ts';
import { problem, unavailable } from './problem.ts';

const RETRY_AFTER_SECONDS = 10;

export const onError: ErrorHandler<AppEnv> = (error, c) => {
  const service = error instanceof Unavailable ? error.service : isDatabaseError(error) ? 'database' : null;
  const fields = { requestId: c.get('requestId'), method: c.req.method, path: c.req.path, error: errorClasses(error) };
  if (service) {
    log('error', 'unavailable', { ...fields, service });
    return unavailable(c, RETRY_AFTER_SECONDS);
  }
  log('error', 'internal_error', { ...fields, stack: stackFrames(error) });
  return problem(c, 'internal_error');
};

/** The frames of a stack without its first line: that is the message, which may repeat what was sent. */
const stackFrames = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter(line => /^\s+at /.test(line))
    .slice(0, 8)
    .map(line => line.trim())
    .join(' | ');
