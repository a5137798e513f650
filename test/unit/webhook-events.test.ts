/** What each provider's word for the fate of a mail means to us. Only what is final and about the address is a bounce. */
import { expect, test } from 'vitest';
import { readCloudflareEvent } from '../../worker/mail/events/cloudflare.ts';
import { webhookReaderOf } from '../../worker/mail/events/readers.ts';
import {
  BASIC_SECRET,
  inSnsEnvelope,
  MAILGUN_SECRET,
  SENDGRID_KEYS,
  signMailgun,
  signResend,
  signSendgrid,
  spkiOf,
  WEBHOOK_SECRET,
  type Webhook,
  withBasicAuth,
} from '../support/webhooks.ts';

const eventsOf = async (provider: string, secret: string, { headers, body }: Webhook) => {
  const request = { headers: new Headers(headers), body: Uint8Array.from(Buffer.from(body)) };
  const reading = await webhookReaderOf(provider)?.(request, secret, Date.now());
  if (reading?.kind !== 'good') throw new Error(`${provider} was not believed`);
  return reading.events;
};
const one = (kind: string | null) => (kind === null ? [] : [{ providerId: 'id-1', kind }]);

test.each([
  ['email.sent', {}, null],
  ['email.delivered', {}, 'delivered'],
  ['email.delivery_delayed', {}, 'delayed'],
  ['email.bounced', { bounce: { type: 'Permanent' } }, 'bounced'],
  ['email.bounced', { bounce: { type: 'Transient' } }, 'delayed'],
  ['email.bounced', { bounce: { type: 'Undetermined' } }, 'delayed'],
  ['email.bounced', {}, 'delayed'],
  ['email.complained', {}, 'complained'],
  ['email.suppressed', { suppressed: { reason: 'previous_bounce' } }, 'bounced'],
  ['email.suppressed', { suppressed: { reason: 'previous_complaint' } }, 'complained'],
  ['email.failed', { failed: { reason: 'reached_daily_quota' } }, null],
  ['__proto__', {}, null],
])('resend: %s %j is %s', async (type, data, kind) => {
  const event = { type, data: { ...data, email_id: 'id-1', to: ['ada@example.com'] } };
  expect(await eventsOf('resend', WEBHOOK_SECRET, signResend(event))).toEqual(one(kind));
});

test.each([undefined, null, '', 1, {}, 'x'.repeat(501)])(
  'an event without an id that could be ours is none: %j',
  async id => {
    const event = {
      type: 'email.bounced',
      data: { email_id: id, bounce: { type: 'Permanent' }, to: ['ada@example.com'] },
    };
    expect(await eventsOf('resend', WEBHOOK_SECRET, signResend(event))).toEqual([]);
  },
);

test('sendgrid tells of many mails at once, by ids that go on after a dot', async () => {
  const events = [
    { event: 'processed' },
    { event: 'delivered' },
    { event: 'deferred' },
    { event: 'bounce', type: 'bounce' },
    { event: 'bounce' },
    { event: 'bounce', type: 'blocked' },
    { event: 'dropped', reason: 'Bounced Address' },
    { event: 'dropped', reason: 'Invalid' },
    { event: 'dropped', reason: 'Spam Reporting Address' },
    { event: 'dropped', reason: 'Unsubscribed Address' },
    { event: 'dropped', reason: 'constructor' },
    { event: 'dropped' },
    { event: 'spamreport' },
    { event: 'open' },
  ].map((event, n) => ({ ...event, sg_message_id: `id-${n}.filter.0`, email: 'ada@example.com' }));
  const told = await eventsOf(
    'sendgrid',
    spkiOf(SENDGRID_KEYS),
    signSendgrid([...events, null, 'x', { event: 'bounce' }]),
  );
  expect(told.map(({ providerId, kind }) => `${providerId} ${kind}`)).toEqual([
    'id-1 delivered',
    'id-2 delayed',
    'id-3 bounced',
    'id-4 bounced',
    'id-5 delayed',
    'id-6 bounced',
    'id-7 bounced',
    'id-8 complained',
    'id-12 complained',
  ]);
});

test.each([
  [{ event: 'accepted' }, null],
  [{ event: 'delivered' }, 'delivered'],
  [{ event: 'failed', severity: 'temporary', reason: 'generic' }, 'delayed'],
  [{ event: 'failed', severity: 'permanent', reason: 'bounce' }, 'bounced'],
  [{ event: 'failed', severity: 'permanent', reason: 'suppress-bounce' }, 'bounced'],
  [{ event: 'failed', severity: 'permanent', reason: 'suppress-unsubscribe' }, 'bounced'],
  [{ event: 'failed', severity: 'permanent', reason: 'suppress-complaint' }, 'complained'],
  [{ event: 'failed', severity: 'permanent', reason: 'old' }, 'delayed'],
  [{ event: 'failed', severity: 'permanent', reason: 'espblock' }, 'delayed'],
  [{ event: 'failed', severity: 'permanent', reason: 'constructor' }, 'bounced'],
  [{ event: 'failed', severity: 'permanent' }, 'bounced'],
  [{ event: 'complained' }, 'complained'],
  [{ event: 'unsubscribed' }, null],
  [{ event: 'rejected' }, null],
])('mailgun: %j is %s', async (event, kind) => {
  const data = { ...event, recipient: 'ada@example.com', message: { headers: { 'message-id': 'id-1' } } };
  expect(await eventsOf('mailgun', MAILGUN_SECRET, signMailgun(data))).toEqual(one(kind));
});

