/** Who may tell us of mails: every provider's proof, and everything that is none. The signatures are node:crypto's. */
import { describe, expect, test } from 'vitest';
import { rawSignature } from '../../worker/mail/events/der-signature.ts';
import { webhookReaderOf } from '../../worker/mail/events/readers.ts';
import { badWebhookSecret } from '../../worker/mail/webhook-secret.ts';
import {
  BASIC_SECRET,
  inSnsEnvelope,
  MAILGUN_SECRET,
  OTHER_SENDGRID_KEYS,
  SENDGRID_KEYS,
  sendgridHeaders,
  signMailgun,
  signResend,
  signSendgrid,
  spkiOf,
  svixSignature,
  WEBHOOK_SECRET,
  type Webhook,
  withBasicAuth,
} from '../support/webhooks.ts';

const NOW = 1_767_225_600_000;
const OTHER_SECRET = 'whsec_b3RoZXItd2ViaG9vay1zZWNyZXQtMDEyMzQ1Njc4';
const MINUTES_5 = 5 * 60_000;

const SECRETS: Record<string, string> = {
  resend: WEBHOOK_SECRET,
  sendgrid: spkiOf(SENDGRID_KEYS),
  mailgun: MAILGUN_SECRET,
  postmark: BASIC_SECRET,
  brevo: BASIC_SECRET,
  ses: BASIC_SECRET,
};

const readBytes = (provider: string, headers: Record<string, string>, body: Uint8Array<ArrayBuffer>, nowMs = NOW) => {
  const read = webhookReaderOf(provider);
  if (!read) throw new Error(`no reader for ${provider}`);
  return read({ headers: new Headers(headers), body }, SECRETS[provider] ?? '', nowMs);
};
const read = (provider: string, { headers, body }: Webhook, nowMs = NOW) =>
  readBytes(provider, headers, Uint8Array.from(Buffer.from(body)), nowMs);

const DELIVERED = { type: 'email.delivered', data: { email_id: 'id-1' } };
const SENT_DELIVERED = [{ event: 'delivered', sg_message_id: 'id-1.filter.0' }];
const GUN_DELIVERED = { event: 'delivered', message: { headers: { 'message-id': 'id-1' } } };
const good = { kind: 'good', events: [{ providerId: 'id-1', kind: 'delivered' }] };

const SIGNED: [string, (atMs: number) => Webhook][] = [
  ['resend', atMs => signResend(DELIVERED, { atMs })],
  ['sendgrid', atMs => signSendgrid(SENT_DELIVERED, { atMs })],
  ['mailgun', atMs => signMailgun(GUN_DELIVERED, { atMs })],
];

describe.each(SIGNED)('%s', (provider, signAt) => {
  test('is believed for 5 minutes to either side of our clock, and not a second longer', async () => {
    for (const atMs of [NOW, NOW - MINUTES_5, NOW + MINUTES_5])
      expect(await read(provider, signAt(atMs))).toMatchObject(good);
    for (const atMs of [NOW - MINUTES_5 - 1000, NOW + MINUTES_5 + 1000, 0]) {
      expect(await read(provider, signAt(atMs))).toEqual({ kind: 'refused', reason: 'stale' });
    }
  });

  test('has a stamp that tells two requests apart, and is the same for the same one', async () => {
    const [one, other] = [signAt(NOW), signAt(NOW - 1000)];
    const stampOf = async (webhook: Webhook) => (await read(provider, webhook)) as { stamp?: string };
    expect((await stampOf(one)).stamp).toBe((await stampOf(one)).stamp);
    expect((await stampOf(one)).stamp).not.toBe((await stampOf(other)).stamp);
    expect((await stampOf(one)).stamp).toMatch(/./);
  });

  test('is not believed without a signature', async () => {
    expect(await read(provider, { headers: {}, body: '{}' })).toEqual({ kind: 'refused', reason: 'unsigned' });
    expect(await read(provider, { headers: {}, body: '' })).toEqual({ kind: 'refused', reason: 'unsigned' });
  });
});

