/** Each provider's own errors, and its own way to say for how long: what its documents name, and our word for it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMailer } from '../../worker/mail/create-mailer.ts';
import type { MailProvider } from '../../worker/mail/mail-account.ts';
import { ACCEPTED, accountAt, MAIL } from './mail-accounts.ts';
import { type StubServer, startStubServer } from './stub-server.ts';

const NOW_MS = Date.parse('2026-10-21T07:00:00Z');
const RESET_SECONDS = NOW_MS / 1000 + 90;
const clock = { now: () => NOW_MS };

let api: StubServer;
beforeAll(async () => {
  api = await startStubServer();
});
afterAll(() => api.close());

const sendTo = (provider: MailProvider, status: number, body: unknown, headers: Record<string, string> = {}) => {
  api.answerWith(response =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body)),
  );
  return createMailer(accountAt(provider, api.url), clock).send(MAIL);
};

type Word = 'refused' | 'our fault' | 'retry' | 'retry, may be out' | 'out already';
const OUTCOMES: Record<Word, object> = {
  refused: { kind: 'refused' },
  'our fault': { kind: 'retry', isOurFault: true, mayBeOut: false },
  retry: { kind: 'retry', isOurFault: false, mayBeOut: false },
  'retry, may be out': { kind: 'retry', isOurFault: false, mayBeOut: true },
  'out already': { kind: 'accepted', providerId: null },
};

/** Provider, status, its name for the error, our word, and the wait where one is known. */
const errors: [MailProvider, number, string | number, Word, afterSeconds?: number][] = [
  ['resend', 400, 'validation_error', 'refused'],
  ['resend', 400, 'invalid_idempotency_key', 'refused'],
  ['resend', 409, 'invalid_idempotent_request', 'refused'],
  ['resend', 422, 'missing_required_field', 'refused'],
  ['resend', 422, 'invalid_parameter', 'refused'],
  ['resend', 404, 'not_found', 'refused'],
  ['resend', 405, 'method_not_allowed', 'refused'],
  ['resend', 401, 'missing_api_key', 'our fault'],
  ['resend', 401, 'restricted_api_key', 'our fault'],
  ['resend', 403, 'invalid_api_key', 'our fault'],
  ['resend', 403, 'validation_error', 'our fault'],
  ['resend', 403, 'invalid_from_address', 'our fault'],
  // Its documents have this one with two statuses.
  ['resend', 422, 'invalid_from_address', 'our fault'],
  ['resend', 409, 'concurrent_idempotent_requests', 'retry, may be out'],
  ['resend', 429, 'rate_limit_exceeded', 'retry'],
  ['resend', 429, 'daily_quota_exceeded', 'retry', 3600],
  ['resend', 429, 'monthly_quota_exceeded', 'retry', 3600],
  ['resend', 500, 'application_error', 'retry'],
  ['resend', 500, 'internal_server_error', 'retry'],

  ['postmark', 401, 10, 'our fault'],
  ['postmark', 422, 10, 'our fault'],
  ['postmark', 422, 400, 'our fault'],
  ['postmark', 422, 401, 'our fault'],
  ['postmark', 422, 405, 'our fault'],
  ['postmark', 422, 412, 'our fault'],
  ['postmark', 422, 413, 'our fault'],
  ['postmark', 200, 405, 'our fault'],
  ['postmark', 422, 300, 'refused'],
  ['postmark', 422, 406, 'refused'],
  ['postmark', 200, 406, 'refused'],
  ['postmark', 413, 300, 'refused'],
  ['postmark', 429, 429, 'retry'],
  ['postmark', 500, 500, 'retry'],
  ['postmark', 503, 100, 'retry'],

  ['brevo', 400, 'invalid_parameter', 'refused'],
  ['brevo', 400, 'missing_parameter', 'refused'],
  ['brevo', 422, 'unprocessable_entity', 'refused'],
  ['brevo', 406, 'not_acceptable', 'refused'],
  ['brevo', 400, 'duplicate_request', 'out already'],
  ['brevo', 409, 'duplicate_request', 'out already'],
  ['brevo', 401, 'unauthorized', 'our fault'],
  ['brevo', 400, 'unauthorized', 'our fault'],
  ['brevo', 402, 'not_enough_credits', 'our fault'],
  ['brevo', 400, 'not_enough_credits', 'our fault'],
  ['brevo', 402, 'payment_required', 'our fault'],
  ['brevo', 403, 'permission_denied', 'our fault'],
  ['brevo', 400, 'account_under_validation', 'our fault'],
  ['brevo', 404, 'document_not_found', 'refused'],
  ['brevo', 429, 'too_many_requests', 'retry'],

  ['ses', 400, 'BadRequestException', 'refused'],
  ['ses', 400, 'MessageRejected', 'refused'],
  ['ses', 400, 'ValidationException', 'refused'],
  ['ses', 400, 'AccountSuspendedException', 'our fault'],
  ['ses', 400, 'MailFromDomainNotVerifiedException', 'our fault'],
  ['ses', 400, 'SendingPausedException', 'our fault'],
  ['ses', 404, 'NotFoundException', 'refused'],
  // Of the key: with this status or with 403.
  ['ses', 400, 'AccessDeniedException', 'our fault'],
  ['ses', 400, 'IncompleteSignature', 'our fault'],
  ['ses', 400, 'NotAuthorized', 'our fault'],
  ['ses', 400, 'RequestExpired', 'our fault'],
  ['ses', 400, 'UnrecognizedClientException', 'our fault'],
  ['ses', 403, 'SignatureDoesNotMatch', 'our fault'],
  ['ses', 403, 'ExpiredTokenException', 'our fault'],
  ['ses', 400, 'LimitExceededException', 'retry', 3600],
  ['ses', 429, 'TooManyRequestsException', 'retry'],
  ['ses', 400, 'ThrottlingException', 'retry'],
  ['ses', 500, 'InternalFailure', 'retry'],
  ['ses', 503, 'ServiceUnavailable', 'retry'],

  ['cloudflare', 400, 10001, 'refused'],
  ['cloudflare', 400, 10200, 'refused'],
  ['cloudflare', 400, '10201', 'refused'],
  ['cloudflare', 400, '10202', 'refused'],
  // Of its gateway: a token that cannot be read, and an account that it does not know.
  ['cloudflare', 400, 6003, 'our fault'],
  ['cloudflare', 400, '7003', 'our fault'],
  ['cloudflare', 404, 10000, 'refused'],
  ['cloudflare', 401, 10101, 'our fault'],
  ['cloudflare', 401, 10103, 'our fault'],
  ['cloudflare', 403, 10102, 'our fault'],
  ['cloudflare', 403, '10105', 'our fault'],
  ['cloudflare', 403, 10203, 'our fault'],
  ['cloudflare', 403, '10204', 'our fault'],
  ['cloudflare', 429, 10004, 'retry'],
  ['cloudflare', 500, 10002, 'retry'],
  ['cloudflare', 503, '10100', 'retry'],
];

