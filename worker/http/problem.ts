/** Errors as RFC 9457 problems. Inside rich, outside dull: what is said here is for the world. */
import type { TypedResponse } from 'hono';
import {
  type FieldError,
  type PROBLEMS,
  type Problem,
  type ProblemCode,
  type ProblemReason,
  problemOf,
} from '../contract/problems.ts';
import type { AppContext } from './app-env.ts';

type Given = { reason?: ProblemReason; detail?: string; errors?: FieldError[]; headers?: Record<string, string> };

/** Answers a problem. `reason` tells it from others of its code, `detail` replaces the code's usual sentence and never repeats what was sent. */
export const problem = <Code extends ProblemCode>(
  c: AppContext,
  code: Code,
  { headers, ...given }: Given = {},
): Response & TypedResponse<Problem, (typeof PROBLEMS)[Code][0], 'json'> => {
  const body = problemOf(code, given);
  c.set('problemCode', code);
  const response = c.json(body, body.status, { 'Content-Type': 'application/problem+json', ...headers });
  return response as Response & TypedResponse<Problem, (typeof PROBLEMS)[Code][0], 'json'>;
};

/** 503 with the seconds after which a try is worth it. */
export const unavailable = (c: AppContext, retryAfterSeconds: number) =>
  problem(c, 'unavailable', { headers: { 'Retry-After': String(retryAfterSeconds) } });
