/** What an owner changes of the account beside the password: name, address, the way back, and its end. */
import { and, eq, isNull, lt, lte, not, or, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { forgetAllGuesses } from './guesses.ts';
import { forgetPasswordTries } from './password-tries.ts';
import {
  canTakeBack,
  dayEndsInSeconds,
  type Occurrence,
  recordActivity,
  recordNotice,
  standsUnder,
  TAKE_BACK_MS,
  withinDay,
} from './records.ts';
import { restingUsernames, sessions, users } from './schema.ts';
import { endSessionsUnlessUnder, type NewSession, sessionForUser } from './sessions.ts';
import { emailIsTaken, type UserRow, usernameIsTaken, type WantedName } from './users.ts';

const isFree = (nowMs: number) => or(isNull(users.emailChangedAt), not(canTakeBack(nowMs)));

/** Gives the account another username. Null where somebody has it, or had it less than 30 days ago. One transaction. */
export const replaceUsername = async (
  db: Database,
  name: WantedName,
  happened: Occurrence,
): Promise<UserRow | null> => {
  const [rows] = await db.batch([
    db
      .update(users)
      .set({ username: name.username })
      .where(and(eq(users.id, happened.userId), sql`not ${usernameIsTaken(name, happened.userId, happened.nowMs)}`))
      .returning(),
    recordActivity(db, 'username_changed', happened, sql`changes() = 1`),
  ]);
  return rows[0] ?? null;
};

/**
 * Writes down that a change of address was asked for: the link to the new one, the notice to the old one. At most `limit`
 * times in a day: `limited` then, and nothing is mailed. One transaction.
 */
export const recordEmailChange = async (
  db: Database,
  asked: { email: string; stamp: string; linkId: string; noticeId: string; limit: number },
  secretHash: string,
  happened: Occurrence,
): Promise<{ kind: 'recorded' } | { kind: 'limited'; retryAfterSeconds: number }> => {
  const today = withinDay(happened.userId, 'email_change_asked', happened.nowMs);
  const mayAsk = sql`${eq(users.securityStamp, asked.stamp)} and ${today.times} < ${asked.limit}`;
  const link = { id: asked.linkId, kind: 'email_change_link', email: asked.email, stamp: asked.stamp } as const;
  const notice = { id: asked.noticeId, kind: 'email_change_asked', email: sql`${users.email}` } as const;
  const [before] = await db.batch([
    db.select(today).from(sql`(select 1)`),
    recordNotice(db, link, happened, mayAsk),
    recordNotice(db, notice, happened, mayAsk),
    // Last of the three: it is what the limit counts.
    recordActivity(db, 'email_change_asked', happened, mayAsk),
    forgetPasswordTries(db, secretHash),
  ]);
  const { times = 0, firstAt = null } = before[0] ?? {};
  if (times < asked.limit) return { kind: 'recorded' };
  return { kind: 'limited', retryAfterSeconds: dayEndsInSeconds(firstAt, happened.nowMs) };
};

export type EmailReplacement = Occurrence & {
  stamp: string;
  newStamp: string;
  email: string;
  /** Keyed hash of the new address, whose mailbox is proved by now. */
  addressKey: string;
  session: NewSession;
  noticeId: string;
};

/**
 * Puts a new address in place of the old one, which stays reserved for 7 days. Every session ends; the one that asks goes
 * on as `session`. One UPDATE decides between people who want one address at once. One transaction.
 */
export const replaceEmail = async (
  db: Database,
  change: EmailReplacement,
): Promise<{ kind: 'changed'; user: UserRow } | { kind: 'taken' } | { kind: 'stale' }> => {
  const { userId, stamp, newStamp, email, nowMs } = change;
  const isDone = eq(users.securityStamp, newStamp);
  const notice = { id: change.noticeId, kind: 'email_changed', email: sql`${users.previousEmail}` } as const;
  const isStill = standsUnder(userId, stamp);
  const [before, rows] = await db.batch([
    // Taken by this account itself, in a call that was first, is not taken: the link was used.
    db.select({ isLost: sql<number>`(${isStill} and ${emailIsTaken(email, nowMs)})` }).from(sql`(select 1)`),
    db
      .update(users)
      .set({ previousEmail: sql`${users.email}`, email, emailChangedAt: nowMs, securityStamp: newStamp })
      .where(
        and(
          eq(users.id, userId),
          eq(users.securityStamp, stamp),
          isFree(nowMs),
          sql`not ${emailIsTaken(email, nowMs)}`,
        ),
      )
      .returning(),
    db.insert(sessions).select(sessionForUser(db, userId, change.session)),
    endSessionsUnlessUnder(db, userId, newStamp),
    recordNotice(db, notice, change, isDone),
    recordActivity(db, 'email_changed', change, isDone),
    forgetAllGuesses(db, change.addressKey, standsUnder(userId, newStamp)),
  ]);
  const [user] = rows;
  if (user) return { kind: 'changed', user };
  return before[0]?.isLost === 1 ? { kind: 'taken' } : { kind: 'stale' };
};

export type Securing = Occurrence & {
  /** When what the notice told of happened: a link works once, so only if nothing was secured since. */
  toldOfMs: number;
  newStamp: string;
  newBrowserStamp: string;
  noticeId: string;
};

/**
 * "This was not me": puts back the address that was changed in the last 7 days, makes the password unusable, ends every
 * session, forgets every known browser, and makes a mail with a reset link due. False where the link was used. One
 * transaction.
 */
export const secureUser = async (db: Database, securing: Securing): Promise<boolean> => {
  const { userId, nowMs, toldOfMs, newStamp, newBrowserStamp } = securing;
  const isDone = eq(users.securityStamp, newStamp);
  const notice = { id: securing.noticeId, kind: 'secured', email: sql`${users.email}` } as const;
  const [rows] = await db.batch([
    db
      .update(users)
      .set({
        email: sql`case when ${canTakeBack(nowMs)} then ${users.previousEmail} else ${users.email} end`,
        previousEmail: null,
        emailChangedAt: null,
        passwordHash: '',
        securityStamp: newStamp,
        browserStamp: newBrowserStamp,
        securedAt: nowMs,
      })
      .where(and(eq(users.id, userId), or(isNull(users.securedAt), lt(users.securedAt, toldOfMs))))
      .returning({ id: users.id }),
    endSessionsUnlessUnder(db, userId, newStamp),
    recordNotice(db, notice, securing, isDone),
    recordActivity(db, 'secured', securing, isDone),
  ]);
  return rows.length === 1;
};

/**
 * Deletes the account and all that belongs to it, lets its username rest, and makes the last mail due. False where the
 * stamp has moved on or a change of address can still be taken back. One transaction.
 */
export const deleteUser = async (
  db: Database,
  user: UserRow,
  terms: { nameKey: string; restsUntil: number; noticeId: string },
  happened: Occurrence,
): Promise<boolean> => {
  const mayGo = and(eq(users.id, user.id), eq(users.securityStamp, user.securityStamp), isFree(happened.nowMs));
  const email = sql`${users.email}`;
  const notice = { id: terms.noticeId, kind: 'account_deleted', email, outlivesUser: true } as const;
  const [, , rows] = await db.batch([
    recordNotice(db, notice, happened, mayGo),
    db
      .insert(restingUsernames)
      .select(
        db
          .select({
            nameKey: sql<string>`${terms.nameKey}`.as('name_key'),
            until: sql<number>`${terms.restsUntil}`.as('until'),
          })
          .from(users)
          .where(mayGo),
      )
      .onConflictDoUpdate({ target: restingUsernames.nameKey, set: { until: terms.restsUntil } }),
    db.delete(users).where(mayGo).returning({ id: users.id }),
  ]);
  return rows.length === 1;
};

/** Forgets addresses that can no longer be put back, and names that have rested long enough. */
export const deleteOverdueProfileData = async (db: Database, nowMs: number): Promise<void> => {
  await db.batch([
    db
      .update(users)
      .set({ previousEmail: null, emailChangedAt: null })
      .where(lte(users.emailChangedAt, nowMs - TAKE_BACK_MS)),
    db.delete(restingUsernames).where(lte(restingUsernames.until, nowMs)),
  ]);
};
