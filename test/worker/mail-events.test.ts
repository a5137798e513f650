/** What a mail provider tells of our mails, through the door: who is believed, what comes of it, and who cannot bend it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../worker/config.ts';
import { mailAddressKey } from '../../worker/credentials/lookup-key.ts';
import { MAIL_PROVIDERS } from '../../worker/mail/mail-account.ts';
import { activityOf, deleteAccount } from '../support/account.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { startBreakableRekey, startRekey, TEST_SETTINGS, withClockAhead } from '../support/harness.ts';
import { insertMail, type MailRecord, stateOf, suppressionOf } from '../support/mail-records.ts';
import { createPerson, createRegistered, type Person } from '../support/people.ts';
import { rowsOf, storedUser, wholeDatabase } from '../support/rows.ts';
import {
  BASIC_SECRET,
  inSnsEnvelope,
  MAILGUN_SECRET,
  SENDGRID_KEYS,
  signMailgun,
  signResend,
  signSendgrid,
  spkiOf,
  type Webhook,
  withBasicAuth,
} from '../support/webhooks.ts';

let rekey: Awaited<ReturnType<typeof startBreakableRekey>>;
beforeAll(async () => {
  rekey = await startBreakableRekey();
});
afterAll(() => rekey.stop());

const RESEND = '/api/mail-events/resend';
const MINUTE_MS = 60_000;

const tell = (webhook: Webhook, path = RESEND, at = rekey as Parameters<typeof createPerson>[0]) =>
  createPerson(at, 'provider').send(path, webhook);

const keyOf = async ({ email }: { email: string }): Promise<string> => {
  const outcome = readConfig(TEST_SETTINGS);
  if (outcome.kind === 'bad') throw new Error(outcome.problems.join());
  return mailAddressKey(outcome.config, email);
};

/** A mail of hers that the provider has accepted. */
const mailTo = async (person: Person, given: Partial<MailRecord> = {}) =>
  insertMail(rekey, { userId: (await storedUser(rekey, person)).id, addressKey: await keyOf(person), ...given });

const eventOf = ({ providerId }: MailRecord, type: string, more = {}) => ({
  type: `email.${type}`,
  data: { email_id: providerId, to: ['somebody@example.com'], ...more },
});
const bounceOf = (mail: MailRecord) => eventOf(mail, 'bounced', { bounce: { type: 'Permanent' } });
const mailOf = async (person: Person) => (await person.get('/api/account')).body.mail;

describe('a bounce', () => {
  test('is told to the owner, in the account, its activity and its export, until a later mail arrives', async () => {
    const ada = await createRegistered(rekey);
    const mail = await mailTo(ada);
    expect(await mailOf(ada)).toBe('ok');
    const answer = await tell(signResend(bounceOf(mail)));
    expect([answer.status, answer.text]).toEqual([204, '']);

    expect(await stateOf(rekey, mail)).toBe('bounced');
    expect(await mailOf(ada)).toBe('bouncing');
    expect(await activityOf(ada)).toEqual(['mail_bounced', 'registered']);
    const { activity } = (await ada.get('/api/account/activity')).body as { activity: unknown[] };
    expect(activity[0]).toMatchObject({ kind: 'mail_bounced', userAgent: null, country: null });
    const exported = (await ada.get('/api/account/export')).body;
    expect(exported.mails).toContainEqual({
      kind: 'reset',
      provider: 'resend',
      state: 'bounced',
      createdAt: expect.any(String),
      changedAt: expect.any(String),
    });
    expect(exported.mailSuppressed).toEqual({
      reason: 'bounced',
      since: expect.any(String),
      until: expect.any(String),
    });

    const later = await mailTo(ada, { createdAt: Date.now() + 1000 });
    await tell(signResend(eventOf(later, 'delivered')));
    expect(await mailOf(ada)).toBe('ok');
    expect((await ada.get('/api/account/export')).body.mailSuppressed).toBeNull();
  });

  test('told twice under stamps of their own is one', async () => {
    const ada = await createRegistered(rekey);
    const mail = await mailTo(ada);
    await tell(signResend(bounceOf(mail)));
    const before = await suppressionOf(rekey, mail);
    expect((await tell(signResend(bounceOf(mail)))).status).toBe(204);
    expect(await suppressionOf(rekey, mail)).toEqual(before);
    expect(await activityOf(ada)).toEqual(['mail_bounced', 'registered']);
  });

  test('of a mail to an address without an account suppresses the address, and is nobody’s activity', async () => {
    const mail = await insertMail(rekey);
    const before = (await rowsOf(rekey, 'activity')).length;
    await tell(signResend(bounceOf(mail)));
    expect(await suppressionOf(rekey, mail)).toMatchObject({ reason: 'bounced' });
    expect(await rowsOf(rekey, 'activity')).toHaveLength(before);
  });

  test('goes with the account that is deleted, but for what is known of the address', async () => {
    const ada = await createRegistered(rekey);
    const mail = await mailTo(ada);
    await tell(signResend(bounceOf(mail)));
    expect((await deleteAccount(ada)).status).toBe(204);
    expect(await stateOf(rekey, mail)).toBeUndefined();
    expect(await suppressionOf(rekey, mail)).not.toBeNull();
  });
});

