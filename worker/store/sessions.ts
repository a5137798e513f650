/** Sessions: each bound to the security stamp that was read before the password was hashed. */
import { and, desc, eq, gt, isNull, lte, ne, or, type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { Visitor } from '../visitor.ts';
import { type Database, prepared } from './database.ts';
import { type CountedGuess, forgetGuess } from './guesses.ts';
import { type Occurrence, recordActivity, recordNotice, standsUnder } from './records.ts';
import { sessions, users } from './schema.ts';
import type { UserRow } from './users.ts';

/** Unused for so long, a session ends however long it was meant to live. */
const IDLE_LIMIT_MS = 14 * 24 * 3600 * 1000;

export type NewSession = {
  id: string;
  secretHash: string;
  stamp: string;
  createdAt: number;
  expiresAt: number;
  remembered: boolean;
  visitor: Visitor;
};

/**
 * The session's row, as a query that yields it only while the user stands under the session's stamp and is not suspended;
 * `mayStart` is a condition more.
 */
export const sessionForUser = (db: Database, userId: string, session: NewSession, mayStart?: SQL) =>
  db
    .select({
      secretHash: sql<string>`${session.secretHash}`.as('secret_hash'),
      id: sql<string>`${session.id}`.as('id'),
      userId: sql<string>`${users.id}`.as('user_id'),
      stamp: sql<string>`${users.securityStamp}`.as('stamp'),
      createdAt: sql<number>`${session.createdAt}`.as('created_at'),
      lastSeenAt: sql<number>`${session.createdAt}`.as('last_seen_at'),
      expiresAt: sql<number>`${session.expiresAt}`.as('expires_at'),
      remembered: sql<boolean>`${session.remembered ? 1 : 0}`.as('remembered'),
      userAgent: sql<string | null>`${session.visitor.userAgent}`.as('user_agent'),
      country: sql<string | null>`${session.visitor.country}`.as('country'),
      wrongPasswords: sql<number>`0`.as('wrong_passwords'),
    })
    .from(users)
    .where(and(eq(users.id, userId), eq(users.securityStamp, session.stamp), isNull(users.suspendedAt), mayStart));

const hasStarted = ({ secretHash }: NewSession): SQL =>
  sql`exists(select 1 from ${sessions} where ${eq(sessions.secretHash, secretHash)})`;

/** Ends the session of a cookie that came along, if the new one has started. */
export const endPreviousSession = (db: Database, session: NewSession, previousSecretHash: string | null) =>
  db.delete(sessions).where(and(eq(sessions.secretHash, previousSecretHash ?? ''), hasStarted(session)));

/**
 * Starts a session and ends the one whose cookie came along; from a browser that was not known, with a notice to the
 * owner (`noticeId`). The wrong passwords before it are forgotten. False, and nothing changed, where since the password was
 * checked the stamp has moved on or the operator has closed the account. One transaction.
 */
export const insertSession = async (
  db: Database,
  userId: string,
  session: NewSession,
  terms: { previousSecretHash: string | null; noticeId: string | null; guess: CountedGuess },
): Promise<boolean> => {
  const happened = { userId, nowMs: session.createdAt, visitor: session.visitor };
  const isStarted = hasStarted(session);
  const { previousSecretHash, noticeId, guess } = terms;
  const notice = { id: noticeId ?? '', kind: 'new_browser', email: sql`${users.email}` } as const;
  const [inserted] = await db.batch([
    db
      .insert(sessions)
      .select(sessionForUser(db, userId, session, isNull(users.resetRequiredAt)))
      .returning({ secretHash: sessions.secretHash }),
    endPreviousSession(db, session, previousSecretHash),
    forgetGuess(db, guess, isStarted),
    recordActivity(db, 'signed_in', happened, isStarted),
    ...(noticeId === null ? [] : [recordNotice(db, notice, happened, isStarted)]),
  ]);
  return inserted.length === 1;
};

export type SessionRow = {
  user: UserRow;
  session: Pick<
    typeof sessions.$inferSelect,
    'id' | 'secretHash' | 'createdAt' | 'lastSeenAt' | 'expiresAt' | 'remembered'
  >;
};

type Moments<At> = { now: At; idleSince: At };

const momentsAt = (nowMs: number): Moments<number> => ({ now: nowMs, idleSince: nowMs - IDLE_LIMIT_MS });

const isAlive = ({ now, idleSince }: Moments<number | Placeholder>) =>
  and(gt(sessions.expiresAt, now), gt(sessions.lastSeenAt, idleSince));

/**
 * A session holds as long as its user stands under its stamp and is not suspended. Who suspends replaces the stamp too, or
 * a restored account would have its old sessions back.
 */
const ownsUnderItsStamp = and(
  eq(users.id, sessions.userId),
  eq(users.securityStamp, sessions.stamp),
  isNull(users.suspendedAt),
);

const sessionQuery = (db: Database, secretHash: string | Placeholder, moments: Moments<number | Placeholder>) =>
  db
    .select({
      user: users,
      session: {
        // Under names of their own: a batch answers rows by column name, and the user's would win.
        id: sql<string>`${sessions.id}`.as('session_id'),
        secretHash: sessions.secretHash,
        createdAt: sql<number>`${sessions.createdAt}`.as('session_created_at'),
        lastSeenAt: sessions.lastSeenAt,
        expiresAt: sessions.expiresAt,
        remembered: sessions.remembered,
      },
    })
    .from(sessions)
    .innerJoin(users, ownsUnderItsStamp)
    .where(and(eq(sessions.secretHash, secretHash), isAlive(moments)));

/** The living session and its user, as a query. */
export const findSessionQuery = (db: Database, secretHash: string, nowMs: number) =>
  sessionQuery(db, secretHash, momentsAt(nowMs));

const LATER = {
  secretHash: sql.placeholder('secretHash'),
  moments: { now: sql.placeholder('now'), idleSince: sql.placeholder('idleSince') },
};

const sessionStatement = prepared(db => sessionQuery(db, LATER.secretHash, LATER.moments).prepare());

/** The living session of a secret and its user. */
export const findSession = async (db: Database, secretHash: string, nowMs: number): Promise<SessionRow | null> =>
  (await sessionStatement(db).get({ secretHash, ...momentsAt(nowMs) })) ?? null;

const ownerStatement = prepared(db =>
  db
    .select({
      id: users.id,
      username: users.username,
      email: users.email,
      createdAt: users.createdAt,
      language: users.language,
      lastSeenAt: sessions.lastSeenAt,
    })
    .from(sessions)
    .innerJoin(users, ownsUnderItsStamp)
    .where(and(eq(sessions.secretHash, LATER.secretHash), isAlive(LATER.moments)))
    .prepare(),
);

/** Whose living session it is, and when it was last seen. Neither hash nor stamp leaves the database for that. */
export const findSessionOwner = async (db: Database, secretHash: string, nowMs: number) =>
  (await ownerStatement(db).get({ secretHash, ...momentsAt(nowMs) })) ?? null;

/** Whose session it is, for a query that goes along with `findSession` in one round trip. */
export const ownerOf = (secretHash: string): SQL<string> =>
  sql`(select ${sessions.userId} from ${sessions} where ${eq(sessions.secretHash, secretHash)})`;

/** The living session and its user's living sessions, newest use first. One round trip. */
export const findSessionAndOthers = async (db: Database, secretHash: string, nowMs: number) => {
  const [own, all] = await db.batch([
    findSessionQuery(db, secretHash, nowMs),
    db
      .select({
        id: sessions.id,
        secretHash: sessions.secretHash,
        createdAt: sessions.createdAt,
        lastSeenAt: sessions.lastSeenAt,
        userAgent: sessions.userAgent,
        country: sessions.country,
      })
      .from(sessions)
      .innerJoin(users, ownsUnderItsStamp)
      .where(and(eq(sessions.userId, ownerOf(secretHash)), isAlive(momentsAt(nowMs))))
      .orderBy(desc(sessions.lastSeenAt)),
  ]);
  return own[0] ? { ...own[0], sessions: all } : null;
};

/** Notes that a session was used. */
export const touchSession = async (db: Database, secretHash: string, nowMs: number): Promise<void> => {
  await db.update(sessions).set({ lastSeenAt: nowMs }).where(eq(sessions.secretHash, secretHash));
};

/** Ends the session of a secret. Nothing happens where there is none. */
export const deleteSession = async (db: Database, secretHash: string): Promise<void> => {
  await db.delete(sessions).where(eq(sessions.secretHash, secretHash));
};

/** Ends one session of a user by its id. False where the user has none with it. One transaction. */
export const deleteSessionById = async (db: Database, id: string, happened: Occurrence): Promise<boolean> => {
  const [ended] = await db.batch([
    db
      .delete(sessions)
      .where(and(eq(sessions.userId, happened.userId), eq(sessions.id, id)))
      .returning({ id: sessions.id }),
    recordActivity(db, 'session_ended', happened, sql`changes() > 0`),
  ]);
  return ended.length === 1;
};

/** Ends all sessions of a user but one. One transaction. */
export const deleteOtherSessions = async (db: Database, secretHash: string, happened: Occurrence): Promise<void> => {
  await db.batch([
    db.delete(sessions).where(and(eq(sessions.userId, happened.userId), ne(sessions.secretHash, secretHash))),
    recordActivity(db, 'other_sessions_ended', happened, sql`changes() > 0`),
  ]);
};

/** Ends all sessions of a user, and answers how many there were. One transaction. */
export const endSessions = async (db: Database, happened: Occurrence): Promise<number> => {
  const [ended] = await db.batch([
    db.delete(sessions).where(eq(sessions.userId, happened.userId)).returning({ id: sessions.id }),
    recordActivity(db, 'sessions_ended', happened, sql`changes() > 0`),
  ]);
  return ended.length;
};

/** Ends every session that is not under this stamp, if the user stands under it: after a change that replaced the stamp. */
export const endSessionsUnlessUnder = (db: Database, userId: string, stamp: string) =>
  db.delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.stamp, stamp), standsUnder(userId, stamp)));

/** Deletes sessions that are past their end or were not used for too long. At most `most` of them. */
export const deleteEndedSessions = async (db: Database, nowMs: number, most: number): Promise<void> => {
  const ended = db
    .select({ secretHash: sessions.secretHash })
    .from(sessions)
    .where(or(lte(sessions.expiresAt, nowMs), lte(sessions.lastSeenAt, nowMs - IDLE_LIMIT_MS)))
    .limit(most);
  await db.delete(sessions).where(sql`${sessions.secretHash} in ${ended}`);
};