test.each([
  [{ RecordType: 'Delivery' }, 'delivered'],
  [{ RecordType: 'Bounce', Type: 'HardBounce', Inactive: true }, 'bounced'],
  [{ RecordType: 'Bounce', Type: 'HardBounce', Inactive: false }, 'bounced'],
  [{ RecordType: 'Bounce', Type: 'BadEmailAddress' }, 'bounced'],
  [{ RecordType: 'Bounce', Type: 'ManuallyDeactivated', Inactive: true }, 'bounced'],
  [{ RecordType: 'Bounce', Type: 'SpamComplaint', Inactive: true }, 'complained'],
  [{ RecordType: 'Bounce', Type: 'SoftBounce', Inactive: false }, 'delayed'],
  [{ RecordType: 'Bounce', Type: 'Transient', Inactive: false }, 'delayed'],
  [{ RecordType: 'Bounce', Type: 'AutoResponder', Inactive: false }, null],
  [{ RecordType: 'SpamComplaint', Type: 'SpamComplaint', Inactive: true }, 'complained'],
  [{ RecordType: 'Open' }, null],
])('postmark: %j is %s', async (event, kind) => {
  const sent = { ...event, MessageID: 'id-1', Email: 'ada@example.com' };
  expect(await eventsOf('postmark', BASIC_SECRET, withBasicAuth(sent))).toEqual(one(kind));
});

test.each([
  ['request', null],
  ['delivered', 'delivered'],
  ['deferred', 'delayed'],
  ['soft_bounce', 'delayed'],
  ['hard_bounce', 'bounced'],
  ['invalid_email', 'bounced'],
  ['blocked', 'bounced'],
  ['spam', 'complained'],
  ['unsubscribed', null],
  ['error', null],
])('brevo: %s is %s', async (event, kind) => {
  for (const id of ['<id-1>', 'id-1']) {
    const sent = { event, email: 'ada@example.com', 'message-id': id };
    const told = kind === null ? [] : [{ providerId: '<id-1>', kind }];
    expect(await eventsOf('brevo', BASIC_SECRET, withBasicAuth(sent))).toEqual(told);
  }
});

test.each([
  ['Send', {}, null],
  ['Delivery', {}, 'delivered'],
  ['DeliveryDelay', {}, 'delayed'],
  ['Bounce', { bounce: { bounceType: 'Permanent' } }, 'bounced'],
  ['Bounce', { bounce: { bounceType: 'Transient' } }, 'delayed'],
  ['Bounce', { bounce: { bounceType: 'Undetermined' } }, 'delayed'],
  ['Complaint', { complaint: { complaintFeedbackType: 'abuse' } }, 'complained'],
  ['Complaint', { complaint: {} }, 'complained'],
  ['Complaint', { complaint: { complaintFeedbackType: 'not-spam' } }, null],
  ['Reject', {}, null],
])('ses: %s %j is %s, as event and as notification, in the envelope of SNS and without', async (type, more, kind) => {
  const mail = { messageId: 'id-1', destination: ['ada@example.com'] };
  for (const name of ['eventType', 'notificationType']) {
    const event = { [name]: type, mail, ...more };
    for (const sent of [event, inSnsEnvelope(event)]) {
      expect(await eventsOf('ses', BASIC_SECRET, withBasicAuth(sent))).toEqual(one(kind));
    }
  }
});

test.each([
  ['delivered', {}, 'delivered'],
  ['deferred', { bounce: { type: 'soft' } }, 'delayed'],
  ['bounced', { bounce: { type: 'hard' } }, 'bounced'],
  ['bounced', { bounce: { type: 'soft' } }, 'delayed'],
  ['complained', {}, 'complained'],
  ['failed', {}, null],
  ['rejected', {}, null],
])('cloudflare: %s %j is %s', (type, more, kind) => {
  const message = {
    type: `cf.email.sending.message.${type}`,
    payload: { messageId: 'id-1', recipient: 'ada@example.com', ...more },
  };
  expect(readCloudflareEvent(message)).toEqual(one(kind));
  for (const other of [null, 'x', [], { type: message.type }, { ...message, type: 'cf.other' }]) {
    expect(readCloudflareEvent(other)).toEqual([]);
  }
});
