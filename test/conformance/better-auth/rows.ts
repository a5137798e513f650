/** What better-auth has stored, read from its database directly. */
import type { D1Database } from '@cloudflare/workers-types';

/** Rejects where there is no such account. */
export const storedPassword = async (db: D1Database, email: string): Promise<string> => {
  const sql = `SELECT account.password AS stored FROM account JOIN user ON user.id = account.userId
    WHERE account.providerId = 'credential' AND user.email = ?`;
  const stored = await db.prepare(sql).bind(email.toLowerCase()).first<string>('stored');
  if (stored === null) throw new Error(`no account of ${email} has a password`);
  return stored;
};

/**
 * Every row of every table, one a line. Without the counters of its rate limit: they count each request, also the ones
 * that must change nothing, and are no part of an account.
 */
export const allRows = async (db: D1Database): Promise<string> => {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'rateLimit'
    AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\' ORDER BY name`;
  const { results } = await db.prepare(sql).all<{ name: string }>();
  const tables = await Promise.all(
    results.map(async ({ name }) => {
      const rows = await db.prepare(`SELECT * FROM "${name}" ORDER BY rowid`).all();
      return rows.results.map(row => `${name} ${JSON.stringify(row)}`);
    }),
  );
  return tables.flat().join('\n');
};
