/** News of Cloudflare Email Sending: messages of a queue that the sending domain's events are subscribed to. */
import type { MailEvent, MailEventKind } from '../../store/mail-events.ts';
import { at, eventsOf } from './reading.ts';

/** The event of a message. Empty where it says nothing that we keep. */
export const readCloudflareEvent = (message: unknown): MailEvent[] =>
  eventsOf(at(message, 'payload', 'messageId'), kindOf(message));

const kindOf = (message: unknown): MailEventKind | null => {
  switch (at(message, 'type')) {
    case 'cf.email.sending.message.delivered':
      return 'delivered';
    case 'cf.email.sending.message.deferred':
      return 'delayed';
    case 'cf.email.sending.message.bounced':
      return at(message, 'payload', 'bounce', 'type') === 'hard' ? 'bounced' : 'delayed';
    case 'cf.email.sending.message.complained':
      return 'complained';
    default:
      return null;
  }
};
