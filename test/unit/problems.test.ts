/** The errors of the API: the table that programs branch on and people read. */
import { STATUS_CODES } from 'node:http';
import { describe, expect, test } from 'vitest';
import { type FieldError, PROBLEMS, type ProblemCode, problemOf } from '../../worker/contract/problems.ts';

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

test('every code has the status that the contract gives it', () => {
  expect(Object.fromEntries(CODES.map(code => [code, problemOf(code).status]))).toEqual({
    malformed_request: 400,
    invalid_or_expired_token: 400,
    invalid_credentials: 401,
    not_signed_in: 401,
    invalid_signature: 401,
    wrong_password: 403,
    suspended: 403,
    reset_required: 403,
    other_account: 403,
    forbidden_origin: 403,
    not_found: 404,
    method_not_allowed: 405,
    username_taken: 409,
    email_taken: 409,
    change_pending: 409,
    payload_too_large: 413,
    unsupported_media_type: 415,
    wrong_host: 421,
    invalid_input: 422,
    too_many_requests: 429,
    internal_error: 500,
    misconfigured: 500,
    unavailable: 503,
  });
});

/** RFC 9110 renamed two of the phrases that Node still has the older names for. */
const RENAMED: Record<number, string> = { 413: 'Content Too Large', 422: 'Unprocessable Content' };

describe.each(CODES)('%s', code => {
  const problem = problemOf(code);

  test("has the type about:blank and the status's own phrase as its title (RFC 9457 4.2.1)", () => {
    expect(problem.type).toBe('about:blank');
    expect(problem.title).toBe(RENAMED[problem.status] ?? STATUS_CODES[problem.status]);
  });

  test('is a word for programs, and has a sentence for people that no other code has', () => {
    expect(problem.code).toBe(code);
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(CODES.filter(other => problemOf(other).detail === problem.detail)).toEqual([code]);
  });

  test('holds nothing but what RFC 9457 and the contract name', () => {
    expect(Object.keys(problem).sort()).toEqual(['code', 'detail', 'status', 'title', 'type']);
    expect(JSON.parse(JSON.stringify(problem))).toEqual(problem);
  });
});

test('details are whole sentences; two stand in the contract word for word, without a full stop', () => {
  const verbatim: Partial<Record<ProblemCode, string>> = {
    invalid_or_expired_token: 'That is an invalid or expired token',
    invalid_credentials: 'Login unsuccessful. Please check email and password',
  };
  for (const code of CODES) {
    const { detail } = problemOf(code);
    if (verbatim[code]) expect(detail).toBe(verbatim[code]);
    else expect(detail).toMatch(/^[A-Z][^\n]*\.$/);
  }
});

test('a place that knows better says its own sentence, and names the fields', () => {
  const errors: FieldError[] = [{ field: 'email', rule: 'email_empty', message: 'Enter your email address.' }];
  expect(problemOf('invalid_input', { detail: 'One field is empty.', errors })).toEqual({
    type: 'about:blank',
    title: 'Unprocessable Content',
    status: 422,
    detail: 'One field is empty.',
    code: 'invalid_input',
    errors,
  });
});
