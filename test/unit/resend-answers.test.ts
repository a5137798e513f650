/** What the adapter for Resend makes of every answer, and of none: accepted, to be tried again, or refused. */
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { OutgoingMail } from '../../worker/mail/mailer.ts';
import { createResendMailer } from '../../worker/mail/providers/resend.ts';
import { accountAt } from './mail-accounts.ts';
import { type StubServer, startStubServer } from './stub-server.ts';

const KEY = 're_sentinel_key';
const MAIL: OutgoingMail = {
  jobId: '00000000-0000-4000-8000-000000000000',
  repeat: 0,
  from: 'Rekey <noreply@example.com>',
  to: 'ada@example.com',
  subject: 'Password Reset Request',
  text: 'To reset your password, visit the following link:\n\nhttps://app.example.com/reset-password#a.b.c\n',
  html: '<!doctype html><html lang="en"><body><p>Grüße 🔒</p></body></html>',
};

let api: StubServer;
beforeAll(async () => {
  api = await startStubServer();
});
afterAll(() => api.close());
beforeEach(() => {
  api.asked.length = 0;
});
afterEach(() => vi.restoreAllMocks());

const answerJson = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  api.answerWith(response =>
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body)),
  );
const answerText = (status: number, text: string, headers: Record<string, string> = {}) =>
  api.answerWith(response => response.writeHead(status, headers).end(text));
const send = (change: Partial<OutgoingMail> = {}, url = api.url) =>
  createResendMailer(accountAt('resend', url, KEY)).send({ ...MAIL, ...change });

