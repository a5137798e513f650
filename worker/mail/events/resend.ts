/** Resend's webhooks, signed as Svix signs: HMAC-SHA-256 over id, time and body, under the base64 part of `whsec_...`. */
import { fromPaddedBase64 } from '../../credentials/base64.ts';
import type { MailEventKind } from '../../store/mail-events.ts';
import { at, concat, eventsOf, isHmac, isObject, isRecent, jsonOf, type WebhookReader } from './reading.ts';

/** A secret that is being replaced brings two. More would let a stranger make us hash a large body many times. */
const MOST_SIGNATURES = 5;

export const readResendWebhook: WebhookReader = async ({ headers, body }, secret, nowMs) => {
  const id = headers.get('svix-id');
  const timestamp = headers.get('svix-timestamp');
  const signatures = headers.get('svix-signature');
  if (!id || !timestamp || !signatures) return { kind: 'refused', reason: 'unsigned' };
  if (!isRecent(timestamp, nowMs)) return { kind: 'refused', reason: 'stale' };
  if (!(await isSigned(`${id}.${timestamp}.`, body, signatures, secret))) return { kind: 'refused', reason: 'forged' };

  const event = jsonOf(body);
  if (!isObject(event)) return { kind: 'malformed' };
  // Not the signature: there are several ways to write one. A retry keeps the id and has a time of its own.
  return { kind: 'good', stamp: `${id}.${timestamp}`, events: eventsOf(at(event, 'data', 'email_id'), kindOf(event)) };
};

const isSigned = async (start: string, body: Uint8Array, signatures: string, secret: string): Promise<boolean> => {
  const key = fromPaddedBase64(secret.replace(/^whsec_/, ''));
  if (!key?.length) return false;
  const signed = concat(start, body);
  const given = signatures.split(' ').slice(0, MOST_SIGNATURES);
  const verdicts = given.map(one => {
    const [version, signature = ''] = one.split(',');
    const bytes = version === 'v1' ? fromPaddedBase64(signature) : null;
    return bytes !== null && isHmac(key, bytes, signed);
  });
  return (await Promise.all(verdicts)).includes(true);
};

const kindOf = (event: Record<string, unknown>): MailEventKind | null => {
  switch (event.type) {
    case 'email.delivered':
      return 'delivered';
    case 'email.delivery_delayed':
      return 'delayed';
    case 'email.bounced':
      return at(event, 'data', 'bounce', 'type') === 'Permanent' ? 'bounced' : 'delayed';
    case 'email.complained':
      return 'complained';
    // Not sent at all, for what the same address did before.
    case 'email.suppressed':
      return at(event, 'data', 'suppressed', 'reason') === 'previous_complaint' ? 'complained' : 'bounced';
    default:
      return null;
  }
};