describe('resend', () => {
  test('may sign with an old and a new secret at once', async () => {
    const { headers, body } = signResend(DELIVERED, { atMs: NOW });
    const [id = '', time = ''] = [headers['svix-id'], headers['svix-timestamp']];
    const others = `v2,x ${svixSignature(OTHER_SECRET, id, time, body)}`;
    const signature = `${others} ${headers['svix-signature']}`;
    expect(await read('resend', { headers: { ...headers, 'svix-signature': signature }, body })).toMatchObject(good);
  });

  const signed = signResend(DELIVERED, { atMs: NOW });
  const signature = signed.headers['svix-signature'] ?? '';
  test.each<[string, Partial<Webhook>]>([
    ['a byte of the body is another', { body: signed.body.replace('id-1', 'id-2') }],
    ['the body has grown', { body: `${signed.body}\n` }],
    ['the id is another', { headers: { ...signed.headers, 'svix-id': 'other' } }],
    ['the time is another', { headers: { ...signed.headers, 'svix-timestamp': String(NOW / 1000 + 1) } }],
    [
      'the version is none that we know',
      { headers: { ...signed.headers, 'svix-signature': signature.replace('v1', 'v2') } },
    ],
    ['the signature is no base64', { headers: { ...signed.headers, 'svix-signature': 'v1,*' } }],
    ['the signature is empty', { headers: { ...signed.headers, 'svix-signature': 'v1,' } }],
    ['the signature is cut short', { headers: { ...signed.headers, 'svix-signature': signature.slice(0, 24) } }],
    [
      'it is the sixth of them',
      { headers: { ...signed.headers, 'svix-signature': `${'v1,AAAA '.repeat(5)}${signature}` } },
    ],
    ['the secret is another', signResend(DELIVERED, { atMs: NOW, secret: OTHER_SECRET })],
  ])('is not believed where %s', async (_, change) => {
    expect(await read('resend', { ...signed, ...change })).toEqual({ kind: 'refused', reason: 'forged' });
  });

  test.each(['1e9', '-1', '+1767225600', '1767225600.0', '0x695', 'now', '9'.repeat(13)])(
    'has no time %s',
    async time => {
      const headers = { ...signed.headers, 'svix-timestamp': time };
      expect((await read('resend', { ...signed, headers })).kind).toBe('refused');
    },
  );

  test('signs bytes: what is no UTF-8 breaks no signature', async () => {
    const start = Buffer.from('{"type":"email.delivered","data":{"email_id":"id-1","subject":"');
    const body = Uint8Array.from([...start, 0xff, 0xfe, ...Buffer.from('"}}')]);
    const key = Buffer.from(WEBHOOK_SECRET.replace('whsec_', ''), 'base64');
    const time = String(NOW / 1000);
    const { createHmac } = await import('node:crypto');
    const mac = createHmac('sha256', key).update(`id.${time}.`).update(body).digest('base64');
    const headers = { 'svix-id': 'id', 'svix-timestamp': time, 'svix-signature': `v1,${mac}` };
    expect(await readBytes('resend', headers, body)).toMatchObject(good);
  });
});

describe('sendgrid', () => {
  const signed = signSendgrid(SENT_DELIVERED, { atMs: NOW });
  test.each<[string, Partial<Webhook>]>([
    ['the closing line break is lost', { body: signed.body.trim() }],
    ['the body was parsed and written again', { body: JSON.stringify(SENT_DELIVERED, null, 1) }],
    [
      'the time is another',
      { headers: sendgridHeaders(String(NOW / 1000 + 1), Object.values(signed.headers)[1] ?? '') },
    ],
    ['the signature is no base64', { headers: sendgridHeaders(String(NOW / 1000), '*') }],
    ['the signature is no DER', { headers: sendgridHeaders(String(NOW / 1000), 'AAAA') }],
    ['the key is another', signSendgrid(SENT_DELIVERED, { atMs: NOW, keys: OTHER_SENDGRID_KEYS })],
  ])('is not believed where %s', async (_, change) => {
    expect(await read('sendgrid', { ...signed, ...change })).toEqual({ kind: 'refused', reason: 'forged' });
  });

  test('has one stamp for all signatures of a request: anybody can make a second of ECDSA’s', async () => {
    const again = signSendgrid(SENT_DELIVERED, { atMs: NOW });
    expect(again.headers).not.toEqual(signed.headers);
    expect(await read('sendgrid', again)).toEqual(await read('sendgrid', signed));
  });

  test('signs a hundred times, and each is understood whatever zeros its numbers begin with', async () => {
    for (let n = 0; n < 100; n += 1) {
      const one = signSendgrid([{ event: 'delivered', sg_message_id: `id-${n}` }], { atMs: NOW });
      expect((await read('sendgrid', one)).kind).toBe('good');
    }
  });
});

