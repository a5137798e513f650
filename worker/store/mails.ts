/**
 * What became of each mail: one row a job, from the first try on. Webhooks move a row further (mail-events.ts); here is
 * what the sending side writes.
 */
import { and, eq, exists, gt, lt, ne, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { Database } from './database.ts';
import { mails } from './schema.ts';

const HOUR_MS = 3600 * 1000;

export type MailRow = typeof mails.$inferSelect;

/** Who is written to, with what, and for which job. */
export type NewMail = Pick<MailRow, 'jobId' | 'kind' | 'userId' | 'addressKey' | 'provider' | 'createdAt'>;

/** The row of this job's mail; made where this is the first try. One statement. */
export const openMail = async (db: Database, mail: NewMail, nowMs: number): Promise<MailRow> =>
  db
    .insert(mails)
    .values({ ...mail, state: 'trying', failures: 0, changedAt: nowMs })
    // What is known of earlier tries stays. The letter may be another by now: the address has got an account, say.
    .onConflictDoUpdate({ target: mails.jobId, set: { kind: mail.kind, userId: mail.userId, changedAt: nowMs } })
    .returning()
    .get();

/** The provider took it, and names it so. */
export const markMailAccepted = async (
  db: Database,
  jobId: string,
  taken: { provider: string; providerId: string | null; nowMs: number },
): Promise<void> => {
  const { provider, providerId, nowMs } = taken;
  await db
    .update(mails)
    .set({ state: 'accepted', provider, providerId, mayBeOutUntil: null, changedAt: nowMs })
    .where(isTrying(jobId));
};

/** How the tries of a mail stand: how many failed, who was asked last, and until when that one may have it out. */
export type Tries = Pick<MailRow, 'failures' | 'provider' | 'mayBeOutUntil'>;

/** A try is about to be made, or failed. */
export const noteTries = async (db: Database, jobId: string, tries: Tries, nowMs: number): Promise<void> => {
  const { failures, provider, mayBeOutUntil } = tries;
  await db.update(mails).set({ failures, provider, mayBeOutUntil, changedAt: nowMs }).where(isTrying(jobId));
};

/** None goes out: the provider refused it, or all tries failed. */
export const markMailRefused = async (db: Database, jobId: string, nowMs: number): Promise<void> => {
  await db.update(mails).set({ state: 'refused', changedAt: nowMs }).where(isTrying(jobId));
};

/**
 * None goes out: mail to the address is held back. Any stranger can ask for such mails without end, so of those that were
 * asked for within an hour one record stays. One transaction.
 */
export const markMailSuppressed = async (
  db: Database,
  { jobId, addressKey, createdAt }: MailRow,
  nowMs: number,
): Promise<void> => {
  const near = alias(mails, 'near');
  // By the index mails_held_back, whose condition has to stand here as it stands there: in words, not as a parameter.
  const another = db
    .select({ one: sql`1` })
    .from(near)
    .where(
      and(
        sql`${near.state} = 'suppressed'`,
        eq(near.addressKey, addressKey),
        gt(near.createdAt, createdAt - HOUR_MS),
        lt(near.createdAt, createdAt + HOUR_MS),
        ne(near.jobId, jobId),
      ),
    );
  await db.batch([
    db.delete(mails).where(and(isTrying(jobId), exists(another))),
    db.update(mails).set({ state: 'suppressed', changedAt: nowMs }).where(isTrying(jobId)),
  ]);
};

const isTrying = (jobId: string) => and(eq(mails.jobId, jobId), eq(mails.state, 'trying'));
