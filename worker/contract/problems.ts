/**
 * The errors that the API answers, as RFC 9457 problems. `type` is `about:blank` and `title` the status's own phrase, as
 * RFC 9457 4.2.1 has it; `code` is what a program branches on and `detail` what a person reads.
 */

import type { FieldRule } from './fields.ts';

/** One broken rule of a form: its name for programs, and a sentence of the API's for people. */
export type FieldError = { field: string; rule: FieldRule; message: string };

/** What a program may want to tell apart where one code has several details (RFC 9457 3.2, an extension member). */
export type ProblemReason =
  | 'network_limit'
  | 'guessed_often'
  | 'guessed_too_often'
  | 'password_changes_a_day'
  | 'email_changes_a_day'
  | 'logged_out_here';

/** The body of every error, sent as `application/problem+json`. */
export type Problem = {
  type: 'about:blank';
  title: string;
  status: ProblemStatus;
  detail: string;
  code: ProblemCode;
  reason?: ProblemReason;
  errors?: FieldError[];
};

/** Every code, with its status and what is said unless the place that answers knows better. */
export const PROBLEMS = {
  malformed_request: [400, 'The request body is not what this call takes. See the API description.'],
  invalid_or_expired_token: [400, 'That is an invalid or expired token'],
  invalid_credentials: [401, 'Login unsuccessful. Please check email and password'],
  not_signed_in: [401, 'Log in first.'],
  invalid_signature: [401, 'This request does not prove that the mail provider sent it, or it was taken before.'],
  wrong_password: [403, 'That is not your current password.'],
  suspended: [403, 'This account is suspended. The operator of this application can tell you more.'],
  reset_required: [403, 'Before you can log in you need a new password. We have mailed you a link to choose one.'],
  other_account: [403, 'This link belongs to another account than the one that is logged in.'],
  forbidden_origin: [403, 'Requests that change something are only taken from the application itself.'],
  not_found: [404, 'There is nothing at this address.'],
  method_not_allowed: [405, 'This address does not take that method. See the Allow header.'],
  username_taken: [409, 'That username is taken. Please choose a different one.'],
  email_taken: [409, 'That address has an account by now. Please choose a different one.'],
  change_pending: [409, 'The address was changed in the last 7 days. Until those are over, this is not possible.'],
  payload_too_large: [413, 'The request body is too large.'],
  unsupported_media_type: [415, 'Send the body as application/json.'],
  wrong_host: [421, 'This is not the address of this application.'],
  invalid_input: [422, 'Some of what was entered cannot be accepted.'],
  too_many_requests: [429, 'Too many requests. Please wait a little and try again.'],
  internal_error: [500, 'Something went wrong on our side. Please try again in a moment.'],
  misconfigured: [500, 'This application is not set up correctly. Its operator finds the reason in the log.'],
  unavailable: [503, 'This is not available right now and nothing was changed. Please try again in a moment.'],
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
export type ProblemStatus = (typeof PROBLEMS)[ProblemCode][0];

/** The reason phrases of RFC 9110 15, and of RFC 6585 for 429. */
const TITLES: Record<ProblemStatus, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

type Given = { reason?: ProblemReason; detail?: string; errors?: FieldError[] };

/** The problem for a code. `detail` replaces the usual sentence; it never repeats what was sent. */
export const problemOf = (code: ProblemCode, given: Given = {}): Problem => {
  const [status, usualDetail] = PROBLEMS[code];
  return {
    type: 'about:blank',
    title: TITLES[status],
    status,
    detail: given.detail ?? usualDetail,
    code,
    ...(given.reason && { reason: given.reason }),
    ...(given.errors && { errors: given.errors }),
  };
};
