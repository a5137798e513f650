/** Puts the job of a due notice on the queue. The row stays until the mail is accepted; the cron repeats what fails here. */
import type { Clock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import { markNoticeQueued } from '../store/notices.ts';
import type { MailQueue } from './mail-queue.ts';

export const queueNotice = async (
  { db, mailQueue, clock }: { db: Database; mailQueue: MailQueue; clock: Clock },
  notice: { id: string; createdAt: number },
): Promise<void> => {
  await mailQueue.put({ id: notice.id, kind: 'notice', madeAtMs: notice.createdAt });
  await markNoticeQueued(db, notice.id, clock.now());
};
