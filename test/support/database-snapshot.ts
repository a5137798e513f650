/**
 * All tables at a moment, so that two moments can be held against each other: a refused request leaves the database as it
 * was. What may move all the same is named here.
 */
import type { Rekey } from './harness.ts';

/** What counts tries and mails: that is what a refusal is for, or a mail of an earlier request was counted meanwhile. */
const COUNTERS = ['guesses', 'reset_mails', 'stranger_mails', 'stranger_mail_hours', 'mails'];
/** Wrong current passwords of a session; when it was last used; when a notice of an earlier request was put on the queue. */
const COUNTING_COLUMNS = ['wrong_passwords', 'last_seen_at', 'queued_at'];
/** Written after the answer, for the owner to see: somebody tried, somebody asked. */
const TOLD_TO_OWNER = /^activity \[.*"(sign_in_refused|reset_asked)"/;
/** A notice goes when its mail is accepted. */
const MAIL_WENT_OUT = /^notices /;

export type Snapshot = ReadonlySet<string>;

/** Takes them: one call of the database each. */
export const createSnapshots = async ({ env }: Rekey): Promise<() => Promise<Snapshot>> => {
  const names = async (query: string): Promise<string[]> => {
    const { results } = await env.DB.prepare(query).all<{ name: string }>();
    return results.map(({ name }) => name);
  };
  const tables = (await names("SELECT name FROM sqlite_schema WHERE type = 'table'")).filter(
    table => !COUNTERS.includes(table) && !/^(_cf_|sqlite_|d1_)/.test(table),
  );
  const parts: string[] = [];
  for (const table of tables) {
    const columns = (await names(`SELECT name FROM pragma_table_info('${table}')`)).filter(
      column => !COUNTING_COLUMNS.includes(column),
    );
    parts.push(`SELECT '${table} ' || json_array(${columns.join(', ')}) AS row FROM ${table}`);
  }
  const statements = parts.map(part => env.DB.prepare(part));
  return async () => {
    const tables = await env.DB.batch<{ row: string }>(statements);
    return new Set(tables.flatMap(({ results }) => results.map(({ row }) => row)));
  };
};

/** The rows that came and went between two moments, but for what may. */
export const differences = (before: Snapshot, after: Snapshot): string[] => [
  ...[...after].filter(row => !before.has(row) && !TOLD_TO_OWNER.test(row)).map(row => `came: ${row}`),
  ...[...before].filter(row => !after.has(row) && !MAIL_WENT_OUT.test(row)).map(row => `went: ${row}`),
];

/** As on the first day, but for the tables of the platform. */
export const emptyDatabase = async ({ env }: Rekey): Promise<void> => {
  const tables = ['users', 'notices', 'resting_usernames', 'stranger_mails', 'stranger_mail_hours', 'guesses', 'mails'];
  await env.DB.batch(tables.map(table => env.DB.prepare(`DELETE FROM ${table}`)));
};