test('a complaint stays, whatever is delivered after it and in whatever order the news come', async () => {
  const ada = await createRegistered(rekey);
  const mail = await mailTo(ada);
  await tell(signResend(eventOf(mail, 'complained')));
  await tell(signResend(eventOf(mail, 'delivered')));
  await tell(signResend(bounceOf(mail)));
  await tell(signResend(eventOf(await mailTo(ada, { createdAt: Date.now() + 1000 }), 'delivered')));
  expect(await stateOf(rekey, mail)).toBe('complained');
  expect(await suppressionOf(rekey, mail)).toMatchObject({ reason: 'complained', until: null });
  expect([await mailOf(ada), await activityOf(ada)]).toEqual(['bouncing', ['mail_complained', 'registered']]);
});

describe('nobody is believed', () => {
  const refused = async (webhook: Webhook, path = RESEND) => {
    const before = await wholeDatabase(rekey);
    const answer = await tell(webhook, path);
    expectProblem(answer, 'invalid_signature');
    expect(answer.headers.get('WWW-Authenticate')).toBeNull();
    expect(await wholeDatabase(rekey)).toBe(before);
  };

  test('a second time with the same request', async () => {
    const mail = await insertMail(rekey);
    const webhook = signResend(eventOf(mail, 'delivered'));
    expect((await tell(webhook)).status).toBe(204);
    await refused(webhook);
    expect(rekey.events()).toContainEqual(
      expect.objectContaining({ event: 'mail_events_refused', provider: 'resend', reason: 'replayed' }),
    );
  });

  test('of many at the same moment with one request but the first', async () => {
    const webhook = signResend(bounceOf(await insertMail(rekey)));
    const answers = await Promise.all(Array.from({ length: 8 }, () => tell(webhook)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array(7).fill(401)]);
  });

  test('without a signature, with another’s, or with a body that was touched', async () => {
    const mail = await insertMail(rekey);
    const webhook = signResend(bounceOf(mail));
    await refused({ headers: {}, body: webhook.body });
    await refused(signResend(bounceOf(mail), { secret: 'whsec_b3RoZXItd2ViaG9vay1zZWNyZXQtMDEyMzQ1Njc4' }));
    await refused({ ...webhook, body: webhook.body.replace('somebody', 'anybody') });
    await refused({ ...webhook, body: `${webhook.body}\r\n` });
  });

  test('more than 5 minutes late or early by our clock', async () => {
    const mail = await insertMail(rekey);
    await refused(signResend(bounceOf(mail), { atMs: Date.now() - 6 * MINUTE_MS }));
    await refused(signResend(bounceOf(mail), { atMs: Date.now() + 6 * MINUTE_MS }));
    const early = signResend(bounceOf(mail));
    await withClockAhead(rekey, 6 * MINUTE_MS, () => refused(early));
  });

  test('by another provider’s proof', async () => {
    const mail = await insertMail(rekey);
    const { providerId } = mail;
    await refused(signSendgrid([{ event: 'bounce', sg_message_id: providerId }]));
    await refused(signMailgun({ event: 'complained', message: { headers: { 'message-id': providerId } } }));
    await refused(withBasicAuth({ RecordType: 'SpamComplaint', MessageID: providerId }));
  });
});

