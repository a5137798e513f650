/** Changes of address: asked for a few times a day, made once, and for 7 days there is no other. */
import { and, eq, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { forgetAllGuesses } from './guesses.ts';
import { forgetPasswordTries } from './password-tries.ts';
import {
  dayEndsInSeconds,
  hasSettled,
  type Occurrence,
  recordActivity,
  recordNotice,
  standsUnder,
  withinDay,
} from './records.ts';
import { sessions, users } from './schema.ts';
import { endSessionsUnlessUnder, type NewSession, sessionForUser } from './sessions.ts';
import { emailIsTaken, type UserRow } from './users.ts';

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
          hasSettled(nowMs),
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
