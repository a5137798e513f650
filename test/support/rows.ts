/** What stands in the database, for tests that look behind the API. */
import type { Rekey } from './harness.ts';

type StoredUser = {
  id: string;
  username: string;
  email: string;
  password_hash: string;
  security_stamp: string;
};

const TABLES = ['users', 'sessions', 'reset_mails', 'stranger_mails', 'stranger_mail_hours', 'notices'] as const;
type Table = (typeof TABLES)[number];

export const storedUser = async (rekey: Rekey, { email }: { email: string }): Promise<StoredUser> => {
  const user = await rekey.env.DB.prepare('SELECT * FROM users WHERE email = ?').bind(email).first<StoredUser>();
  if (!user) throw new Error('no user is stored with this address');
  return user;
};

export const rowsOf = async (rekey: Rekey, table: Table): Promise<Record<string, unknown>[]> =>
  (await rekey.env.DB.prepare(`SELECT * FROM ${table}`).all()).results;

/** Every table as text, to hold two moments against each other or to look for what must not be stored. */
export const wholeDatabase = async (rekey: Rekey): Promise<string> => {
  const tables = await Promise.all(TABLES.map(async table => [table, await rowsOf(rekey, table)]));
  return JSON.stringify(Object.fromEntries(tables), null, 1);
};