test('an event acts on the mail that its id names: an address that it holds is looked at by nobody', async () => {
  const ada = await createRegistered(rekey);
  const mail = await mailTo(ada, { provider: 'postmark' });
  const states = async () => [await rowsOf(rekey, 'mails'), await rowsOf(rekey, 'suppressions')];
  const before = await states();
  for (const email_id of [crypto.randomUUID(), mail.providerId, mail.jobId, '', undefined, null, [mail.providerId]]) {
    const data = { email_id, to: [ada.email], email: ada.email };
    expect((await tell(signResend({ type: 'email.complained', data }))).status).toBe(204);
  }
  expect(await states()).toEqual(before);
  expect([await mailOf(ada), await activityOf(ada)]).toEqual(['ok', ['registered']]);
});

describe('the door', () => {
  test('is there for a provider that is set up with a secret, and for no other', async () => {
    for (const other of [
      'postmark',
      'sendgrid',
      'mailgun',
      'brevo',
      'ses',
      'cloudflare',
      'constructor',
      'RESEND',
      'x',
    ]) {
      expectProblem(await tell(signResend({}), `/api/mail-events/${other}`), 'not_found');
    }
    expectProblem(await tell(signResend({}), '/api/mail-events'), 'not_found');
    expectProblem(await tell(signResend({}), `${RESEND}/more`), 'not_found');
  });

  test('takes no other method, and is at no other host', async () => {
    const answer = await createPerson(rekey).get(RESEND);
    expectProblem(answer, 'method_not_allowed');
    expect(answer.headers.get('Allow')).toBe('POST');
    expectProblem(await tell(signResend({}), `http://other.example${RESEND}`), 'wrong_host');
  });

  test('takes a MiB and not a byte more, whatever length is declared', async () => {
    const head = '{"type":"email.sent","x":"';
    const bodyOf = (bytes: number) => `${head}${'x'.repeat(bytes - head.length - 2)}"}`;
    const MIB = 1024 * 1024;
    expect((await tell(signResend(bodyOf(MIB)))).status).toBe(204);
    expectProblem(await tell(signResend(bodyOf(MIB + 1))), 'payload_too_large');
    const chunks = new Blob([bodyOf(MIB + 1)]).stream() as ReadableStream<Uint8Array>;
    expectProblem(await createPerson(rekey).send(RESEND, { body: chunks }), 'payload_too_large');
  });

  test('asks neither for an origin nor for a type', async () => {
    for (const headers of [
      { Origin: 'https://evil.example' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Content-Type': 'text/plain' },
    ]) {
      const webhook = signResend({ type: 'email.sent' });
      expect((await tell({ ...webhook, headers: { ...webhook.headers, ...headers } })).status).toBe(204);
    }
  });

  test('is open to a hundred requests of one client at once', async () => {
    const provider = createPerson(rekey, 'provider');
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => provider.send(RESEND, signResend({ type: 'email.sent' }))),
    );
    expect(answers.filter(({ status }) => status !== 204)).toEqual([]);
  });

  test('says of a good proof with a bad body that it is one, and nothing of what it does not know', async () => {
    expectProblem(await tell(signResend('{')), 'malformed_request');
    expectProblem(await tell(signResend('')), 'malformed_request');
    for (const event of [{}, { type: 'email.opened' }, { type: 1 }, { type: 'email.bounced', data: null }]) {
      expect((await tell(signResend(event))).status).toBe(204);
    }
  });

  test('says 503 where the database does not answer, and takes the same request when it does', async () => {
    const mail = await insertMail(rekey);
    const webhook = signResend(bounceOf(mail));
    await rekey.doors.breakPart('database');
    const answer = await tell(webhook);
    await rekey.doors.mendAll();
    expectProblem(answer, 'unavailable');
    expect(await stateOf(rekey, mail)).toBe('accepted');
    expect((await tell(webhook)).status).toBe(204);
    expect(await stateOf(rekey, mail)).toBe('bounced');
  });
});

