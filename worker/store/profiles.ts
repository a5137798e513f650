/** What an owner changes of the account beside password and address: the name, the way back, and its end. */
import { and, eq, isNull, lt, lte, or, sql } from 'drizzle-orm';
import type { Language } from '../contract/languages.ts';
import type { Database } from './database.ts';
import { canTakeBack, hasSettled, type Occurrence, recordActivity, recordNotice, TAKE_BACK_MS } from './records.ts';
import { restingUsernames, users } from './schema.ts';
import { endSessionsUnlessUnder } from './sessions.ts';
import { type UserRow, usernameIsTaken, type WantedName } from './users.ts';

/**
 * Gives the account another username, another language, or both: what is not given stays as it is by now. Null, and nothing
 * is changed, where somebody has that name or had it less than 30 days ago. One transaction.
 */
export const replaceProfile = async (
  db: Database,
  { name, language }: { name: WantedName | null; language: Language | null },
  happened: Occurrence,
): Promise<UserRow | null> => {
  const isFree = name ? sql`not ${usernameIsTaken(name, happened.userId, happened.nowMs)}` : undefined;
  const replace = db
    .update(users)
    .set({ ...(language && { language }), ...(name && { username: name.username }) })
    .where(and(eq(users.id, happened.userId), isFree))
    .returning();
  if (!name) return (await replace.get()) ?? null;
  const [rows] = await db.batch([replace, recordActivity(db, 'username_changed', happened, sql`changes() = 1`)]);
  return rows[0] ?? null;
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
  const mayGo = and(eq(users.id, user.id), eq(users.securityStamp, user.securityStamp), hasSettled(happened.nowMs));
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
