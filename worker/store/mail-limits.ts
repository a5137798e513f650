/**
 * What the mail limits count. A job is counted once: a retry of it finds its own row and passes. Each claim decides and
 * counts in one transaction, so simultaneous jobs cannot share one place.
 */
import { and, count, eq, gt, lte, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { resetMails, strangerMailHours, strangerMails, users } from './schema.ts';

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;

export type ResetMailClaim = {
  jobId: string;
  userId: string;
  stamp: string;
  nowMs: number;
  linkExpiresAt: number;
  /** How many go out freely in `windowMs`. */
  limit: number;
  windowMs: number;
  /** Past the limit: a link under the present stamp that still lives this long makes another mail needless. */
  enoughLifeMs: number;
};

/** Counts a mail with a reset link and says whether it may go out. */
export const claimResetMail = async (db: Database, claim: ResetMailClaim): Promise<boolean> => {
  const { jobId, userId, stamp, nowMs, linkExpiresAt } = claim;
  const ownRow = sql`exists(select 1 from ${resetMails} where ${eq(resetMails.jobId, jobId)})`;
  const recent = sql`(select count(*) from ${resetMails} where ${and(
    eq(resetMails.userId, userId),
    gt(resetMails.countedAt, nowMs - claim.windowMs),
  )})`;
  const goodLink = sql`exists(select 1 from ${resetMails} where ${and(
    eq(resetMails.userId, userId),
    eq(resetMails.stamp, stamp),
    gt(resetMails.linkExpiresAt, nowMs + claim.enoughLifeMs),
  )})`;
  const claimed = await db
    .insert(resetMails)
    .select(
      db
        .select({
          jobId: sql<string>`${jobId}`.as('job_id'),
          userId: sql<string>`${users.id}`.as('user_id'),
          stamp: sql<string>`${stamp}`.as('stamp'),
          linkExpiresAt: sql<number>`${linkExpiresAt}`.as('link_expires_at'),
          countedAt: sql<number>`${nowMs}`.as('counted_at'),
        })
        .from(users)
        .where(and(eq(users.id, userId), sql`(${ownRow} or ${recent} < ${claim.limit} or not ${goodLink})`)),
    )
    .onConflictDoUpdate({ target: resetMails.jobId, set: { stamp, linkExpiresAt } })
    .returning({ jobId: resetMails.jobId });
  return claimed.length === 1;
};

/** Counts a mail with a reset link that goes out whatever the limit says. */
export const countResetMail = async (
  db: Database,
  mail: { jobId: string; userId: string; stamp: string; nowMs: number; linkExpiresAt: number },
): Promise<void> => {
  const { jobId, userId, stamp, nowMs, linkExpiresAt } = mail;
  await db
    .insert(resetMails)
    .values({ jobId, userId, stamp, linkExpiresAt, countedAt: nowMs })
    .onConflictDoUpdate({ target: resetMails.jobId, set: { stamp, linkExpiresAt } });
};

export type StrangerMailClaim = {
  jobId: string;
  addressKey: string;
  kind: 'registration' | 'no_account';
  nowMs: number;
  perAddress: number;
  perAddressNoAccount: number;
  perHour: number;
};

export type StrangerMailVerdict = 'granted' | 'address_full' | 'budget_spent';

/** Counts a mail to an address without an account and says whether it may go out. */
export const claimStrangerMail = async (db: Database, claim: StrangerMailClaim): Promise<StrangerMailVerdict> => {
  const { jobId, addressKey, kind, nowMs } = claim;
  const hour = Math.floor(nowMs / HOUR_MS);
  const today = and(eq(strangerMails.addressKey, addressKey), gt(strangerMails.countedAt, nowMs - DAY_MS));
  const sentToday = sql<number>`(select count(*) from ${strangerMails} where ${today})`;
  const noAccountToday = sql<number>`(select count(*) from ${strangerMails} where ${and(
    today,
    eq(strangerMails.kind, 'no_account'),
  )})`;
  const sentThisHour = sql<number>`coalesce((select ${strangerMailHours.mails} from ${strangerMailHours} where ${eq(
    strangerMailHours.hour,
    hour,
  )}), 0)`;
  const addressHasRoom =
    kind === 'no_account'
      ? sql`${sentToday} < ${claim.perAddress} and ${noAccountToday} < ${claim.perAddressNoAccount}`
      : sql`${sentToday} < ${claim.perAddress}`;

  const [, , found, room] = await db.batch([
    db
      .insert(strangerMails)
      .select(
        db
          .select({
            jobId: sql<string>`${jobId}`.as('job_id'),
            addressKey: sql<string>`${addressKey}`.as('address_key'),
            kind: sql<typeof kind>`${kind}`.as('kind'),
            countedAt: sql<number>`${nowMs}`.as('counted_at'),
          })
          .from(sql`(select 1)`)
          .where(sql`${addressHasRoom} and ${sentThisHour} < ${claim.perHour}`),
      )
      .onConflictDoNothing(),
    db
      .insert(strangerMailHours)
      .select(
        db
          .select({ hour: sql<number>`${hour}`.as('hour'), mails: sql<number>`1`.as('mails') })
          .from(sql`(select 1)`)
          .where(sql`changes() = 1`),
      )
      .onConflictDoUpdate({ target: strangerMailHours.hour, set: { mails: sql`${strangerMailHours.mails} + 1` } }),
    db.select({ rows: count() }).from(strangerMails).where(eq(strangerMails.jobId, jobId)),
    db.select({ address: sql<number>`${addressHasRoom}` }).from(sql`(select 1)`),
  ]);
  if (found[0]?.rows === 1) return 'granted';
  return room[0]?.address === 1 ? 'budget_spent' : 'address_full';
};

/** Gives back the place of a mail with a reset link that did not go out at this try. */
export const releaseResetMail = async (db: Database, jobId: string): Promise<void> => {
  await db.delete(resetMails).where(eq(resetMails.jobId, jobId));
};

/** Gives back the place of a job whose mail could not be sent in the end. One transaction. */
export const releaseMail = async (db: Database, jobId: string): Promise<void> => {
  const ownHour = db
    // D1 binds every number as a real one: without the cast this would be no whole hour.
    .select({ hour: sql`cast(${strangerMails.countedAt} / ${HOUR_MS} as integer)` })
    .from(strangerMails)
    .where(eq(strangerMails.jobId, jobId));
  await db.batch([
    db
      .update(strangerMailHours)
      .set({ mails: sql`${strangerMailHours.mails} - 1` })
      .where(sql`${strangerMailHours.hour} = ${ownHour}`),
    db.delete(resetMails).where(eq(resetMails.jobId, jobId)),
    db.delete(strangerMails).where(eq(strangerMails.jobId, jobId)),
  ]);
};

/** Deletes what no limit looks at any more: rows older than a day. At most `most` of each table. */
export const deleteOldMailCounts = async (db: Database, nowMs: number, most: number): Promise<void> => {
  const old = nowMs - DAY_MS;
  const oldResets = db
    .select({ id: resetMails.jobId })
    .from(resetMails)
    .where(lte(resetMails.countedAt, old))
    .limit(most);
  const oldStrangers = db
    .select({ id: strangerMails.jobId })
    .from(strangerMails)
    .where(lte(strangerMails.countedAt, old))
    .limit(most);
  await db.batch([
    db.delete(resetMails).where(sql`${resetMails.jobId} in ${oldResets}`),
    db.delete(strangerMails).where(sql`${strangerMails.jobId} in ${oldStrangers}`),
    db.delete(strangerMailHours).where(lte(strangerMailHours.hour, Math.floor(old / HOUR_MS))),
  ]);
};
