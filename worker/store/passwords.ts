/** Passwords replaced: by a link, by the current one, or only made anew at another cost. Each is one UPDATE that decides. */
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { forgetAllGuesses } from './guesses.ts';
import { forgetPasswordTries } from './password-tries.ts';
import { dayEndsInSeconds, type Occurrence, recordActivity, recordNotice, standsUnder, withinDay } from './records.ts';
import { sessions, users } from './schema.ts';
import { endSessionsUnlessUnder, type NewSession, sessionForUser } from './sessions.ts';
import type { UserRow } from './users.ts';

export type PasswordReplacement = Occurrence & {
  /** The stamp that was read before: with any other the statement changes nothing. */
  stamp: string;
  newStamp: string;
  passwordHash: string;
  noticeId: string;
};

/** The UPDATE that decides; `limit` is a condition more. A new password is what the operator may have asked for. */
const replaced = (db: Database, { userId, stamp, newStamp, passwordHash }: PasswordReplacement, limit?: SQL) =>
  db
    .update(users)
    .set({ passwordHash, securityStamp: newStamp, resetRequiredAt: null })
    .where(and(eq(users.id, userId), eq(users.securityStamp, stamp), limit))
    .returning({ id: users.id });

/**
 * Sets the new password and the new stamp in one UPDATE: of any number of simultaneous calls under one stamp exactly one
 * gets its row back. With it, or not at all: the notice that is then due, and what was guessed at the address is
 * forgotten. Answers the secret hashes of the sessions that
 * ended, or null where nothing was replaced. One transaction.
 */
export const replacePassword = async (
  db: Database,
  change: PasswordReplacement & { addressKey: string },
): Promise<string[] | null> => {
  const isDone = eq(users.securityStamp, change.newStamp);
  const notice = { id: change.noticeId, kind: 'password_reset', email: sql`${users.email}` } as const;
  const [rows, , , ended] = await db.batch([
    replaced(db, change),
    recordNotice(db, notice, change, isDone),
    recordActivity(db, 'password_reset', change, isDone),
    db
      .delete(sessions)
      .where(and(eq(sessions.userId, change.userId), eq(sessions.stamp, change.stamp)))
      .returning({ secretHash: sessions.secretHash }),
    forgetAllGuesses(db, change.addressKey, standsUnder(change.userId, change.newStamp)),
  ]);
  return rows.length === 1 ? ended.map(session => session.secretHash) : null;
};

/**
 * The same by the current password: every other session ends, this one goes on as `session`, under the new stamp. At most
 * `limit` in a day: `limited` then, and `stale` where something else changed the account meanwhile. One transaction.
 */
export const changePassword = async (
  db: Database,
  change: PasswordReplacement & { session: NewSession; oldSecretHash: string; limit: number },
): Promise<{ kind: 'changed' } | { kind: 'limited'; retryAfterSeconds: number } | { kind: 'stale' }> => {
  const { userId, newStamp, nowMs, session, limit } = change;
  const today = withinDay(userId, 'password_changed', nowMs);
  const isDone = eq(users.securityStamp, newStamp);
  const notice = { id: change.noticeId, kind: 'password_changed', email: sql`${users.email}` } as const;
  const [before, rows] = await db.batch([
    db.select(today).from(sql`(select 1)`),
    replaced(db, change, sql`${today.times} < ${limit}`),
    db.insert(sessions).select(sessionForUser(db, userId, session)),
    endSessionsUnlessUnder(db, userId, newStamp),
    recordNotice(db, notice, change, isDone),
    recordActivity(db, 'password_changed', change, isDone),
    // Limited or not: the current password was right.
    forgetPasswordTries(db, change.oldSecretHash),
  ]);
  if (rows.length === 1) return { kind: 'changed' };
  const { times = 0, firstAt = null } = before[0] ?? {};
  return times < limit ? { kind: 'stale' } : { kind: 'limited', retryAfterSeconds: dayEndsInSeconds(firstAt, nowMs) };
};

/** Stores the same password at a new cost, unless password or stamp has changed since they were read. */
export const replacePasswordHash = async (db: Database, read: UserRow, passwordHash: string): Promise<void> => {
  await db
    .update(users)
    .set({ passwordHash })
    .where(
      and(
        eq(users.id, read.id),
        eq(users.securityStamp, read.securityStamp),
        eq(users.passwordHash, read.passwordHash),
      ),
    );
};
