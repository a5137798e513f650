/**
 * Amazon SES through an SNS topic, proved by basic auth: SNS takes `https://user:password@host/...` as a subscription's
 * address. Its signatures would prove less, since any AWS account can have SNS sign, and nothing here could check the
 * chain of the certificate that they name.
 */
import type { MailEventKind } from '../../store/mail-events.ts';
import { refusalOfBasicAuth } from './basic-auth.ts';
import { at, eventsOf, isObject, jsonOf, type WebhookReader } from './reading.ts';

export const readSesWebhook: WebhookReader = async ({ headers, body }, secret) => {
  const refused = await refusalOfBasicAuth(headers, secret);
  if (refused) return refused;
  const sent = jsonOf(body);
  if (!isObject(sent)) return { kind: 'malformed' };
  switch (sent.Type) {
    case 'SubscriptionConfirmation':
      return isConfirmationUrl(sent.SubscribeURL) ? { kind: 'confirm', url: sent.SubscribeURL } : { kind: 'malformed' };
    case 'Notification': {
      // A topic may carry other messages than SES's, in words.
      const event = jsonOf(String(sent.Message));
      return { kind: 'good', stamp: null, events: eventsOf(at(event, 'mail', 'messageId'), kindOf(event)) };
    }
    // "Raw message delivery": the event without SNS's envelope.
    default:
      return { kind: 'good', stamp: null, events: eventsOf(at(sent, 'mail', 'messageId'), kindOf(sent)) };
  }
};

/** Of SNS itself, over https, and nothing but the answer to its question: we ask for no address that somebody wishes. */
const isConfirmationUrl = (text: unknown): text is string => {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null;
  return (
    url !== null &&
    url.protocol === 'https:' &&
    /^sns\.[a-z]{2}(-[a-z]+)+-\d\.amazonaws\.com(\.cn)?$/.test(url.host) &&
    url.pathname === '/' &&
    !url.username &&
    !url.password &&
    url.searchParams.get('Action') === 'ConfirmSubscription'
  );
};

const kindOf = (event: unknown): MailEventKind | null => {
  // Event publishing calls it `eventType`, feedback notifications `notificationType`.
  switch (at(event, 'eventType') ?? at(event, 'notificationType')) {
    case 'Delivery':
      return 'delivered';
    case 'DeliveryDelay':
      return 'delayed';
    case 'Bounce':
      return at(event, 'bounce', 'bounceType') === 'Permanent' ? 'bounced' : 'delayed';
    case 'Complaint':
      // Somebody moved the mail out of the spam folder: the opposite of a complaint.
      return at(event, 'complaint', 'complaintFeedbackType') === 'not-spam' ? null : 'complained';
    default:
      return null;
  }
};
