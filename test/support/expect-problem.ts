/** What every error of the API has in common, looked at on every error that a test meets. */
import { expect } from 'vitest';
import { PROBLEMS, type ProblemCode } from '../../worker/contract/problems.ts';
import type { Answer } from './people.ts';

const FIELDS = ['type', 'title', 'status', 'detail', 'code', 'reason', 'errors'];

/** That the answer is this problem, in the shape of RFC 9457 and with the headers of every answer. */
export const expectProblem = (answer: Answer, code: ProblemCode): void => {
  const [status] = PROBLEMS[code];
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
  expect(answer.headers.get('Cache-Control')).toBe('no-store');
  expect(answer.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.body).toMatchObject({ type: 'about:blank', status, detail: expect.any(String) });
  expect(Object.keys(answer.body).filter(field => !FIELDS.includes(field))).toEqual([]);
};

/** The fields that a form's problem names, in its order. */
export const fieldsOf = (answer: Answer): string[] =>
  ((answer.body.errors ?? []) as { field: string }[]).map(({ field }) => field);
