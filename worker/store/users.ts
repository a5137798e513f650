/** Users: found by address or id, made once a mailbox is proved. Every change of one is in its own file beside this. */
import { and, eq, gt, sql } from 'drizzle-orm';
import type { Language } from '../contract/languages.ts';
import type { Database } from './database.ts';
import { forgetAllGuesses } from './guesses.ts';
import { recordActivity, TAKE_BACK_MS } from './records.ts';
import { restingUsernames, sessions, users } from './schema.ts';
import { endPreviousSession, type NewSession, sessionForUser } from './sessions.ts';
import { hasEmail, hasUsername } from './without-case.ts';

export type UserRow = typeof users.$inferSelect;

const hadEmail = (email: string, nowMs: number) =>
  and(eq(sql`lower(${users.previousEmail})`, email.toLowerCase()), gt(users.emailChangedAt, nowMs - TAKE_BACK_MS));

/** The user with this address, compared without case. */
export const findUserByEmail = async (db: Database, email: string): Promise<UserRow | null> =>
  (await db.select().from(users).where(hasEmail(email)).get()) ?? null;

/** The user whose change away from this address can still be taken back. */
export const findUserByPreviousEmail = async (db: Database, email: string, nowMs: number): Promise<UserRow | null> =>
  (await db.select().from(users).where(hadEmail(email, nowMs)).get()) ?? null;

/** The user as long as the security stamp is still this one. */
export const findUserByStamp = async (db: Database, id: string, stamp: string): Promise<UserRow | null> =>
  (await db
    .select()
    .from(users)
    .where(and(eq(users.id, id), eq(users.securityStamp, stamp)))
    .get()) ?? null;

/** Whether an address is somebody's, or can still become somebody's again. Two searches by index. */
export const emailIsTaken = (email: string, nowMs: number) =>
  sql<number>`(exists(select 1 from ${users} where ${hasEmail(email)}) or exists(select 1 from ${users} where ${hadEmail(email, nowMs)}))`;

/** A name to look for: as it is written, and the keyed hash that it would rest under. */
export type WantedName = { username: string; nameKey: string };

/** Whether a username is somebody else's or rests. `ownId` is nobody's where nobody has an account yet. */
export const usernameIsTaken = ({ username, nameKey }: WantedName, ownId: string, nowMs: number) =>
  sql<number>`(exists(select 1 from ${users} where ${and(hasUsername(username), sql`${users.id} <> ${ownId}`)}) or exists(select 1 from ${restingUsernames} where ${and(
    eq(restingUsernames.nameKey, nameKey),
    gt(restingUsernames.until, nowMs),
  )}))`;

export type Availability = { emailTaken: boolean; usernameTaken: boolean };

const availabilityOf = (db: Database, email: string, name: WantedName, ownId: string, nowMs: number) =>
  db
    .select({ emailTaken: emailIsTaken(email, nowMs), usernameTaken: usernameIsTaken(name, ownId, nowMs) })
    .from(sql`(select 1)`);

const asAvailability = (row: { emailTaken: number; usernameTaken: number } | undefined): Availability => ({
  emailTaken: row?.emailTaken === 1,
  usernameTaken: row?.usernameTaken === 1,
});

/** Which of the two is taken by now. One statement, searches by index. */
export const findAvailability = async (
  db: Database,
  email: string,
  name: WantedName,
  nowMs: number,
): Promise<Availability> => asAvailability(await availabilityOf(db, email, name, '', nowMs).get());

/** Whether an address has an account, or can get it back: for the one door that may say so. */
export const hasAccount = async (db: Database, email: string, nowMs: number): Promise<boolean> =>
  (
    await db
      .select({ taken: emailIsTaken(email, nowMs) })
      .from(sql`(select 1)`)
      .get()
  )?.taken === 1;

export type NewUser = Pick<
  UserRow,
  'id' | 'username' | 'email' | 'passwordHash' | 'securityStamp' | 'browserStamp' | 'createdAt' | 'language'
>;

/**
 * Makes the account and its first session, or neither; the session of a cookie that came along ends with it. When address
 * or username was taken meanwhile, says which: the statement and the unique indexes decide, not the look before. One
 * transaction.
 */
export const insertUserWithSession = async (
  db: Database,
  user: NewUser,
  { nameKey, addressKey }: { nameKey: string; addressKey: string },
  session: NewSession,
  previousSecretHash: string | null,
): Promise<{ kind: 'inserted' } | { kind: 'taken'; taken: Availability }> => {
  const nowMs = user.createdAt;
  const name = { username: user.username, nameKey };
  const happened = { userId: user.id, nowMs, visitor: session.visitor };
  const [availability, inserted] = await db.batch([
    availabilityOf(db, user.email, name, user.id, nowMs),
    db
      .insert(users)
      .select(
        db
          .select({
            id: sql<string>`${user.id}`.as('id'),
            username: sql<string>`${user.username}`.as('username'),
            email: sql<string>`${user.email}`.as('email'),
            passwordHash: sql<string>`${user.passwordHash}`.as('password_hash'),
            securityStamp: sql<string>`${user.securityStamp}`.as('security_stamp'),
            createdAt: sql<number>`${user.createdAt}`.as('created_at'),
            browserStamp: sql<string>`${user.browserStamp}`.as('browser_stamp'),
            previousEmail: sql<null>`null`.as('previous_email'),
            emailChangedAt: sql<null>`null`.as('email_changed_at'),
            securedAt: sql<null>`null`.as('secured_at'),
            language: sql<Language>`${user.language}`.as('language'),
            suspendedAt: sql<null>`null`.as('suspended_at'),
            resetRequiredAt: sql<null>`null`.as('reset_required_at'),
          })
          .from(sql`(select 1)`)
          .where(sql`not ${emailIsTaken(user.email, nowMs)} and not ${usernameIsTaken(name, user.id, nowMs)}`),
      )
      .onConflictDoNothing()
      .returning({ id: users.id }),
    db.insert(sessions).select(sessionForUser(db, user.id, session)),
    recordActivity(db, 'registered', happened, eq(users.securityStamp, user.securityStamp)),
    endPreviousSession(db, session, previousSecretHash),
    forgetAllGuesses(db, addressKey, sql`exists(select 1 from ${users} where ${eq(users.id, user.id)})`),
  ]);
  return inserted.length === 1 ? { kind: 'inserted' } : { kind: 'taken', taken: asAvailability(availability[0]) };
};
