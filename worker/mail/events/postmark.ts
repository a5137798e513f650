/** Postmark's webhooks: basic auth, and no signature. */
import type { MailEventKind } from '../../store/mail-events.ts';
import { refusalOfBasicAuth } from './basic-auth.ts';
import { eventsOf, isObject, jsonOf, type WebhookReader } from './reading.ts';

export const readPostmarkWebhook: WebhookReader = async ({ headers, body }, secret) => {
  const refused = await refusalOfBasicAuth(headers, secret);
  if (refused) return refused;
  const event = jsonOf(body);
  if (!isObject(event)) return { kind: 'malformed' };
  return { kind: 'good', stamp: null, events: eventsOf(event.MessageID, kindOf(event)) };
};

const HARD = ['HardBounce', 'BadEmailAddress'];
const SOFT = ['SoftBounce', 'Transient', 'DnsError', 'Undeliverable', 'Blocked', 'SpamNotification', 'DMARCPolicy'];

const kindOf = ({ RecordType, Type, Inactive }: Record<string, unknown>): MailEventKind | null => {
  switch (RecordType) {
    case 'Delivery':
      return 'delivered';
    case 'SpamComplaint':
      return 'complained';
    case 'Bounce':
      if (Type === 'SpamComplaint') return 'complained';
      // Inactive: Postmark sends nothing more to this address.
      if (HARD.includes(String(Type)) || Inactive === true) return 'bounced';
      return SOFT.includes(String(Type)) ? 'delayed' : null;
    default:
      return null;
  }
};
