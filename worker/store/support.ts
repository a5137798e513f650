/** What an operator asks and does for one person, or counts for a day: `npm run admin`. No password, token or link passes here. */
import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { type Occurrence, recordActivity } from './records.ts';
import { activity, mails, sessions, suppressions, users } from './schema.ts';
import { endSessionsUnlessUnder } from './sessions.ts';
import { hasEmail, hasUsername } from './without-case.ts';

const person = {
  id: users.id,
  username: users.username,
  email: users.email,
  language: users.language,
  createdAt: users.createdAt,
  previousEmail: users.previousEmail,
  suspendedAt: users.suspendedAt,
  resetRequiredAt: users.resetRequiredAt,
};

/** Who has this id, address or username. An address has an `@` and a username has none, so there is one at most. */
export const findPerson = async (db: Database, wanted: string) =>
  (await db
    .select(person)
    .from(users)
    .where(or(eq(users.id, wanted), hasEmail(wanted), hasUsername(wanted)))
    .get()) ?? null;

/**
 * A person as mail knows them: by the keyed hash of the address, where LOOKUP_SECRET is at hand, and of the addresses that
 * the account was written to in the last 30 days.
 */
export type Addressee = { userId: string; addressKey: string | null };

const isTo = (db: Database, { userId, addressKey }: Addressee) =>
  or(
    eq(suppressions.addressKey, addressKey ?? ''),
    inArray(
      suppressions.addressKey,
      db.select({ addressKey: mails.addressKey }).from(mails).where(eq(mails.userId, userId)),
    ),
  );

/** A user's sessions, and why mail does not reach them, where that is so. */
export const findStanding = async (db: Database, addressee: Addressee, nowMs: number) => {
  const [alive, suppressed] = await db.batch([
    db
      .select({ sessions: count(), lastSeenAt: sql<number | null>`max(${sessions.lastSeenAt})` })
      .from(sessions)
      .where(and(eq(sessions.userId, addressee.userId), gt(sessions.expiresAt, nowMs))),
    db
      .select({ reason: suppressions.reason, since: suppressions.since, until: suppressions.until })
      .from(suppressions)
      .where(and(isTo(db, addressee), or(isNull(suppressions.until), gt(suppressions.until, nowMs)))),
  ]);
  return { sessions: alive[0]?.sessions ?? 0, lastSeenAt: alive[0]?.lastSeenAt ?? null, suppressed };
};

/** What happened to an account and what it was mailed: the newest `most` of each. */
export const findTimeline = async (db: Database, userId: string, most: number) => {
  const [happened, mailed] = await db.batch([
    db.select().from(activity).where(eq(activity.userId, userId)).orderBy(desc(activity.at)).limit(most),
    db.select().from(mails).where(eq(mails.userId, userId)).orderBy(desc(mails.createdAt)).limit(most),
  ]);
  return { activity: happened, mails: mailed };
};

const hasChanged = sql`changes() > 0`;

/** Lets mail go out to a person again. Answers how many of their addresses were suppressed. One transaction. */
export const liftSuppressions = async (db: Database, addressee: Addressee, happened: Occurrence): Promise<number> => {
  const [lifted] = await db.batch([
    db.delete(suppressions).where(isTo(db, addressee)).returning({ addressKey: suppressions.addressKey }),
    recordActivity(db, 'suppression_lifted', happened, hasChanged),
  ]);
  return lifted.length;
};

/** What an operator can close an account by, and where that stands. */
const CLOSED_AT = { suspended: 'suspendedAt', reset_required: 'resetRequiredAt' } as const;

/**
 * Closes an account: `suspended`, nobody signs in any more; `reset_required`, nobody before the password was replaced. Every
 * session and link is dead from then on, also when it is opened again. False where it was so. One transaction.
 */
export const closeAccount = async (
  db: Database,
  how: keyof typeof CLOSED_AT,
  newStamp: string,
  happened: Occurrence,
): Promise<boolean> => {
  const closedAt = CLOSED_AT[how];
  const [changed] = await db.batch([
    db
      .update(users)
      .set({ [closedAt]: happened.nowMs, securityStamp: newStamp })
      .where(and(eq(users.id, happened.userId), isNull(users[closedAt])))
      .returning({ id: users.id }),
    recordActivity(db, how, happened, hasChanged),
    endSessionsUnlessUnder(db, happened.userId, newStamp),
  ]);
  return changed.length === 1;
};

/** They may sign in again, by the password that they had. False where they might already. One transaction. */
export const restoreAccount = async (db: Database, happened: Occurrence): Promise<boolean> => {
  const [changed] = await db.batch([
    db
      .update(users)
      .set({ suspendedAt: null })
      .where(and(eq(users.id, happened.userId), isNotNull(users.suspendedAt)))
      .returning({ id: users.id }),
    recordActivity(db, 'restored', happened, hasChanged),
  ]);
  return changed.length === 1;
};

/** How often what happened, and what became of the mails, from one moment to another. */
export const countBetween = async (db: Database, fromMs: number, toMs: number) => {
  const [happened, mailed] = await db.batch([
    db
      .select({ kind: activity.kind, times: count() })
      .from(activity)
      .where(and(gte(activity.at, fromMs), lt(activity.at, toMs)))
      .groupBy(activity.kind)
      .orderBy(asc(activity.kind)),
    db
      .select({ kind: mails.kind, state: mails.state, times: count() })
      .from(mails)
      .where(and(gte(mails.createdAt, fromMs), lt(mails.createdAt, toMs)))
      .groupBy(mails.kind, mails.state)
      .orderBy(asc(mails.kind), asc(mails.state)),
  ]);
  return { activity: happened, mails: mailed };
};
