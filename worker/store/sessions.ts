/** Sessions: each bound to the security stamp that was read before the password was hashed. */
import { and, eq, gt, lte, or, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
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
};

/** The session's row, as a query that yields it only while the user stands under the session's stamp. */
export const sessionForUser = (db: Database, userId: string, session: NewSession) =>
  db
    .select({
      secretHash: sql<string>`${session.secretHash}`.as('secret_hash'),
      id: sql<string>`${session.id}`.as('id'),
      userId: sql<string>`${users.id}`.as('user_id'),
      stamp: sql<string>`${users.securityStamp}`.as('stamp'),
      createdAt: sql<number>`${session.createdAt}`.as('created_at'),
      lastSeenAt: sql<number>`${session.createdAt}`.as('last_seen_at'),
      expiresAt: sql<number>`${session.expiresAt}`.as('expires_at'),
    })
    .from(users)
    .where(and(eq(users.id, userId), eq(users.securityStamp, session.stamp)));

/** Ends the session of a cookie that came along, if the new one has started. */
export const endPreviousSession = (db: Database, session: NewSession, previousSecretHash: string | null) => {
  const isStarted = sql`exists(select 1 from ${sessions} where ${eq(sessions.secretHash, session.secretHash)})`;
  return db.delete(sessions).where(and(eq(sessions.secretHash, previousSecretHash ?? ''), isStarted));
};

/**
 * Starts a session and ends the one whose cookie came along. False, and nothing changed, where the stamp has moved on
 * since the password was checked. One transaction.
 */
export const insertSession = async (
  db: Database,
  userId: string,
  session: NewSession,
  previousSecretHash: string | null,
): Promise<boolean> => {
  const [inserted] = await db.batch([
    db
      .insert(sessions)
      .select(sessionForUser(db, userId, session))
      .returning({ secretHash: sessions.secretHash }),
    endPreviousSession(db, session, previousSecretHash),
  ]);
  return inserted.length === 1;
};

export type SessionRow = { user: UserRow; lastSeenAt: number };

/** The living session of a secret and its user. */
export const findSession = async (db: Database, secretHash: string, nowMs: number): Promise<SessionRow | null> =>
  (await db
    .select({ user: users, lastSeenAt: sessions.lastSeenAt })
    .from(sessions)
    .innerJoin(users, and(eq(users.id, sessions.userId), eq(users.securityStamp, sessions.stamp)))
    .where(
      and(
        eq(sessions.secretHash, secretHash),
        gt(sessions.expiresAt, nowMs),
        gt(sessions.lastSeenAt, nowMs - IDLE_LIMIT_MS),
      ),
    )
    .get()) ?? null;

/** Notes that a session was used. */
export const touchSession = async (db: Database, secretHash: string, nowMs: number): Promise<void> => {
  await db.update(sessions).set({ lastSeenAt: nowMs }).where(eq(sessions.secretHash, secretHash));
};

/** Ends the session of a secret. Nothing happens where there is none. */
export const deleteSession = async (db: Database, secretHash: string): Promise<void> => {
  await db.delete(sessions).where(eq(sessions.secretHash, secretHash));
};

/** Deletes sessions that are past their end or were not used for too long. At most `most` of them. */
export const deleteEndedSessions = async (db: Database, nowMs: number, most: number): Promise<void> => {
  const ended = db
    .select({ secretHash: sessions.secretHash })
    .from(sessions)
    .where(or(lte(sessions.expiresAt, nowMs), lte(sessions.lastSeenAt, nowMs - IDLE_LIMIT_MS)))
    .limit(most);
  await db.delete(sessions).where(sql`${sessions.secretHash} in ${ended}`);
};
