/** What happened to an account, for its owner: newest first, by page, for 180 days. */
import { and, desc, eq, gt, lt, lte, notExists, or, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { type Occurrence, recordActivity } from './records.ts';
import { activity, mails, notices, resetMails, sessions } from './schema.ts';
import { findSessionQuery, ownerOf } from './sessions.ts';

const HOUR_MS = 3600 * 1000;
const KEPT_MS = 180 * 24 * HOUR_MS;
/** The newest: strangers can make mails to a person, and one answer has to hold them. */
const MAILS_EXPORTED = 1000;

/** The place of a row in the order: the page after begins behind it. */
export type ActivityCursor = { at: number; id: string };

const columns = {
  id: activity.id,
  kind: activity.kind,
  at: activity.at,
  userAgent: activity.userAgent,
  country: activity.country,
  operator: activity.operator,
};

/** The living session and a page of its user's activity. One round trip. */
export const findSessionAndActivity = async (
  db: Database,
  secretHash: string,
  nowMs: number,
  { before, most }: { before: ActivityCursor | null; most: number },
) => {
  const isBefore =
    before && or(lt(activity.at, before.at), and(eq(activity.at, before.at), lt(activity.id, before.id)));
  const [own, rows] = await db.batch([
    findSessionQuery(db, secretHash, nowMs),
    db
      .select(columns)
      .from(activity)
      .where(and(eq(activity.userId, ownerOf(secretHash)), isBefore ? isBefore : undefined))
      .orderBy(desc(activity.at), desc(activity.id))
      .limit(most),
  ]);
  return own[0] ? { ...own[0], activity: rows } : null;
};

/** The living session and all that is kept about its user. One round trip. */
export const findSessionAndAllData = async (db: Database, secretHash: string, nowMs: number) => {
  const [own, allSessions, allActivity, counted, due, allMails] = await db.batch([
    findSessionQuery(db, secretHash, nowMs),
    db
      .select({
        id: sessions.id,
        createdAt: sessions.createdAt,
        lastSeenAt: sessions.lastSeenAt,
        expiresAt: sessions.expiresAt,
        userAgent: sessions.userAgent,
        country: sessions.country,
      })
      .from(sessions)
      .where(eq(sessions.userId, ownerOf(secretHash))),
    db
      .select(columns)
      .from(activity)
      .where(eq(activity.userId, ownerOf(secretHash)))
      .orderBy(desc(activity.at), desc(activity.id)),
    db
      .select({ countedAt: resetMails.countedAt, linkExpiresAt: resetMails.linkExpiresAt })
      .from(resetMails)
      .where(eq(resetMails.userId, ownerOf(secretHash))),
    db
      .select({ kind: notices.kind, email: notices.email, createdAt: notices.createdAt })
      .from(notices)
      .where(eq(notices.userId, ownerOf(secretHash))),
    db
      .select({
        kind: mails.kind,
        provider: mails.provider,
        state: mails.state,
        createdAt: mails.createdAt,
        changedAt: mails.changedAt,
      })
      .from(mails)
      .where(eq(mails.userId, ownerOf(secretHash)))
      .orderBy(desc(mails.createdAt))
      .limit(MAILS_EXPORTED),
  ]);
  const kept = { sessions: allSessions, activity: allActivity, resetMails: counted, notices: due, mails: allMails };
  return own[0] ? { ...own[0], ...kept } : null;
};

/** Notes what a stranger can repeat at will, such as a refused sign-in: one row an hour at most of each kind. */
export const recordAtMostHourly = async (
  db: Database,
  kind: 'sign_in_refused' | 'reset_asked' | 'reset_limited',
  happened: Occurrence,
): Promise<void> => {
  const lately = db
    .select({ one: sql`1` })
    .from(activity)
    .where(
      and(eq(activity.userId, happened.userId), eq(activity.kind, kind), gt(activity.at, happened.nowMs - HOUR_MS)),
    );
  await recordActivity(db, kind, happened, notExists(lately));
};

/** Deletes what is older than 180 days. At most `most` rows. */
export const deleteOldActivity = async (db: Database, nowMs: number, most: number): Promise<void> => {
  const old = db
    .select({ id: activity.id })
    .from(activity)
    .where(lte(activity.at, nowMs - KEPT_MS))
    .limit(most);
  await db.delete(activity).where(sql`${activity.id} in ${old}`);
};
