/** What stands in the database, for tests that look behind the API. */
import type { Rekey } from './harness.ts';

type StoredUser = {
  id: string;
  username: string;
  email: string;
  password_hash: string;
  security_stamp: string;
  browser_stamp: string;
  previous_email: string | null;
  email_changed_at: number | null;
};

const TABLES = [
  'users',
  'sessions',
  'activity',
  'resting_usernames',
  'reset_mails',
  'stranger_mails',
  'stranger_mail_hours',
  'notices',
  'guesses',
  'mails',
  'suppressions',
  'mail_event_stamps',
] as const;
type Table = (typeof TABLES)[number];

export const storedUser = async (rekey: Rekey, { email }: { email: string }): Promise<StoredUser> => {
  const user = await rekey.env.DB.prepare('SELECT * FROM users WHERE email = ?').bind(email).first<StoredUser>();
  if (!user) throw new Error('no user is stored with this address');
  return user;
};

export const rowsOf = async (rekey: Rekey, table: Table): Promise<Record<string, unknown>[]> =>
  (await rekey.env.DB.prepare(`SELECT * FROM ${table}`).all()).results;

/** The living and the dead: what hangs on this user's row in a table. */
export const rowsOfUser = async (
  rekey: Rekey,
  table: 'sessions' | 'activity' | 'reset_mails' | 'notices',
  userId: string,
): Promise<Record<string, unknown>[]> => (await rowsOf(rekey, table)).filter(({ user_id }) => user_id === userId);

/** A mail may be read before its record says that it was accepted. Not for ever: some mails never are. */
const waitForMailRecords = async (rekey: Rekey): Promise<void> => {
  for (let tries = 0; tries < 40; tries += 1) {
    const onTheirWay = (await rowsOf(rekey, 'mails')).filter(
      ({ state, failures }) => state === 'trying' && failures === 0,
    );
    if (onTheirWay.length === 0) return;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
};

/** Every table as text, to hold two moments against each other or to look for what must not be stored. */
export const wholeDatabase = async (rekey: Rekey): Promise<string> => {
  await waitForMailRecords(rekey);
  const tables = await Promise.all(TABLES.map(async table => [table, await rowsOf(rekey, table)]));
  return JSON.stringify(Object.fromEntries(tables), null, 1);
};
