/** Tries at the current password, counted on the session that makes them. */
import { and, eq, lt, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { sessions } from './schema.ts';
import { findSessionQuery, type SessionRow } from './sessions.ts';

/** Wrong current passwords that end a session. */
const MAX_WRONG_PASSWORDS = 5;

/**
 * The living session, with one more try at its current password counted before anything is hashed: of any number of
 * simultaneous tries no more than five in a row are hashed. Null where there is no session or no try left.
 */
export const countPasswordTry = async (db: Database, secretHash: string, nowMs: number): Promise<SessionRow | null> => {
  const [counted, found] = await db.batch([
    db
      .update(sessions)
      .set({ wrongPasswords: sql`${sessions.wrongPasswords} + 1` })
      .where(and(eq(sessions.secretHash, secretHash), lt(sessions.wrongPasswords, MAX_WRONG_PASSWORDS)))
      .returning({ id: sessions.id }),
    findSessionQuery(db, secretHash, nowMs),
  ]);
  return counted.length === 1 ? (found[0] ?? null) : null;
};

/** A try that was counted and then not hashed. */
export const takeBackPasswordTry = async (db: Database, secretHash: string): Promise<void> => {
  await db
    .update(sessions)
    .set({ wrongPasswords: sql`max(0, ${sessions.wrongPasswords} - 1)` })
    .where(eq(sessions.secretHash, secretHash));
};

/** The password was right: the tries begin anew. */
export const forgetPasswordTries = (db: Database, secretHash: string) =>
  db.update(sessions).set({ wrongPasswords: 0 }).where(eq(sessions.secretHash, secretHash));

/** Ends a session whose tries are used up. True where it was. */
export const deleteExhaustedSession = async (db: Database, secretHash: string): Promise<boolean> =>
  (
    await db
      .delete(sessions)
      .where(and(eq(sessions.secretHash, secretHash), sql`${sessions.wrongPasswords} >= ${MAX_WRONG_PASSWORDS}`))
      .returning({ id: sessions.id })
  ).length === 1;
