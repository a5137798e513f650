/** What every adapter sends, against a stand-in for its API: one field more, or one misspelt, does not pass. */
import { createHash, createHmac } from 'node:crypto';
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMailer } from '../../worker/mail/create-mailer.ts';
import { MAIL_PROVIDERS, type MailAccount, type MailProvider } from '../../worker/mail/mail-account.ts';
import type { OutgoingMail } from '../../worker/mail/mailer.ts';
import { acceptAs, accountAt, bodyOf, MAIL as PLAIN_MAIL } from './mail-accounts.ts';
import { type Asked, type StubServer, startStubServer } from './stub-server.ts';

const NAME = 'Zoë & Söhne 🔒';
const ADDRESS = 'noreply@example.com';
const MAIL: OutgoingMail = { ...PLAIN_MAIL, from: `${NAME} <${ADDRESS}>` };
const NOW_MS = Date.parse('2026-10-21T07:00:00Z');

const filled = v.pipe(v.string(), v.nonEmpty());
const line = v.pipe(filled, v.regex(/^[^\r\n]+$/));
const address = v.pipe(v.string(), v.email());
const sender = v.pipe(v.string(), v.regex(/^[^<>\r\n"]+ <[^\s<>@]+@[^\s<>@]+>$/));
const text = { text: filled, html: v.pipe(v.string(), v.startsWith('<!doctype html>')) };
const autoSubmitted = v.strictObject({ 'Auto-Submitted': v.literal('auto-generated') });
const headerList = v.tuple([v.strictObject({ Name: v.literal('Auto-Submitted'), Value: v.literal('auto-generated') })]);
const ref = v.strictObject({ ref: v.literal(MAIL.jobId) });
const off = v.strictObject({ enable: v.literal(false) });
const utf8 = (data: v.GenericSchema<string>) => v.strictObject({ Data: data, Charset: v.literal('UTF-8') });
/** RFC 9562 5.8. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** One or more encoded words of at most 75 characters (RFC 2047 2), and an address. */
const encodedSender = /^(=\?UTF-8\?B\?(?=[^?]{1,63}\?= )[A-Za-z0-9+/]+=*\?= )+<[^\s<>@]+@[^\s<>@]+>$/;

const schemas = {
  resend: v.strictObject({ from: sender, to: address, subject: line, ...text, headers: autoSubmitted }),
  postmark: v.strictObject({
    From: sender,
    To: address,
    Subject: v.pipe(line, v.maxLength(2000)),
    TextBody: text.text,
    HtmlBody: text.html,
    Headers: headerList,
    Metadata: ref,
    MessageStream: v.literal('outbound'),
    TrackOpens: v.literal(false),
    TrackLinks: v.literal('None'),
  }),
  sendgrid: v.strictObject({
    personalizations: v.tuple([
      v.strictObject({ to: v.tuple([v.strictObject({ email: address })]), custom_args: ref }),
    ]),
    from: v.strictObject({ email: address, name: line }),
    subject: line,
    // The plain one goes first, or it is refused.
    content: v.tuple([
      v.strictObject({ type: v.literal('text/plain'), value: text.text }),
      v.strictObject({ type: v.literal('text/html'), value: text.html }),
    ]),
    headers: autoSubmitted,
    tracking_settings: v.strictObject({
      click_tracking: v.strictObject({ enable: v.literal(false), enable_text: v.literal(false) }),
      open_tracking: off,
      subscription_tracking: off,
    }),
  }),
  mailgun: v.strictObject({
    from: sender,
    to: address,
    subject: line,
    ...text,
    'h:Auto-Submitted': v.literal('auto-generated'),
    'o:tracking': v.literal('no'),
    'o:tracking-clicks': v.literal('no'),
    'o:tracking-opens': v.literal('no'),
    'v:ref': v.literal(MAIL.jobId),
  }),
  brevo: v.strictObject({
    sender: v.strictObject({ email: address, name: v.pipe(line, v.maxLength(70)) }),
    to: v.tuple([v.strictObject({ email: address })]),
    subject: line,
    textContent: text.text,
    htmlContent: text.html,
    headers: v.strictObject({ ...autoSubmitted.entries, idempotencyKey: v.pipe(v.string(), v.regex(uuid)) }),
  }),
  ses: v.strictObject({
    FromEmailAddress: v.pipe(v.string(), v.regex(encodedSender)),
    Destination: v.strictObject({ ToAddresses: v.tuple([address]) }),
    Content: v.strictObject({
      Simple: v.strictObject({
        Subject: utf8(line),
        Body: v.strictObject({ Text: utf8(text.text), Html: utf8(text.html) }),
        Headers: headerList,
      }),
    }),
    EmailTags: v.tuple([
      v.strictObject({
        Name: v.literal('ref'),
        Value: v.pipe(v.literal(MAIL.jobId), v.regex(/^[A-Za-z0-9_-]{1,256}$/)),
      }),
    ]),
  }),
  cloudflare: v.strictObject({
    from: v.strictObject({ address, name: line }),
    to: address,
    subject: v.pipe(line, v.maxLength(998)),
    ...text,
    headers: v.strictObject({ ...autoSubmitted.entries, 'X-Entity-Ref-ID': v.literal(MAIL.jobId) }),
  }),
};

const bodies = {
  resend: ({ from, to, subject, text, html }) => ({ from, to, subject, text, html }),
  postmark: ({ From, To, Subject, TextBody, HtmlBody }) => ({
    from: From,
    to: To,
    subject: Subject,
    text: TextBody,
    html: HtmlBody,
  }),
  sendgrid: ({ from, personalizations: [{ to }], subject, content: [text, html] }) => ({
    from: `${from.name} <${from.email}>`,
    to: to[0].email,
    subject,
    text: text.value,
    html: html.value,
  }),
  // RFC 7578 4.2: lines of a form end in CRLF.
  mailgun: ({ from, to, subject, text, html }) => ({ from, to, subject, text: text.replaceAll('\r\n', '\n'), html }),
  brevo: ({ sender, to, subject, textContent, htmlContent }) => ({
    from: `${sender.name} <${sender.email}>`,
    to: to[0].email,
    subject,
    text: textContent,
    html: htmlContent,
  }),
  ses: ({ FromEmailAddress, Destination, Content: { Simple } }) => ({
    from: decodedSender(FromEmailAddress),
    to: Destination.ToAddresses[0],
    subject: Simple.Subject.Data,
    text: Simple.Body.Text.Data,
    html: Simple.Body.Html.Data,
  }),
  cloudflare: ({ from, to, subject, text, html }) => ({
    from: `${from.name} <${from.address}>`,
    to,
    subject,
    text,
    html,
  }),
} satisfies { [P in MailProvider]: (body: v.InferOutput<(typeof schemas)[P]>) => Partial<OutgoingMail> };

/** Words that stand side by side are read as one (RFC 2047 6.2). */
const decodedSender = (from: string): string => {
  const words = [...from.matchAll(/=\?UTF-8\?B\?([^?]+)\?=/g)].map(([, word = '']) =>
    Buffer.from(word, 'base64').toString(),
  );
  return `${words.join('')} ${from.slice(from.indexOf('<'))}`;
};

/** Path, the header that shows the key, and the body's type. */
const AMZ_CREDENTIAL = 'Credential=AKIASENTINEL00000000/20261021/eu-central-1/ses/aws4_request';
const outsides: Record<MailProvider, { path: string; headers: Record<string, unknown> }> = {
  resend: { path: '/emails', headers: { authorization: 'Bearer sentinel_key' } },
  postmark: {
    path: '/email',
    headers: { 'x-postmark-server-token': 'sentinel_key', accept: 'application/json' },
  },
  sendgrid: { path: '/v3/mail/send', headers: { authorization: 'Bearer sentinel_key' } },
  mailgun: {
    path: '/v3/mg.example.com/messages',
    headers: {
      authorization: `Basic ${Buffer.from('api:sentinel_key').toString('base64')}`,
      'content-type': expect.stringMatching(/^multipart\/form-data; boundary=/),
    },
  },
  brevo: { path: '/smtp/email', headers: { 'api-key': 'sentinel_key', accept: 'application/json' } },
  ses: {
    path: '/v2/email/outbound-emails',
    headers: {
      'x-amz-date': '20261021T070000Z',
      authorization: expect.stringContaining(`AWS4-HMAC-SHA256 ${AMZ_CREDENTIAL}, SignedHeaders=`),
    },
  },
  cloudflare: {
    path: '/accounts/0123456789abcdef0123456789abcdef/email/sending/send',
    headers: { authorization: 'Bearer sentinel_key' },
  },
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

const requestOf = async (
  provider: MailProvider,
  change: Partial<OutgoingMail> = {},
  { url = api.url, nowMs = NOW_MS } = {},
): Promise<Asked> => {
  acceptAs(provider, api);
  const delivery = await createMailer(accountAt(provider, url), { now: () => nowMs }).send({ ...MAIL, ...change });
  expect(delivery.kind).toBe('accepted');
  return api.asked.at(-1) as Asked;
};

describe.each(MAIL_PROVIDERS)('%s', provider => {
  test('one POST, with the key where the API looks for it, and a word about who asks', async () => {
    const { method, path, headers } = await requestOf(provider);
    expect(api.asked).toHaveLength(1);
    expect({ method, path }).toEqual({ method: 'POST', path: outsides[provider].path });
    const usual = { 'content-type': 'application/json', 'user-agent': 'Rekey' };
    expect(headers).toMatchObject({ ...usual, ...outsides[provider].headers });
    expect(path).not.toContain('sentinel');
  });

  test('the mail as the API names its fields, no answer by machines, our reference, and no tracking that it can switch', async () => {
    const body = v.parse(schemas[provider] as v.GenericSchema, await bodyOf(await requestOf(provider)));
    const { from, to, subject, text, html } = MAIL;
    expect((bodies[provider] as (body: unknown) => unknown)(body)).toEqual({ from, to, subject, text, html });
  });

  test('a sender without a name, and one whose name needs no care', async () => {
    for (const from of [ADDRESS, `Rekey <${ADDRESS}>`]) {
      const sent = JSON.stringify(await bodyOf(await requestOf(provider, { from })));
      expect(sent).toContain(ADDRESS);
      expect(sent).not.toMatch(/null|undefined|"name":""|=\?/);
    }
  });

  test('a retry repeats it byte for byte', async () => {
    const requests = [await requestOf(provider), await requestOf(provider)];
    const [first, second] = await Promise.all(
      requests.map(async asked => {
        const { 'content-type': type, ...headers } = asked.headers;
        // The boundary of a form is new each time.
        return provider === 'mailgun'
          ? { ...asked, headers: { ...headers, 'content-length': '' }, body: await bodyOf(asked) }
          : { ...asked, headers: { ...headers, type } };
      }),
    );
    expect(second).toEqual(first);
  });

  test('goes below the path of the base URL', async () => {
    expect((await requestOf(provider, {}, { url: `${api.url}/v1` })).path).toBe(`/v1${outsides[provider].path}`);
  });
});

test.each<[MailProvider, Partial<MailAccount>, string]>([
  ['resend', {}, 'https://api.resend.com'],
  ['postmark', {}, 'https://api.postmarkapp.com'],
  ['sendgrid', {}, 'https://api.sendgrid.com'],
  ['sendgrid', { region: 'eu' }, 'https://api.eu.sendgrid.com'],
  ['mailgun', {}, 'https://api.mailgun.net'],
  ['mailgun', { region: 'eu' }, 'https://api.eu.mailgun.net'],
  ['brevo', {}, 'https://api.brevo.com/v3'],
  ['ses', {}, 'https://email.eu-central-1.amazonaws.com'],
  ['ses', { region: 'us-east-1' }, 'https://email.us-east-1.amazonaws.com'],
  ['cloudflare', {}, 'https://api.cloudflare.com/client/v4'],
])('%s %o is asked at %s, where MAIL_API_URL says nothing', async (provider, change, url) => {
  const asked = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response());
  await createMailer({ ...accountAt(provider, null), ...change }, { now: () => NOW_MS }).send(MAIL);
  expect(asked).toHaveBeenCalledExactlyOnceWith(`${url}${outsides[provider].path}`, expect.anything());
});

describe('the idempotency key', () => {
  const keyOf = async (provider: 'resend' | 'brevo', change: Partial<OutgoingMail> = {}): Promise<unknown> => {
    const asked = await requestOf(provider, change);
    return asked.headers['idempotency-key'] ?? JSON.parse(asked.body).headers.idempotencyKey;
  };

  test('of Resend names the job, in at most 256 characters', async () => {
    expect(await keyOf('resend')).toMatch(new RegExp(`^${MAIL.jobId}-0-[0-9a-f]{64}$`));
  });

  test.each(['resend', 'brevo'] as const)(
    'of %s is another for another mail: job, half-life, any word of it',
    async provider => {
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
      for (const change of changes) keys.add(await keyOf(provider, change));
      expect(keys.size).toBe(changes.length);
    },
  );
});

describe('ses', () => {
  const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest();
  const sha256 = (data: string) => createHash('sha256').update(data).digest('hex');

  // AWS, "Create a signed AWS API request", step by step.
  test.each([
    [{}, '20261021'],
    [{ text: 'line\r\n🔒', to: "o'hara+x@example.com" }, '20270105'],
  ])('signs the request as Signature Version 4 says: %o on %s', async (change, day) => {
    const nowMs = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T23:59:59.999Z`);
    const { headers, path, body } = await requestOf('ses', change, { nowMs });
    const [, scope, names = '', signature] =
      /^AWS4-HMAC-SHA256 Credential=AKIASENTINEL00000000\/(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
        headers.authorization ?? '',
      ) ?? [];
    expect(scope).toBe(`${day}/eu-central-1/ses/aws4_request`);
    expect(headers['x-amz-date']).toBe(`${day}T235959Z`);
    expect(names.split(';')).toEqual(expect.arrayContaining(['host', 'x-amz-date']));

    const signed = names.split(';').map(name => `${name}:${headers[name]}\n`);
    const canonical = ['POST', path, '', signed.join(''), names, sha256(body)].join('\n');
    const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
    const key = [day, 'eu-central-1', 'ses', 'aws4_request'].reduce<Buffer | string>(hmac, 'AWS4sentinel/se:cret+key');
    expect(signature).toBe(hmac(key, toSign).toString('hex'));
  });

  test('a later try has another date and signature, and the same body', async () => {
    const [first, second] = [await requestOf('ses'), await requestOf('ses', {}, { nowMs: NOW_MS + 60_000 })];
    expect(second.headers.authorization).not.toBe(first.headers.authorization);
    expect(second.body).toBe(first.body);
  });

  test.each(['Söhne', 'Rekey Inc.', '🔒'.repeat(70), `${'x'.repeat(41)}é`, 'паро́ль', '=?UTF-8?B?eA==?='])(
    'the name %s goes as words that every mailbox puts together again',
    async name => {
      const sent = JSON.parse((await requestOf('ses', { from: `${name} <${ADDRESS}>` })).body).FromEmailAddress;
      expect(sent).toMatch(encodedSender);
      expect(decodedSender(sent)).toBe(`${name} <${ADDRESS}>`);
    },
  );
});
