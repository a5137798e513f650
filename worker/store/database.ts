/** The database as the queries see it: D1 through Drizzle. A failed query is told apart from a bug here and nowhere else. */
import { DrizzleQueryError } from 'drizzle-orm';
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';
import { Unavailable } from '../unavailable.ts';

export type Database = DrizzleD1Database;

// The log says errors by their class, and a minified bundle would have another name for it.
Object.defineProperty(DrizzleQueryError, 'name', { value: 'DrizzleQueryError' });

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

/**
 * A query that is written once for each database and not once for each request: what every request asks would otherwise
 * spend longer on its text than on its row.
 */
export const prepared = <Query>(prepare: (db: Database) => Query): ((db: Database) => Query) => {
  const known = new WeakMap<Database, Query>();
  return db => {
    const query = known.get(db) ?? prepare(db);
    known.set(db, query);
    return query;
  };
};

/** Whether D1 refused or did not answer. Its message is not for the log: Drizzle's holds the parameters. */
export const isDatabaseError = (error: unknown): boolean => error instanceof DrizzleQueryError;

/** Throws where the database does not answer. */
export const pingDatabase = async (db: Database): Promise<void> => {
  await db.run('SELECT 1');
};
