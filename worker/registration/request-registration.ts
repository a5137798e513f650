/**
 * A person asks to register. Nothing here can look an address up: it is given a queue and no database, and nothing is
 * stored until the mailbox is proved.
 */
import type { Clock } from '../clock.ts';
import type { MailAsked } from '../mail/job.ts';
import type { MailQueue } from '../mail/mail-queue.ts';

/** Puts the job on the queue. Throws `Unavailable` where the queue does not answer. */
export const requestRegistration = (queue: MailQueue, clock: Clock, email: string, asked: MailAsked): Promise<void> =>
  queue.put({ id: crypto.randomUUID(), kind: 'registration_asked', email, madeAtMs: clock.now(), asked });
