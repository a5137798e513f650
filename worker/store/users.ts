/** Users: found by address or id, made once a mailbox is proved, and changed under the stamp that was read before. */
import { and, eq, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { notices, sessions, users } from './schema.ts';
import { endPreviousSession, type NewSession, sessionForUser } from './sessions.ts';

export type UserRow = typeof users.$inferSelect;

const hasEmail = (email: string) => eq(sql`lower(${users.email})`, email.toLowerCase());
const hasUsername = (username: string) => eq(sql`lower(${users.username})`, username.toLowerCase());

/** The user with this address, compared without case. */
export const findUserByEmail = async (db: Database, email: string): Promise<UserRow | null> =>
  (await db.select().from(users).where(hasEmail(email)).get()) ?? null;

/** The user as long as the security stamp is still this one. */
export const findUserByStamp = async (db: Database, id: string, stamp: string): Promise<UserRow | null> =>
  (await db
    .select()
    .from(users)
    .where(and(eq(users.id, id), eq(users.securityStamp, stamp)))
    .get()) ?? null;

export type Availability = { emailTaken: boolean; usernameTaken: boolean };

const availabilityOf = (db: Database, email: string, username: string) =>
  db
    .select({
      emailTaken: sql<number>`exists(select 1 from ${users} where ${hasEmail(email)})`,
      usernameTaken: sql<number>`exists(select 1 from ${users} where ${hasUsername(username)})`,
    })
    .from(sql`(select 1)`);

const asAvailability = (row: { emailTaken: number; usernameTaken: number } | undefined): Availability => ({
  emailTaken: row?.emailTaken === 1,
  usernameTaken: row?.usernameTaken === 1,
});

/** Which of the two has an account by now. One statement, two searches by index. */
export const findAvailability = async (db: Database, email: string, username: string): Promise<Availability> =>
  asAvailability(await availabilityOf(db, email, username).get());

/**
 * Makes the account and its first session, or neither; the session of a cookie that came along ends with it. When address or username was taken meanwhile, says which: the
 * unique indexes decide, not the look before. One transaction.
 */
export const insertUserWithSession = async (
  db: Database,
  user: UserRow,
  session: NewSession,
  previousSecretHash: string | null,
): Promise<{ kind: 'inserted' } | { kind: 'taken'; taken: Availability }> => {
  const [inserted, , availability] = await db.batch([
    db.insert(users).values(user).onConflictDoNothing().returning({ id: users.id }),
    db.insert(sessions).select(sessionForUser(db, user.id, session)),
    availabilityOf(db, user.email, user.username),
    endPreviousSession(db, session, previousSecretHash),
  ]);
  return inserted.length === 1 ? { kind: 'inserted' } : { kind: 'taken', taken: asAvailability(availability[0]) };
};

export type PasswordReplacement = {
  userId: string;
  /** The stamp that the link was made under: with any other the statement changes nothing. */
  stamp: string;
  newStamp: string;
  passwordHash: string;
  noticeId: string;
  nowMs: number;
};

/**
 * Sets the new password and the new stamp in one UPDATE: of any number of simultaneous calls under one stamp exactly one
 * gets its row back. With it, or not at all: the notice that is then due. Answers the secret hashes of the sessions that
 * ended, or null where nothing was replaced. One transaction.
 */
export const replacePassword = async (db: Database, change: PasswordReplacement): Promise<string[] | null> => {
  const { userId, stamp, newStamp, passwordHash, noticeId, nowMs } = change;
  const [replaced, , ended] = await db.batch([
    db
      .update(users)
      .set({ passwordHash, securityStamp: newStamp })
      .where(and(eq(users.id, userId), eq(users.securityStamp, stamp)))
      .returning({ id: users.id }),
    db.insert(notices).select(
      db
        .select({
          id: sql<string>`${noticeId}`.as('id'),
          userId: sql<string>`${users.id}`.as('user_id'),
          kind: sql<'password_reset'>`'password_reset'`.as('kind'),
          email: sql<string>`${users.email}`.as('email'),
          createdAt: sql<number>`${nowMs}`.as('created_at'),
          queuedAt: sql<null>`null`.as('queued_at'),
        })
        .from(users)
        .where(and(eq(users.id, userId), eq(users.securityStamp, newStamp))),
    ),
    db
      .delete(sessions)
      .where(and(eq(sessions.userId, userId), eq(sessions.stamp, stamp)))
      .returning({ secretHash: sessions.secretHash }),
  ]);
  return replaced.length === 1 ? ended.map(session => session.secretHash) : null;
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
