/** Notices that are due. The row is the promise: it goes when the mail is accepted, so a crash loses none. */
import { and, eq, isNull, lte } from 'drizzle-orm';
import type { Database } from './database.ts';
import { notices, users } from './schema.ts';

export type DueNotice = { id: string; kind: 'password_reset'; email: string; username: string; createdAt: number };

export const findNotice = async (db: Database, id: string): Promise<DueNotice | null> =>
  (await db
    .select({
      id: notices.id,
      kind: notices.kind,
      email: notices.email,
      username: users.username,
      createdAt: notices.createdAt,
    })
    .from(notices)
    .innerJoin(users, eq(users.id, notices.userId))
    .where(eq(notices.id, id))
    .get()) ?? null;

/** The notices that were written before `beforeMs` and never reached the queue, oldest first. */
export const findUnqueuedNotices = (
  db: Database,
  beforeMs: number,
  most: number,
): Promise<{ id: string; createdAt: number }[]> =>
  db
    .select({ id: notices.id, createdAt: notices.createdAt })
    .from(notices)
    .where(and(isNull(notices.queuedAt), lte(notices.createdAt, beforeMs)))
    .orderBy(notices.createdAt)
    .limit(most);

export const markNoticeQueued = async (db: Database, id: string, nowMs: number): Promise<void> => {
  await db.update(notices).set({ queuedAt: nowMs }).where(eq(notices.id, id));
};

/** The mail was accepted, or given up and logged. */
export const deleteNotice = async (db: Database, id: string): Promise<void> => {
  await db.delete(notices).where(eq(notices.id, id));
};
