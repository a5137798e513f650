/**
 * How many bytes a row takes, its share of every index and of half-full pages included: counted in a SQLite that has the
 * migrations and rows of realistic lengths. Keys are random, as Rekey's are, so pages split as they do there.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { createRandom, type Random } from '../../support/random.ts';

const ROWS = 10_000;
/** Of the bytes. What is left of a page at the end is noise. */
const ROUNDED_TO = 10;
const NOW_MS = Date.UTC(2026, 10, 1);
const YEAR_MS = 365 * 24 * 3600 * 1000;
const MIGRATIONS = new URL('../../../migrations/', import.meta.url);

type Value = string | number | null;

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const text = (random: Random, length: number) =>
  Array.from({ length }, () => DIGITS[random.below(DIGITS.length)]).join('');
const uuid = (random: Random) => text(random, 36);
const moment = (random: Random) => NOW_MS - random.below(YEAR_MS);
const USER_AGENT = 'Chrome on Windows';

/** A row of each table that grows with the users. `userId` is a user's that is there. */
const TABLES = {
  users: (random: Random, userId: string): Value[] => [
    userId,
    text(random, 10),
    `${text(random, 12)}@example.com`,
    `$scrypt$ln=14,r=8,p=5$${text(random, 22)}$${text(random, 43)}`,
    text(random, 22),
    moment(random),
    text(random, 22),
    null,
    null,
    null,
    'en',
    null,
    null,
  ],
  sessions: (random: Random, userId: string): Value[] => {
    const at = moment(random);
    return [text(random, 43), uuid(random), userId, text(random, 22), at, at, at, 1, USER_AGENT, 'DE', 0];
  },
  activity: (random: Random, userId: string): Value[] => [
    uuid(random),
    userId,
    'signed_in',
    moment(random),
    USER_AGENT,
    'DE',
    null,
  ],
  mails: (random: Random, userId: string): Value[] => {
    const at = moment(random);
    const [jobId, addressKey, providerId] = [uuid(random), text(random, 43), uuid(random)];
    return [jobId, 'new_browser', userId, addressKey, 'resend', providerId, 'delivered', 0, null, at, at];
  },
  guesses: (random: Random): Value[] => [text(random, 43), text(random, 22), 1, moment(random), moment(random)],
  reset_mails: (random: Random, userId: string): Value[] => {
    const at = moment(random);
    return [uuid(random), userId, text(random, 22), at, at];
  },
  stranger_mails: (random: Random): Value[] => [uuid(random), text(random, 43), 'registration', moment(random)],
};

export type Table = keyof typeof TABLES;
export type RowBytes = Readonly<Record<Table, number>>;

const openDatabase = (): DatabaseSync => {
  const database = new DatabaseSync(':memory:');
  const files = readdirSync(MIGRATIONS).filter(name => name.endsWith('.sql'));
  for (const name of files.sort()) database.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'));
  return database;
};

const numberOf = (database: DatabaseSync, query: string): number =>
  Number(Object.values(database.prepare(query).get() ?? {})[0]);

const bytesOf = (database: DatabaseSync): number =>
  numberOf(database, 'PRAGMA page_count') * numberOf(database, 'PRAGMA page_size');

/** Bytes per row of each table. The same on every machine: what is random has a seed. */
export const measureRowBytes = (rows = ROWS): RowBytes => {
  const database = openDatabase();
  const random = createRandom(1);
  const userIds = Array.from({ length: rows }, () => uuid(random));
  const measured = Object.entries(TABLES).map(([table, rowOf]) => {
    const before = bytesOf(database);
    const columns = rowOf(random, '').length;
    const insert = database.prepare(`INSERT INTO ${table} VALUES (${Array(columns).fill('?').join(', ')})`);
    database.exec('BEGIN');
    for (const userId of userIds) insert.run(...rowOf(random, userId));
    database.exec('COMMIT');
    const bytes = (bytesOf(database) - before) / rows;
    return [table, Math.round(bytes / ROUNDED_TO) * ROUNDED_TO];
  });
  database.close();
  return Object.fromEntries(measured);
};
