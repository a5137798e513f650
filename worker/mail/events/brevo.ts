/** Brevo's webhooks: basic auth, and no signature. What we refuse or fail to take is lost: Brevo sends it once. */
import type { MailEventKind } from '../../store/mail-events.ts';
import { refusalOfBasicAuth } from './basic-auth.ts';
import { eventsOf, isObject, jsonOf, type WebhookReader } from './reading.ts';

export const readBrevoWebhook: WebhookReader = async ({ headers, body }, secret) => {
  const refused = await refusalOfBasicAuth(headers, secret);
  if (refused) return refused;
  const event = jsonOf(body);
  if (!isObject(event)) return { kind: 'malformed' };
  return { kind: 'good', stamp: null, events: eventsOf(idOf(event), kindOf(event)) };
};

/** With its angle brackets, as the API answered it, whether or not the news write them. */
const idOf = ({ 'message-id': id }: Record<string, unknown>) =>
  typeof id === 'string' ? id.replace(/^<?([^<>]+)>?$/, '<$1>') : null;

const kindOf = ({ event }: Record<string, unknown>): MailEventKind | null => {
  switch (event) {
    case 'delivered':
      return 'delivered';
    case 'deferred':
    case 'soft_bounce':
      return 'delayed';
    case 'hard_bounce':
    case 'invalid_email':
    case 'blocked':
      return 'bounced';
    case 'spam':
      return 'complained';
    default:
      return null;
  }
};
