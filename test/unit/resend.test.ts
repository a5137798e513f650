/** What the adapter for Resend sends, against a stand-in for its API. What it makes of the answers: resend-answers. */
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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

/** What `POST /emails` takes of what we send. One field more, or one misspelt, does not pass. */
const request = v.strictObject({
  from: v.pipe(v.string(), v.regex(/^[^<>\r\n]+ <[^\s<>@]+@[^\s<>@]+>$/)),
  to: v.pipe(v.string(), v.email()),
  subject: v.pipe(v.string(), v.nonEmpty(), v.regex(/^[^\r\n]+$/)),
  text: v.pipe(v.string(), v.nonEmpty()),
  html: v.pipe(v.string(), v.startsWith('<!doctype html>')),
  headers: v.strictObject({ 'Auto-Submitted': v.literal('auto-generated') }),
});

let api: StubServer;
beforeAll(async () => {
  api = await startStubServer();
});
afterAll(() => api.close());
beforeEach(() => {
  api.asked.length = 0;
});

const answerJson = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  api.answerWith(response =>
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body)),
  );
const send = (change: Partial<OutgoingMail> = {}, url = api.url) =>
  createResendMailer(accountAt('resend', url, KEY), { now: Date.now }).send({ ...MAIL, ...change });

describe('the request', () => {
  beforeEach(() => answerJson(200, { id: '11111111-1111-4111-8111-111111111111' }));

  test('is one POST to /emails, with the mail as JSON and every field as the API names it', async () => {
    await send();
    expect(api.asked).toHaveLength(1);
    expect(api.asked[0]).toMatchObject({ method: 'POST', path: '/emails' });
    expect(api.asked[0]?.headers['content-type']).toBe('application/json');
    const { from, to, subject, text, html } = MAIL;
    const headers = { 'Auto-Submitted': 'auto-generated' };
    expect(v.parse(request, JSON.parse(api.asked[0]?.body ?? ''))).toEqual({ from, to, subject, text, html, headers });
  });

  test('shows the key as a bearer token and says who asks, which the API insists on', async () => {
    await send();
    expect(api.asked[0]?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, 'user-agent': 'Rekey' });
  });

  test('goes below the path of the base URL', async () => {
    await send({}, `${api.url}/v1`);
    expect(api.asked[0]?.path).toBe('/v1/emails');
  });

  const keyOf = async (change: Partial<OutgoingMail> = {}) => {
    await send(change);
    return api.asked.at(-1)?.headers['idempotency-key'];
  };

  test('names the mail by an idempotency key of at most 256 characters that a retry repeats, byte for byte like the body', async () => {
    const key = await keyOf();
    expect(key).toMatch(/^[\x21-\x7e]{1,256}$/);
    expect(key).toContain(MAIL.jobId);
    expect(await keyOf()).toBe(key);
    expect(api.asked[0]?.body).toBe(api.asked[1]?.body);
  });

  test('names another mail otherwise: another job, another half-life, another word of the body', async () => {
    const changes: Partial<OutgoingMail>[] = [
      {},
      { jobId: '00000000-0000-4000-8000-000000000001' },
      { repeat: 1 },
      { text: `${MAIL.text} ` },
      { html: `${MAIL.html} ` },
      { subject: 'Password reset request' },
      { from: 'Rekey <other@example.com>' },
      { to: 'eve@example.com' },
    ];
    const keys = new Set<unknown>();
    for (const change of changes) keys.add(await keyOf(change));
    expect(keys.size).toBe(changes.length);
  });
});
