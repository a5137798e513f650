/**
 * Wrong passwords in a row, counted by address before anything is hashed. One statement decides and counts, so of any
 * number of simultaneous tries no more are hashed than the counter lets through. Strangers share one row; a browser that
 * is known to the account has its own, so nobody else's tries stand in its way.
 */
import { and, eq, lte, type SQL, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { standsUnder } from './records.ts';
import { guesses, users } from './schema.ts';
import type { UserRow } from './users.ts';
import { hasEmail } from './without-case.ts';

/** So many wrong ones in a row are free. The n-th after that is followed by a wait of 2^n seconds, at most 900. */
const FREE_GUESSES = 5;
const LONGEST_WAIT_SECONDS = 900;
/** From here on there is no waiting any more, only a reset (NIST SP 800-63B-4, 3.2.2). */
const MOST_GUESSES = 100;
/** Without a wrong one for so long, the counting begins anew. */
const FORGOTTEN_AFTER_MS = 24 * 3600 * 1000;

export type Guesser = {
  email: string;
  /** Keyed hash of the address. */
  addressKey: string;
  /** The browser's id, and the browser stamps of the accounts that its cookie proves it is known to. */
  browserId: string;
  browserStamps: readonly string[];
};

/** Which row counts: what was counted may have to be taken back. */
export type CountedGuess = { addressKey: string; browserId: string; countedAtMs: number };

export type GuessOutcome =
  | { kind: 'counted'; guess: CountedGuess; user: UserRow | null }
  /** Neither to be hashed nor counted. `retryAfterSeconds` is null where no waiting helps. */
  | { kind: 'refused'; retryAfterSeconds: number | null };

/** Whose row it is: the known browser's own, or all strangers'. */
const rowOf = ({ email, browserId, browserStamps }: Guesser): SQL<string> => {
  const stamps = sql.join(
    browserStamps.map(stamp => sql`${stamp}`),
    sql`, `,
  );
  const isKnown = sql`exists(select 1 from ${users} where ${and(hasEmail(email), sql`${users.browserStamp} in (${stamps})`)})`;
  return sql`case when ${isKnown} then ${browserId} else '' end`;
};

/**
 * Counts a try as a wrong one and finds the user, or neither where the address has to wait. Searches by index only, and
 * the same ones whether or not there is an account. One transaction.
 */
export const countGuess = async (db: Database, guesser: Guesser, nowMs: number): Promise<GuessOutcome> => {
  const browserId = rowOf(guesser);
  const own = and(eq(guesses.addressKey, guesser.addressKey), eq(guesses.browserId, browserId));
  const isOld = sql`${guesses.wrongAt} <= ${nowMs - FORGOTTEN_AFTER_MS}`;
  const wrong = sql`case when ${isOld} then 1 else ${guesses.wrong} + 1 end`;
  const past = sql`(${wrong}) - ${sql.raw(String(FREE_GUESSES))}`;
  const waitSeconds = sql`case when ${past} < 0 then 0 when ${past} < 10 then 1 << (${past}) else ${LONGEST_WAIT_SECONDS} end`;
  const [counted, standing, found] = await db.batch([
    db
      .insert(guesses)
      .select(
        db
          .select({
            addressKey: sql<string>`${guesser.addressKey}`.as('address_key'),
            browserId: browserId.as('browser_id'),
            wrong: sql<number>`1`.as('wrong'),
            wrongAt: sql<number>`${nowMs}`.as('wrong_at'),
            waitUntil: sql<number>`${nowMs}`.as('wait_until'),
          })
          .from(sql`(select 1)`)
          // Without it the parser takes ON for a join's.
          .where(sql`true`),
      )
      .onConflictDoUpdate({
        target: [guesses.addressKey, guesses.browserId],
        set: { wrong, wrongAt: nowMs, waitUntil: sql`${nowMs} + 1000 * (${waitSeconds})` },
        setWhere: sql`${guesses.waitUntil} <= ${nowMs} and ${guesses.wrong} < ${MOST_GUESSES}`,
      })
      .returning({ browserId: guesses.browserId }),
    db.select({ wrong: guesses.wrong, waitUntil: guesses.waitUntil }).from(guesses).where(own),
    // Read only with a try that was counted: an answer that comes at once must not depend on there being a user.
    db
      .select()
      .from(users)
      .where(
        and(
          hasEmail(guesser.email),
          sql`exists(select 1 from ${guesses} where ${and(own, eq(guesses.wrongAt, nowMs))})`,
        ),
      ),
  ]);
  const [row] = counted;
  if (row) {
    return {
      kind: 'counted',
      guess: { addressKey: guesser.addressKey, browserId: row.browserId, countedAtMs: nowMs },
      user: found[0] ?? null,
    };
  }
  const { wrong: inARow = 0, waitUntil = nowMs } = standing[0] ?? {};
  if (inARow >= MOST_GUESSES) return { kind: 'refused', retryAfterSeconds: null };
  return { kind: 'refused', retryAfterSeconds: Math.max(1, Math.ceil((waitUntil - nowMs) / 1000)) };
};

const isRow = (guess: CountedGuess) =>
  and(eq(guesses.addressKey, guess.addressKey), eq(guesses.browserId, guess.browserId));

/**
 * A try that was counted and then not hashed. It was let through, so whatever wait there had been before it was over; one
 * that a later try has begun stays.
 */
export const takeBackGuess = async (db: Database, guess: CountedGuess): Promise<void> => {
  const { countedAtMs } = guess;
  const waitUntil = sql`case when ${guesses.wrongAt} = ${countedAtMs} then ${countedAtMs} else ${guesses.waitUntil} end`;
  await db.batch([
    db.delete(guesses).where(and(isRow(guess), lte(guesses.wrong, 1))),
    db
      .update(guesses)
      .set({ wrong: sql`${guesses.wrong} - 1`, waitUntil })
      .where(isRow(guess)),
  ]);
};

/** The password was right: this row's counting begins anew, if the condition holds. */
export const forgetGuess = (db: Database, guess: CountedGuess, condition: SQL) =>
  db.delete(guesses).where(and(isRow(guess), condition));

/** The password was right and no session begins: the counting begins anew all the same, unless the stamp has moved on. */
export const settleGuess = async (db: Database, guess: CountedGuess, user: UserRow): Promise<void> => {
  await forgetGuess(db, guess, standsUnder(user.id, user.securityStamp));
};

/** The mailbox was proved: whatever was guessed at its address is forgotten, if the condition holds. */
export const forgetAllGuesses = (db: Database, addressKey: string, condition: SQL) =>
  db.delete(guesses).where(and(eq(guesses.addressKey, addressKey), condition));

/** Deletes what a day without a wrong password has settled. At most `most` rows. */
export const deleteOldGuesses = async (db: Database, nowMs: number, most: number): Promise<void> => {
  const old = sql`(select rowid from ${guesses} where ${and(sql`${guesses.wrong} < 100`, lte(guesses.wrongAt, nowMs - FORGOTTEN_AFTER_MS))} limit ${most})`;
  await db.delete(guesses).where(sql`rowid in ${old}`);
};