describe('an accepted mail', () => {
  test.each([200, 201, 202])('answered with %i is done, under the id that the provider gave it', async status => {
    answerJson(status, { id: '11111111-1111-4111-8111-111111111111' });
    expect(await send()).toEqual({ kind: 'accepted', providerId: '11111111-1111-4111-8111-111111111111' });
  });

  test.each([
    ['a page', () => answerText(200, '<!doctype html><p>Welcome', { 'Content-Type': 'text/html' })],
    ['nothing', () => answerText(200, '')],
    ['JSON without an id', () => answerJson(200, { status: 'ok' })],
    ['an id that is no text', () => answerJson(200, { id: 7 })],
    ['a list', () => answerJson(200, [{ id: 'x' }])],
    ['null', () => answerJson(200, null)],
  ])('is no 200 with %s: something else answers there, so the mail is kept and tried again', async (_what, answer) => {
    answer();
    expect(await send()).toMatchObject({ kind: 'retry', afterSeconds: null });
  });

  test('is no 200 that breaks off: the key lets a retry find out', async () => {
    api.answerWith(response => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100' }).write('{"id":"1111');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await send()).toMatchObject({ kind: 'retry', isOurFault: false });
  });
});

describe('an answer that was no success', () => {
  // Status, the provider's name for it, and our word.
  test.each([
    [400, 'validation_error', 'refused'],
    [400, 'invalid_idempotency_key', 'refused'],
    [404, 'not_found', 'refused'],
    [405, 'method_not_allowed', 'refused'],
    [409, 'invalid_idempotent_request', 'refused'],
    [422, 'missing_required_field', 'refused'],
    [422, 'invalid_parameter', 'refused'],
    [409, 'concurrent_idempotent_requests', 'retry'],
    [429, 'rate_limit_exceeded', 'retry'],
    [429, 'daily_quota_exceeded', 'retry'],
    [500, 'application_error', 'retry'],
    [500, 'internal_server_error', 'retry'],
    [503, 'service_unavailable', 'retry'],
    [401, 'missing_api_key', 'our fault'],
    [401, 'restricted_api_key', 'our fault'],
    [403, 'invalid_api_key', 'our fault'],
    [403, 'validation_error', 'our fault'],
    [403, 'invalid_from_address', 'our fault'],
  ])('%i %s is: %s', async (status, name, word) => {
    answerJson(status, { statusCode: status, name, message: `no mail for ${MAIL.to}` });
    const reason = `${status} ${name}`;
    expect(await send()).toEqual(
      word === 'refused'
        ? { kind: 'refused', reason }
        : {
            kind: 'retry',
            afterSeconds: name.endsWith('quota_exceeded') ? 3600 : null,
            reason,
            isOurFault: word === 'our fault',
            mayBeOut: name === 'concurrent_idempotent_requests',
          },
    );
  });

  test.each([502, 504, 520, 599])('%i of whatever stands before the provider is tried again', async status => {
    answerText(status, '<html><h1>Bad Gateway</h1></html>', { 'Content-Type': 'text/html' });
    expect(await send()).toMatchObject({
      kind: 'retry',
      afterSeconds: null,
      reason: String(status),
      isOurFault: false,
    });
  });

  test.each([
    ['408', 408],
    ['429', 429],
    ['500', 500],
  ])('%s without a body is tried again', async (_name, status) => {
    answerText(status, '');
    expect(await send()).toMatchObject({ kind: 'retry', reason: String(status) });
  });

  test.each([301, 302, 303, 307, 308])(
    'a redirect with %i is not followed: the key and the mail stay here',
    async status => {
      answerText(status, '', { Location: `${api.url}/elsewhere` });
      expect(await send()).toMatchObject({ kind: 'retry', isOurFault: false });
      expect(api.asked.map(({ path }) => path)).toEqual(['/emails']);
    },
  );

  test.each([
    ['7', 7],
    ['0', 0],
    ['3600', 3600],
    ['Wed, 21 Oct 2026 07:28:00 GMT', null],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['99999999999', null],
  ])('Retry-After %j asks for a wait of %j seconds', async (value, seconds) => {
    for (const status of [429, 503]) {
      answerJson(status, { name: 'rate_limit_exceeded' }, { 'Retry-After': value });
      expect(await send()).toMatchObject({ kind: 'retry', afterSeconds: seconds });
    }
  });

  test.each([
    ['a name that is no text', { name: { toString: 'x' } }],
    ['no name', { message: 'no' }],
    ['a list', []],
    ['null', null],
    ['a number', 7],
  ])('a body of %s changes no word', async (_what, body) => {
    answerJson(422, body);
    expect(await send()).toEqual({ kind: 'refused', reason: '422' });
  });

  test('says neither the address nor the key in its reason, and no more than a short name', async () => {
    answerJson(422, { name: 'x'.repeat(5000), message: `${MAIL.to} ${KEY}` });
    const delivery = await send();
    expect(JSON.stringify(delivery)).not.toMatch(/ada@|sentinel/);
    expect(JSON.stringify(delivery).length).toBeLessThan(200);
  });
});

describe('a network that fails is tried again, and never throws', () => {
  const broken = { kind: 'retry', afterSeconds: null, isOurFault: false };

  test('where nobody listens', async () => {
    const port = await new Promise<number>(resolve => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address ? address.port : 1));
      });
    });
    expect(await send({}, `http://127.0.0.1:${port}`)).toMatchObject(broken);
  });

  test('where the other side hangs up', async () => {
    api.answerWith(response => response.destroy());
    expect(await send()).toMatchObject(broken);
  });

  test('where the other side speaks no HTTP', async () => {
    api.answerWith(response => response.socket?.end('SSH-2.0-x\r\n'));
    expect(await send()).toMatchObject(broken);
  });

  test.each([
    ['the answer', () => api.answerWith(() => {})],
    ['its body', () => api.answerWith(response => response.writeHead(200).write('{"id":'))],
  ])('where %s does not come within ten seconds', async (_what, answer) => {
    const { timeout } = AbortSignal;
    const asked = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout.call(AbortSignal, 50));
    answer();
    expect(await send()).toMatchObject(broken);
    expect(asked).toHaveBeenCalledExactlyOnceWith(10_000);
  });

  test('says what failed by its class alone', async () => {
    api.answerWith(response => response.destroy());
    const delivery = await send();
    expect(delivery).toMatchObject({ reason: expect.stringMatching(/^[A-Za-z]+( < [A-Za-z]+)*$/) });
  });
});