describe('a signature in DER', () => {
  const sequence = (...bytes: number[]) => Uint8Array.from([0x30, bytes.length, ...bytes]);
  test('becomes two numbers of 32 bytes', () => {
    const raw = rawSignature(sequence(2, 1, 0x7f, 2, 2, 0, 0x80));
    expect([raw?.length, raw?.[31], raw?.[63], raw?.[62]]).toEqual([64, 0x7f, 0x80, 0]);
  });

  test.each([
    ['is empty', Uint8Array.of()],
    ['is no sequence', Uint8Array.of(0x31, 6, 2, 1, 1, 2, 1, 1)],
    ['is longer than it says', Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1, 0)],
    ['is shorter than it says', Uint8Array.of(0x30, 7, 2, 1, 1, 2, 1, 1)],
    ['holds one number', sequence(2, 1, 1)],
    ['holds three', sequence(2, 1, 1, 2, 1, 1, 2, 1, 1)],
    ['holds a negative number', sequence(2, 1, 0x80, 2, 1, 1)],
    ['holds a zero', sequence(2, 1, 0, 2, 1, 1)],
    ['holds a number without digits', sequence(2, 0, 2, 1, 1)],
    ['holds a zero in front that nothing needs', sequence(2, 2, 0, 1, 2, 1, 1)],
    ['holds a number of 33 digits', sequence(2, 33, ...Array(33).fill(1), 2, 1, 1)],
    ['has a length in the long form', Uint8Array.of(0x30, 0x81, 6, 2, 1, 1, 2, 1, 1)],
  ])('is none where it %s', (_, der) => {
    expect(rawSignature(der)).toBeNull();
  });
});

describe('mailgun', () => {
  const change = (webhook: Webhook, name: string, value: unknown): Webhook => {
    const body = JSON.parse(webhook.body);
    body.signature[name] = value;
    return { headers: {}, body: JSON.stringify(body) };
  };
  const signed = signMailgun(GUN_DELIVERED, { atMs: NOW, token: 'a1b2' });
  test.each<[string, Webhook]>([
    ['the time is another', change(signed, 'timestamp', String(NOW / 1000 + 1))],
    ['the token is another', change(signed, 'token', 'a1b3')],
    [
      'the signature is cut short',
      change(signed, 'signature', JSON.parse(signed.body).signature.signature.slice(0, 32)),
    ],
    ['the signature is no hex', change(signed, 'signature', 'z'.repeat(64))],
    ['the secret is another', signMailgun(GUN_DELIVERED, { atMs: NOW, secret: 'another-signing-key' })],
  ])('is not believed where %s', async (_, webhook) => {
    expect(await read('mailgun', webhook)).toEqual({ kind: 'refused', reason: 'forged' });
  });

  test('proves nothing by what is no text', async () => {
    for (const name of ['timestamp', 'token', 'signature']) {
      for (const value of [1, null, [], {}, '']) {
        expect((await read('mailgun', change(signed, name, value))).kind).toBe('refused');
      }
    }
  });
});

describe.each(['postmark', 'brevo', 'ses'])('%s', provider => {
  test('is believed by user and password, and has no stamp', async () => {
    expect(await read(provider, withBasicAuth({}))).toEqual({ kind: 'good', stamp: null, events: [] });
    const { headers } = withBasicAuth({});
    const lowercase = { Authorization: headers.Authorization?.replace('Basic', 'basic') ?? '' };
    expect((await read(provider, { headers: lowercase, body: '{}' })).kind).toBe('good');
  });

  test.each([
    [undefined, 'unsigned'],
    ['', 'unsigned'],
    ['Basic', 'unsigned'],
    ['Basic ***', 'unsigned'],
    [`Bearer ${BASIC_SECRET}`, 'unsigned'],
    [`Basic ${BASIC_SECRET}`, 'unsigned'],
    [`Basic ${btoa('')}`, 'unsigned'],
    [`Basic ${btoa(`${BASIC_SECRET}x`)}`, 'forged'],
    [`Basic ${btoa(BASIC_SECRET.slice(0, -1))}`, 'forged'],
    [`Basic ${btoa(BASIC_SECRET.toUpperCase())}`, 'forged'],
    [`Basic ${btoa(BASIC_SECRET.split(':')[0] ?? '')}`, 'forged'],
  ])('is not believed by %s', async (authorization, reason) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
    expect(await read(provider, { headers, body: '{}' })).toEqual({ kind: 'refused', reason });
  });
});

