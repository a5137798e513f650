/** The queue as those see it who ask for a mail: a place to put a job. */
import { Unavailable } from '../unavailable.ts';
import type { MailJob } from './job.ts';

export type MailQueue = {
  /** Resolves once the job is safe. Throws `Unavailable` where the queue does not answer. */
  put(job: MailJob): Promise<void>;
};

export const createMailQueue = (queue: Queue<MailJob>): MailQueue => ({
  async put(job) {
    try {
      await queue.send(job);
    } catch (error) {
      throw new Unavailable('queue', error);
    }
  },
});