describe('the queue of Cloudflare’s news', () => {
  const QUEUE = 'rekey-mail-events';
  const newsOf = ({ providerId }: MailRecord, type: string, more = {}) => ({
    type: `cf.email.sending.message.${type}`,
    payload: { messageId: providerId, recipient: 'somebody@example.com', ...more },
  });

  test('tells of bounces as a webhook does', async () => {
    const mail = await insertMail(rekey, { provider: 'cloudflare' });
    const other = await insertMail(rekey);
    expect(await rekey.deliver(newsOf(mail, 'bounced', { bounce: { type: 'hard' } }), 1, QUEUE)).toBe('acked');
    expect(await rekey.deliver(newsOf(other, 'complained'), 1, QUEUE)).toBe('acked');
    expect([await stateOf(rekey, mail), await stateOf(rekey, other)]).toEqual(['bounced', 'accepted']);
    expect(await suppressionOf(rekey, mail)).toMatchObject({ reason: 'bounced' });
  });

  test('may hold what means nothing, and sends no mail', async () => {
    const { email } = createPerson(rekey);
    for (const body of [
      null,
      'x',
      { type: 'other' },
      { id: crypto.randomUUID(), kind: 'reset_asked', email, madeAtMs: 0 },
    ]) {
      expect(await rekey.deliver(body, 1, QUEUE)).toBe('acked');
    }
    expect(rekey.mailbox.mailsTo(email)).toEqual([]);
  });

  test('waits for a database that does not answer', async () => {
    const mail = await insertMail(rekey, { provider: 'cloudflare' });
    await rekey.doors.breakPart('database');
    const settled = await rekey.deliver(newsOf(mail, 'delivered'), 1, QUEUE);
    await rekey.doors.mendAll();
    expect(settled).toBe('retried in 60');
  });
});

test('without a secret there is no door', async () => {
  const closed = await startRekey({ without: ['MAIL_WEBHOOK_SECRET'] });
  expectProblem(await tell(signResend({}), RESEND, closed), 'not_found');
  await closed.stop();
});

type Other = { provider: string; secret: string; settings: Record<string, string>; bounce: (id: string) => Webhook };
const SENDGRID: Other = {
  provider: 'sendgrid',
  secret: spkiOf(SENDGRID_KEYS),
  settings: { REGION: 'eu' },
  bounce: id => signSendgrid([{ event: 'bounce', sg_message_id: `${id}.filter.0` }]),
};
const SES: Other = {
  provider: 'ses',
  secret: BASIC_SECRET,
  settings: { API_KEY: 'TESTKEYOFNOBODY00000:nobodys-key-0123456789012345678901234567', REGION: 'eu-central-1' },
  bounce: id =>
    withBasicAuth(inSnsEnvelope({ eventType: 'Bounce', bounce: { bounceType: 'Permanent' }, mail: { messageId: id } })),
};
const MAILGUN: Other = {
  provider: 'mailgun',
  secret: MAILGUN_SECRET,
  settings: { ACCOUNT: 'mg.example.com', REGION: 'eu' },
  bounce: id => signMailgun({ event: 'failed', severity: 'permanent', message: { headers: { 'message-id': id } } }),
};
const POSTMARK: Other = {
  provider: 'postmark',
  secret: BASIC_SECRET,
  settings: {},
  bounce: id => withBasicAuth({ RecordType: 'Bounce', Type: 'HardBounce', MessageID: id }),
};

const settingsOf = ({ provider, secret, settings }: Other, prefix: string) =>
  Object.fromEntries(
    Object.entries({ PROVIDER: provider, API_KEY: 'test', WEBHOOK_SECRET: secret, ...settings }).map(
      ([name, value]) => [prefix + name, value],
    ),
  );

// A provider that cannot be chosen yet is left out, and counted as such.
const canBeChosen = (...others: Other[]) =>
  others.every(({ provider }) => (MAIL_PROVIDERS as readonly string[]).includes(provider));

describe.each([
  [SENDGRID, SES],
  [MAILGUN, POSTMARK],
])('where $provider sends and another takes over', (first, second) => {
  test.skipIf(!canBeChosen(first, second))('each is believed by its own proof, and by no other', async () => {
    const at = await startRekey({
      settings: { ...settingsOf(first, 'MAIL_'), ...settingsOf(second, 'MAIL_FALLBACK_') },
    });
    for (const [own, other] of [
      [first, second],
      [second, first],
    ] as const) {
      const { provider } = own;
      const mail = await insertMail(at, { provider });
      const refused = await tell(other.bounce(mail.providerId ?? ''), `/api/mail-events/${provider}`, at);
      expectProblem(refused, 'invalid_signature');
      // Amazon SNS sends its credentials only to who asks for them.
      const asksForThem = refused.headers.get('WWW-Authenticate') === 'Basic realm="Mail events"';
      expect([provider, asksForThem]).toEqual([provider, own.secret === BASIC_SECRET]);
      expect((await tell(own.bounce(mail.providerId ?? ''), `/api/mail-events/${provider}`, at)).status).toBe(204);
      expect(await stateOf(at, mail)).toBe('bounced');
    }
    expectProblem(await tell(signResend({}), RESEND, at), 'not_found');
    await at.stop();
  });
});
