/**
 * Mailgun's webhooks: HMAC-SHA-256 in hex over a time and a token that stand in the body. What happened is not signed, so
 * a token is taken once, and whoever caught one before us could tell of our own mails only.
 */
import type { MailEventKind } from '../../store/mail-events.ts';
import { at, concat, eventsOf, isHmac, isObject, isRecent, jsonOf, type WebhookReader } from './reading.ts';

export const readMailgunWebhook: WebhookReader = async ({ body }, secret, nowMs) => {
  const sent = jsonOf(body);
  const [timestamp, token, signature] = ['timestamp', 'token', 'signature'].map(name => {
    const value = at(sent, 'signature', name);
    return typeof value === 'string' ? value : '';
  });
  if (!timestamp || !token || !signature) return { kind: 'refused', reason: 'unsigned' };
  if (!isRecent(timestamp, nowMs)) return { kind: 'refused', reason: 'stale' };
  const bytes = fromHex(signature);
  if (!bytes || !(await isHmac(concat(secret), bytes, concat(timestamp + token)))) {
    return { kind: 'refused', reason: 'forged' };
  }

  const event = at(sent, 'event-data');
  if (!isObject(event)) return { kind: 'malformed' };
  return { kind: 'good', stamp: token, events: eventsOf(at(event, 'message', 'headers', 'message-id'), kindOf(event)) };
};

const fromHex = (text: string): Uint8Array<ArrayBuffer> | null =>
  /^(?:[0-9a-f]{2}){32}$/.test(text)
    ? Uint8Array.from(text.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
    : null;

/** Failures that are final for the mail and say something else of the address than that it does not work. */
const PERMANENT: Record<string, MailEventKind> = {
  // Tried for hours, in vain.
  old: 'delayed',
  // The receiving server did not want mail from this sender.
  espblock: 'delayed',
  // Not sent at all, for a complaint from before.
  'suppress-complaint': 'complained',
};

const kindOf = ({ event, severity, reason }: Record<string, unknown>): MailEventKind | null | undefined => {
  switch (event) {
    case 'delivered':
      return 'delivered';
    case 'complained':
      return 'complained';
    case 'failed':
      if (severity !== 'permanent') return 'delayed';
      return typeof reason === 'string' && Object.hasOwn(PERMANENT, reason) ? PERMANENT[reason] : 'bounced';
    default:
      return null;
  }
};