test.each([
  ['resend', signResend('[]', { atMs: NOW })],
  ['resend', signResend('', { atMs: NOW })],
  ['sendgrid', signSendgrid('{}', { atMs: NOW })],
  ['sendgrid', signSendgrid('[', { atMs: NOW })],
  ['mailgun', signMailgun('x', { atMs: NOW })],
  ['postmark', withBasicAuth('null')],
  ['brevo', withBasicAuth('')],
  ['ses', withBasicAuth('"x"')],
])('%s with a good proof and a body that is none is malformed', async (provider, webhook) => {
  expect(await read(provider, webhook)).toEqual({ kind: 'malformed' });
});

describe('the question of Amazon SNS', () => {
  const ask = (SubscribeURL: unknown) => read('ses', withBasicAuth({ Type: 'SubscriptionConfirmation', SubscribeURL }));
  const query = '?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-central-1:123456789012:mail&Token=x';

  test.each(['sns.eu-central-1.amazonaws.com', 'sns.us-gov-west-1.amazonaws.com', 'sns.cn-north-1.amazonaws.com.cn'])(
    'is answered at %s',
    async host => {
      const url = `https://${host}/${query}`;
      expect(await ask(url)).toEqual({ kind: 'confirm', url });
    },
  );

  test.each([
    `http://sns.eu-central-1.amazonaws.com/${query}`,
    `https://sns.eu-central-1.amazonaws.com.evil.example/${query}`,
    `https://sns.eu-central-1.amazonaws.com:8443/${query}`,
    `https://sns.eu-central-1.amazonaws.com@evil.example/${query}`,
    `https://x:y@sns.eu-central-1.amazonaws.com/${query}`,
    `https://evil-sns.eu-central-1.amazonaws.com/${query}`,
    `https://bucket.s3.amazonaws.com/${query}`,
    `https://sns.evil.example/${query}`,
    'https://sns.eu-central-1.amazonaws.com/?Action=DeleteTopic',
    `https://sns.eu-central-1.amazonaws.com/other${query}`,
    'not a URL',
    undefined,
    {},
  ])('is not answered at %s', async url => {
    expect(await ask(url)).toEqual({ kind: 'malformed' });
  });

  test('is not asked by whoever has no password', async () => {
    const question = {
      Type: 'SubscriptionConfirmation',
      SubscribeURL: `https://sns.eu-central-1.amazonaws.com/${query}`,
    };
    expect((await read('ses', withBasicAuth(question, { secret: 'a:b' }))).kind).toBe('refused');
  });

  test('may come before other messages of the topic, which say nothing to us', async () => {
    for (const sent of [inSnsEnvelope('hello'), { Type: 'Notification' }, { Type: 'UnsubscribeConfirmation' }]) {
      expect(await read('ses', withBasicAuth(sent))).toEqual({ kind: 'good', stamp: null, events: [] });
    }
  });
});

describe('the secret of the webhooks', () => {
  test('is looked at by provider', () => {
    for (const [provider, secret] of Object.entries(SECRETS)) expect(badWebhookSecret(provider, secret)).toBeNull();
    for (const provider of [...Object.keys(SECRETS), 'cloudflare']) expect(badWebhookSecret(provider, '')).toBeNull();
  });

  test.each([
    ['resend', MAILGUN_SECRET],
    ['resend', 'whsec_short'],
    ['sendgrid', WEBHOOK_SECRET],
    ['sendgrid', spkiOf(SENDGRID_KEYS).slice(4)],
    ['mailgun', 'short'],
    ['postmark', 'user'],
    ['postmark', 'user:short'],
    ['brevo', ':0123456789abcdef'],
    ['ses', 'user:with spaces 0123456789'],
    ['cloudflare', 'x'],
  ])('of %s cannot be %s', (provider, secret) => {
    expect(badWebhookSecret(provider, secret)).toMatch(/, or nothing$/);
  });
});
