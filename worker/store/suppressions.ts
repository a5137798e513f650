/**
 * Addresses that mail does not reach or is not wanted at, by their keyed hashes. mail-events.ts writes them; who sends
 * asks here first. One reset mail a day goes out all the same, or a full mailbox would lock its owner out for a week.
 */
import { and, eq, gt, isNull, lte, or, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { mails, suppressions } from './schema.ts';

const DAY_MS = 24 * 3600 * 1000;

const columns = { reason: suppressions.reason, since: suppressions.since, until: suppressions.until };
export type Suppression = Pick<typeof suppressions.$inferSelect, keyof typeof columns>;

/** Why, since when and until when nothing is sent to this address; null where mail may go out. */
export const findSuppression = async (db: Database, addressKey: string, nowMs: number): Promise<Suppression | null> => {
  const isInForce = or(isNull(suppressions.until), gt(suppressions.until, nowMs));
  const found = db
    .select(columns)
    .from(suppressions)
    .where(and(eq(suppressions.addressKey, addressKey), isInForce));
  return (await found.get()) ?? null;
};

/**
 * Whether this job's mail is the one that a suppressed address gets in 24 hours. A job that is tried again keeps its
 * place. False where nothing was ever known against the address. One statement, so of simultaneous jobs one wins.
 */
export const claimLetThrough = async (
  db: Database,
  { addressKey, jobId, nowMs }: { addressKey: string; jobId: string; nowMs: number },
): Promise<boolean> => {
  const isOwn = eq(suppressions.letThroughJobId, jobId);
  const isFree = or(isNull(suppressions.letThroughAt), lte(suppressions.letThroughAt, nowMs - DAY_MS));
  const claimed = await db
    .update(suppressions)
    .set({
      letThroughJobId: jobId,
      letThroughAt: sql`case when ${isOwn} then ${suppressions.letThroughAt} else ${nowMs} end`,
    })
    .where(and(eq(suppressions.addressKey, addressKey), or(isOwn, isFree)))
    .returning({ addressKey: suppressions.addressKey });
  return claimed.length === 1;
};

/** Gives back the place of a job whose mail was refused in the end. Nothing where it went out; may be repeated. */
export const releaseLetThrough = async (db: Database, jobId: string): Promise<void> => {
  const refused = db
    .select({ addressKey: mails.addressKey })
    .from(mails)
    .where(and(eq(mails.jobId, jobId), eq(mails.state, 'refused')));
  await db
    .update(suppressions)
    .set({ letThroughJobId: null, letThroughAt: null })
    .where(and(sql`${suppressions.addressKey} in ${refused}`, eq(suppressions.letThroughJobId, jobId)));
};

/**
 * Deletes suppressions that have ended, but not while they remember a mail of the last 24 hours: an address that works
 * and bounces in turns gets no more of them for it. At most `most` rows.
 */
export const deleteEndedSuppressions = async (db: Database, nowMs: number, most: number): Promise<void> => {
  const ended = db
    .select({ addressKey: suppressions.addressKey })
    .from(suppressions)
    .where(
      and(
        lte(suppressions.until, nowMs),
        or(isNull(suppressions.letThroughAt), lte(suppressions.letThroughAt, nowMs - DAY_MS)),
      ),
    )
    .limit(most);
  await db.delete(suppressions).where(sql`${suppressions.addressKey} in ${ended}`);
};
