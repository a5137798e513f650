/** What every adapter makes of every answer, and of none. Each provider's own errors: mail-errors. */
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMailer } from '../../worker/mail/create-mailer.ts';
import { MAIL_PROVIDERS } from '../../worker/mail/mail-account.ts';
import { ACCEPTED, accountAt, MAIL } from './mail-accounts.ts';
import { type StubServer, startStubServer } from './stub-server.ts';

const NOW_MS = Date.parse('2026-10-21T07:00:00Z');
const clock = { now: () => NOW_MS };

let api: StubServer;
let elsewhere: StubServer;
beforeAll(async () => {
  api = await startStubServer();
  elsewhere = await startStubServer();
});
afterAll(() => Promise.all([api.close(), elsewhere.close()]));
beforeEach(() => {
  api.asked.length = 0;
});
afterEach(() => vi.restoreAllMocks());

const answer = (status: number, body: unknown = '', headers: Record<string, string> = {}) =>
  api.answerWith(response =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body)),
  );

describe.each(MAIL_PROVIDERS)('%s', provider => {
  const { status: success, headers, body, providerId } = ACCEPTED[provider];
  const send = (url = api.url) => createMailer(accountAt(provider, url), clock).send(MAIL);
  const retry = { kind: 'retry', afterSeconds: null, isOurFault: false, mayBeOut: false };

  test('a mail that was taken is done, under the name that the webhooks give it', async () => {
    for (const status of [success, 200, 202]) {
      answer(status, body, headers);
      expect(await send()).toEqual({ kind: 'accepted', providerId });
    }
  });

  test.each([
    ['a page', '<!doctype html><p>Welcome'],
    ['nothing', ''],
    ['JSON without an id', { status: 'ok' }],
    ['ids that are no text', { id: 7, messageId: 7, MessageID: 7, MessageId: 7, success: true, result: 'x' }],
    ['ids that are empty', { id: '', messageId: '', MessageID: '', MessageId: '', success: true, result: null }],
    ['a list', [{ id: 'x' }]],
    ['null', 'null'],
  ])(
    'is not taken by a 200 with %s: something else answers there, and an operator hears of it',
    async (_what, body) => {
      answer(200, body);
      expect(await send()).toEqual({ ...retry, isOurFault: true, mayBeOut: true, reason: '200 without an id' });
    },
  );

  test.each([401, 403])('%i is of the key or the sender: kept, with an alarm', async status => {
    for (const body of ['', 'Forbidden', {}, []]) {
      answer(status, body);
      expect(await send()).toEqual({ ...retry, isOurFault: true, reason: String(status) });
    }
  });

  test.each([400, 404, 405, 413, 422])('%i is refused, whatever its body', async status => {
    for (const body of ['', '<h1>No</h1>', 'null', [], 7, { message: 'no' }, { name: {}, code: [], errors: 7 }]) {
      answer(status, body);
      expect(await send()).toEqual({ kind: 'refused', reason: String(status) });
    }
  });

  test.each([408, 429, 500, 503])('%i is tried again, and the mail is not out', async status => {
    for (const body of ['', '<h1>Later</h1>', {}]) {
      answer(status, body);
      expect(await send()).toEqual({ ...retry, reason: String(status) });
    }
  });

  test.each([502, 504, 520, 599])(
    '%i of whatever stands before it is tried again, and the mail may be out',
    async s => {
      answer(s, '<html><h1>Bad Gateway</h1></html>', { 'Content-Type': 'text/html' });
      expect(await send()).toEqual({ ...retry, mayBeOut: true, reason: String(s) });
    },
  );

  test.each([301, 302, 303, 307, 308])('a redirect with %i is not followed: key and mail stay here', async status => {
    answer(status, '', { Location: `${elsewhere.url}/` });
    expect(await send()).toEqual({ ...retry, reason: String(status) });
    expect([api.asked.length, elsewhere.asked.length]).toEqual([1, 0]);
  });

  test.each([
    ['7', 7],
    ['0', 0],
    ['3600', 3600],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 28 * 60],
    ['Wed, 21 Oct 2026 06:28:00 GMT', 0],
    ['Wed, 99 Oct 2026 07:28:00 GMT', null],
    ['2026-10-21T07:28:00Z', null],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['99999999999', null],
  ])('Retry-After %j asks for a wait of %j seconds', async (value, afterSeconds) => {
    for (const status of [429, 503]) {
      answer(status, {}, { 'Retry-After': value });
      expect(await send()).toMatchObject({ kind: 'retry', afterSeconds });
    }
  });

  test('says neither the address, the key nor the body in its reason, and no more than a short word', async () => {
    const { apiKey } = accountAt(provider, null);
    for (const said of [`no ${MAIL.to} ${apiKey}`, MAIL.to, 'x'.repeat(5000), 'two\nlines']) {
      const error = { name: said, message: said, code: said, ErrorCode: said, __type: said, errors: [{ code: said }] };
      for (const status of [400, 401, 422, 429, 500]) {
        answer(status, error);
        const reason = JSON.stringify(await send());
        expect(reason).not.toMatch(/ada@|sentinel|xxx|lines/i);
        expect(reason.length).toBeLessThan(120);
      }
    }
  });

  describe('where the network fails, the mail is tried again and may be out', () => {
    const failed = { ...retry, mayBeOut: true, reason: expect.stringMatching(/^[A-Za-z]+( < [A-Za-z]+)*$/) };

    test('where nobody listens', async () => {
      const port = await new Promise<number>(resolve => {
        const server = createServer().listen(0, '127.0.0.1', () => {
          const address = server.address();
          server.close(() => resolve(typeof address === 'object' && address ? address.port : 1));
        });
      });
      expect(await send(`http://127.0.0.1:${port}`)).toEqual(failed);
    });

    test('where the other side hangs up', async () => {
      api.answerWith(response => response.destroy());
      expect(await send()).toEqual(failed);
    });

    test('where the other side speaks no HTTP', async () => {
      api.answerWith(response => response.socket?.end('SSH-2.0-x\r\n'));
      expect(await send()).toEqual(failed);
    });

    test('where the answer breaks off', async () => {
      api.answerWith(response => {
        response.writeHead(success, { ...headers, 'Content-Length': '100' }).write('{"id":"1111');
        setTimeout(() => response.destroy(), 10);
      });
      expect(await send()).toEqual(failed);
    });

    test.each([
      ['the answer', () => api.answerWith(() => {})],
      ['its body', () => api.answerWith(response => response.writeHead(success, headers).write('{"id":'))],
    ])('where %s does not come within ten seconds', async (_what, answerNever) => {
      const { timeout } = AbortSignal;
      const asked = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout.call(AbortSignal, 30));
      answerNever();
      expect(await send()).toEqual(failed);
      expect(asked).toHaveBeenCalledExactlyOnceWith(10_000);
    });
  });
});
