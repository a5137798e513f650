/** Webhook requests as the providers send them, signed by node:crypto: each provider's secret, and who signs with it. */
import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';

/** Resend's, and nobody's. */
export const WEBHOOK_SECRET = 'whsec_dGVzdC13ZWJob29rLXNlY3JldC0wMTIzNDU2Nzg5';

export type Webhook = { headers: Record<string, string>; body: string };
type Terms = { secret?: string; atMs?: number };

const secondsOf = (atMs = Date.now()) => String(Math.floor(atMs / 1000));
const json = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

export const svixSignature = (secret: string, id: string, timestamp: string, body: string): string => {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
};

export const signResend = (
  event: unknown,
  { secret = WEBHOOK_SECRET, atMs, id = crypto.randomUUID() }: Terms & { id?: string } = {},
): Webhook => {
  const [timestamp, body] = [secondsOf(atMs), json(event)];
  const signature = svixSignature(secret, id, timestamp, body);
  return { headers: { 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': signature }, body };
};

const pair = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
export const SENDGRID_KEYS = pair();
export const OTHER_SENDGRID_KEYS = pair();
export const spkiOf = ({ publicKey }: typeof SENDGRID_KEYS): string =>
  publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

export const sendgridHeaders = (timestamp: string, signature: string) => ({
  'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
  'X-Twilio-Email-Event-Webhook-Signature': signature,
});

export const signSendgrid = (
  events: unknown,
  { keys = SENDGRID_KEYS, atMs }: Terms & { keys?: typeof SENDGRID_KEYS } = {},
) => {
  const timestamp = secondsOf(atMs);
  const body = typeof events === 'string' ? events : `${JSON.stringify(events)}\r\n`;
  const signature = sign('sha256', Buffer.from(timestamp + body), keys.privateKey).toString('base64');
  return { headers: sendgridHeaders(timestamp, signature), body };
};

export const MAILGUN_SECRET = 'a-signing-key-of-the-tests';
export const signMailgun = (
  event: unknown,
  {
    secret = MAILGUN_SECRET,
    atMs,
    token = createHash('sha256').update(crypto.randomUUID()).digest('hex'),
  }: Terms & {
    token?: string;
  } = {},
): Webhook => {
  const timestamp = secondsOf(atMs);
  const signature = createHmac('sha256', secret)
    .update(timestamp + token)
    .digest('hex');
  return { headers: {}, body: JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': event }) };
};

export const BASIC_SECRET = 'rekey:0123456789abcdef-p%:ss';
export const withBasicAuth = (event: unknown, { secret = BASIC_SECRET }: Terms = {}): Webhook => ({
  headers: { Authorization: `Basic ${Buffer.from(secret).toString('base64')}` },
  body: json(event),
});

/** SES's event in the envelope of SNS. */
export const inSnsEnvelope = (event: unknown) => ({
  Type: 'Notification',
  MessageId: crypto.randomUUID(),
  TopicArn: 'arn:aws:sns:eu-central-1:123456789012:mail',
  Message: JSON.stringify(event),
});
