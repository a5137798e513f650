/** Notices that are due. The row is the promise: it goes when the mail is accepted, so a crash loses none. */
import { and, eq, isNull, lte, or } from 'drizzle-orm';
import type { Database } from './database.ts';
import { notices, users } from './schema.ts';

/** Longer than all tries of a job together, with what the queue itself keeps it. */
const LONGEST_ON_QUEUE_MS = 4 * 24 * 3600 * 1000;

export type DueNotice = {
  notice: typeof notices.$inferSelect;
  /** Null where the account is gone. */
  user: typeof users.$inferSelect | null;
};

/** The notice, as long as its mail was not accepted. */
export const findNotice = async (db: Database, id: string): Promise<DueNotice | null> =>
  (await db
    .select({ notice: notices, user: users })
    .from(notices)
    .leftJoin(users, eq(users.id, notices.userId))
    .where(eq(notices.id, id))
    .get()) ?? null;

/**
 * The notices that were written before `beforeMs` and never reached the queue, oldest first; and those that went there so
 * long ago that their job is lost.
 */
export const findLeftNotices = (
  db: Database,
  { beforeMs, nowMs, most }: { beforeMs: number; nowMs: number; most: number },
): Promise<{ id: string; createdAt: number }[]> =>
  db
    .select({ id: notices.id, createdAt: notices.createdAt })
    .from(notices)
    .where(
      or(
        and(isNull(notices.queuedAt), lte(notices.createdAt, beforeMs)),
        lte(notices.queuedAt, nowMs - LONGEST_ON_QUEUE_MS),
      ),
    )
    .orderBy(notices.createdAt)
    .limit(most);

/** The job is on the queue: the cron leaves the notice alone. */
export const markNoticeQueued = async (db: Database, id: string, nowMs: number): Promise<void> => {
  await db.update(notices).set({ queuedAt: nowMs }).where(eq(notices.id, id));
};

/** The mail was accepted, or given up and logged. */
export const deleteNotice = async (db: Database, id: string): Promise<void> => {
  await db.delete(notices).where(eq(notices.id, id));
};