const bodyOf = (provider: MailProvider, name: string | number): unknown => {
  const message = `no mail for ${MAIL.to}`;
  switch (provider) {
    case 'postmark':
      return { ErrorCode: name, Message: message };
    case 'cloudflare':
      return { success: false, errors: [{ code: name, message }], messages: [], result: null };
    case 'ses':
      return { message };
    default:
      return { name, code: name, message };
  }
};

describe('an error by its name', () => {
  test.each(errors)('%s: %i %s is: %s', async (provider, status, name, word, afterSeconds = undefined) => {
    const header = provider === 'ses' ? { 'x-amzn-ErrorType': `${name}:http://internal.example.com/` } : undefined;
    const delivery = await sendTo(provider, status, bodyOf(provider, name), header);
    expect(delivery).toMatchObject(OUTCOMES[word]);
    if (delivery.kind !== 'accepted') expect(delivery.reason).toBe(`${status} ${name}`);
    if (delivery.kind === 'retry') expect(delivery.afterSeconds).toBe(afterSeconds ?? null);
  });

  test('ses: is read from the body too, where a gateway took the header away', async () => {
    for (const body of [{ __type: 'com.amazonaws.sesv2#SendingPausedException' }, { code: 'SendingPausedException' }]) {
      expect(await sendTo('ses', 400, body)).toMatchObject({ isOurFault: true, reason: '400 SendingPausedException' });
    }
  });

  test("ses: a sender, or in the sandbox a recipient, that is not verified is an operator's to mend", async () => {
    const message =
      'Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: x';
    const delivery = await sendTo('ses', 400, { message }, { 'x-amzn-ErrorType': 'MessageRejected' });
    expect(delivery).toMatchObject({ kind: 'retry', isOurFault: true, reason: '400 MessageRejected' });
  });

  test('mailgun: the bare text of a wrong key is one, and an unknown domain is refused', async () => {
    expect(await sendTo('mailgun', 401, 'Forbidden')).toMatchObject({ isOurFault: true, reason: '401' });
    const unknown = { message: 'Domain not found: mg.example.com' };
    expect(await sendTo('mailgun', 404, unknown)).toEqual({ kind: 'refused', reason: '404' });
  });

  test('cloudflare: a 200 may have bounced already, however it writes the address', async () => {
    const { body } = ACCEPTED.cloudflare;
    for (const bounced of [MAIL.to, MAIL.to.toUpperCase(), `<${MAIL.to}>`]) {
      const result = { message_id: 'a1', delivered: [], queued: [], permanent_bounces: [bounced] };
      expect(await sendTo('cloudflare', 200, { ...(body as object), result })).toEqual({
        kind: 'refused',
        reason: '200 permanent_bounces',
      });
    }
  });

  test('cloudflare: a 200 that is no success is not taken', async () => {
    const { body } = ACCEPTED.cloudflare;
    const delivery = await sendTo('cloudflare', 200, { ...(body as object), success: false });
    expect(delivery).toMatchObject({ kind: 'retry', isOurFault: true });
  });
});

