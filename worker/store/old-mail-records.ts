/** How long it is remembered what became of a mail, and which webhook requests were taken. */
import { lte, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { mailEventStamps, mails } from './schema.ts';

const MAILS_KEPT_MS = 30 * 24 * 3600 * 1000;
/** A stamp is accepted for 5 minutes to either side of our clock. */
const STAMPS_KEPT_MS = 3600 * 1000;

/** Deletes the records of mails that are older than 30 days. At most `most` rows. */
export const deleteOldMails = async (db: Database, nowMs: number, most: number): Promise<void> => {
  const old = db
    .select({ jobId: mails.jobId })
    .from(mails)
    .where(lte(mails.createdAt, nowMs - MAILS_KEPT_MS))
    .limit(most);
  await db.delete(mails).where(sql`${mails.jobId} in ${old}`);
};

/** Deletes stamps that nobody accepts any more. At most `most` rows. */
export const deleteOldMailEventStamps = async (db: Database, nowMs: number, most: number): Promise<void> => {
  const old = db
    .select({ stampHash: mailEventStamps.stampHash })
    .from(mailEventStamps)
    .where(lte(mailEventStamps.seenAt, nowMs - STAMPS_KEPT_MS))
    .limit(most);
  await db.delete(mailEventStamps).where(sql`${mailEventStamps.stampHash} in ${old}`);
};
