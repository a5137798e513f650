/**
 * A person asks for a reset link. Nothing here can look an address up: it is given a queue and no database, so no answer
 * and no time can tell who has an account.
 */
import type { Clock } from '../clock.ts';
import type { MailAsked } from '../mail/job.ts';
import type { MailQueue } from '../mail/mail-queue.ts';

/** Puts the job on the queue. Throws `Unavailable` where the queue does not answer. */
export const requestReset = (queue: MailQueue, clock: Clock, email: string, asked: MailAsked): Promise<void> =>
  queue.put({ id: crypto.randomUUID(), kind: 'reset_asked', email, madeAtMs: clock.now(), asked });