describe('the wait, in the unit of each', () => {
  const mailgun = (after: string) => ({
    message: `Domain mg.example.com is not allowed to send: account-requests-per-hour limit exceeded, try again after ${after}`,
  });

  test.each<[MailProvider, string, unknown, Record<string, string>, number | null]>([
    ['resend', 'seconds', {}, { 'ratelimit-reset': '3' }, 3],
    ['resend', 'seconds, where Retry-After says otherwise', {}, { 'ratelimit-reset': '3', 'Retry-After': '5' }, 5],
    ['resend', 'nonsense', {}, { 'ratelimit-reset': 'soon' }, null],
    ['sendgrid', 'a moment in seconds', {}, { 'X-RateLimit-Reset': String(RESET_SECONDS) }, 90],
    ['sendgrid', 'a moment that is over', {}, { 'X-RateLimit-Reset': String(RESET_SECONDS - 100) }, 0],
    ['sendgrid', 'a number that is no moment', {}, { 'X-RateLimit-Reset': '30' }, null],
    ['brevo', 'seconds', {}, { 'x-sib-ratelimit-reset': '42' }, 42],
    ['brevo', 'nonsense', {}, { 'x-sib-ratelimit-reset': '-1' }, null],
    ['mailgun', 'seconds in a sentence', mailgun('120 seconds'), {}, 120],
    ['mailgun', 'one second in a sentence', mailgun('1 second.'), {}, 1],
    ['mailgun', 'a date in a sentence', mailgun('Wed, 21 Oct 2026 07:01:30 UTC'), {}, 90],
    ['mailgun', 'a date of another form', mailgun('2026-10-21 07:01:30 +0000 UTC'), {}, 90],
    ['mailgun', 'a sentence without one', mailgun('a while'), {}, null],
    ['mailgun', 'no sentence', 'Too many requests', {}, null],
    ['ses', 'the rate of a second', { message: 'Maximum sending rate exceeded.' }, {}, null],
    ['ses', 'the quota of a day', { message: 'Daily message quota exceeded.' }, {}, 3600],
    ['postmark', 'nothing', { ErrorCode: 429 }, {}, null],
    ['cloudflare', 'nothing', { errors: [{ code: 10004 }] }, {}, null],
  ])('%s: %s', async (provider, _unit, body, headers, afterSeconds) => {
    const named = { ...headers, ...(provider === 'ses' && { 'x-amzn-ErrorType': 'TooManyRequestsException' }) };
    expect(await sendTo(provider, 429, body, named)).toMatchObject({ kind: 'retry', isOurFault: false, afterSeconds });
  });

  test('is of a limit only: the same headers on another error ask for nothing', async () => {
    const headers = {
      'ratelimit-reset': '30',
      'x-sib-ratelimit-reset': '30',
      'X-RateLimit-Reset': String(RESET_SECONDS),
    };
    for (const provider of ['resend', 'brevo', 'sendgrid', 'mailgun'] as const) {
      const body = mailgun('120 seconds');
      expect(await sendTo(provider, 500, body, headers)).toMatchObject({ kind: 'retry', afterSeconds: null });
    }
  });
});
