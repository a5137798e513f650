/** The database as the queries see it: D1 through Drizzle. A failed query is told apart from a bug here and nowhere else. */
import { DrizzleQueryError } from 'drizzle-orm';
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';

export type Database = DrizzleD1Database;

export const openDatabase = (binding: D1Database): Database => drizzle(binding);

/** Whether D1 refused or did not answer. Its message is not for the log: Drizzle's holds the parameters. */
export const isDatabaseError = (error: unknown): boolean =>
  error instanceof DrizzleQueryError || (error instanceof Error && error.message.startsWith('D1_'));

/** Throws where the database does not answer. */
export const pingDatabase = async (db: Database): Promise<void> => {
  await db.run('SELECT 1');
};
