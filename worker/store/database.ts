/** The database as the queries see it: D1 through Drizzle. A failed query is told apart from a bug here and nowhere else. */
import { DrizzleQueryError } from 'drizzle-orm';
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';
import { Unavailable } from '../unavailable.ts';

export type Database = DrizzleD1Database;

export const openDatabase = (binding: D1Database): Database => {
  const db = drizzle(binding);
  const batch = db.batch.bind(db);
  // Drizzle wraps what a query throws and not what a batch does, where a lost connection has no mark of D1's either.
  db.batch = (queries =>
    batch(queries).catch((error: unknown) => {
      throw new Unavailable('database', error);
    })) as typeof batch;
  return db;
};

/** Whether D1 refused or did not answer. Its message is not for the log: Drizzle's holds the parameters. */
export const isDatabaseError = (error: unknown): boolean => error instanceof DrizzleQueryError;

/** Throws where the database does not answer. */
export const pingDatabase = async (db: Database): Promise<void> => {
  await db.run('SELECT 1');
};
