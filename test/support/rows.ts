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

/** Mails that a test has left on their way for good: those of a database or a queue that broke under them. */
const givenUp = new WeakMap<Rekey['env'], Set<unknown>>();
const POLL_MS = 10;
const MOST_WAIT_MS = 1000;

/** A mail may be read before its record says that it was accepted. Not for ever: some mails never are. */
export const waitForMailRecords = async ({ env }: Rekey): Promise<void> => {
  const left = givenUp.get(env) ?? new Set();
  givenUp.set(env, left);
  const underWay = async () => {
    const query = "SELECT job_id FROM mails WHERE state = 'trying' AND failures = 0";
    const { results } = await env.DB.prepare(query).all<{ job_id: string }>();
    return results.map(row => row.job_id).filter(id => !left.has(id));
  };
  const until = Date.now() + MOST_WAIT_MS;
  let waiting = await underWay();
  while (waiting.length > 0 && Date.now() < until) {
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
    waiting = await underWay();
  }
  for (const id of waiting) left.add(id);
};

/** Every table as text, to hold two moments against each other or to look for what must not be stored. */
export const wholeDatabase = async (rekey: Rekey): Promise<string> => {
  await waitForMailRecords(rekey);
  const tables = await rekey.env.DB.batch(TABLES.map(table => rekey.env.DB.prepare(`SELECT * FROM ${table}`)));
  return JSON.stringify(Object.fromEntries(TABLES.map((table, at) => [table, tables[at]?.results])), null, 1);
};

const REST_MS = 100;

/** The whole database, as soon as it has not changed for a moment: a mail that was asked for just now may not have a record yet. */
export const databaseAtRest = async (rekey: Rekey): Promise<string> => {
  let last = await wholeDatabase(rekey);
  for (;;) {
    await new Promise(resolve => setTimeout(resolve, REST_MS));
    const now = await wholeDatabase(rekey);
    if (now === last) return now;
    last = now;
  }
};
