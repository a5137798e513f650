/** What users ask of each part of the platform: the counts of the operations times the model of use. */
import { type AllCounts, type Lane, OPERATION_NAMES, operationOf } from './operations.ts';
import type { RowBytes, Table } from './row-bytes.ts';
import type { Assumed, Use } from './use.ts';

export const DAY_SECONDS = 24 * 3600;
export const MONTH_DAYS = 365 / 12;
/** Of memory, whatever it uses: what a second of a Durable Object is billed as. */
const OBJECT_GB = 0.128;
const OPERATIONS_PER_MESSAGE = 3;

/** For how long the clean-up leaves a row where it is (worker/cleanup.ts). */
const KEPT_DAYS = { activity: 180, mails: 30, guesses: 1, reset_mails: 1, stranger_mails: 1 };
export type Kept = keyof typeof KEPT_DAYS | 'sessions';

/** Of a day, and on the average day; `bytes` is what is there at any time. */
export type Load = Readonly<{
  requests: number;
  /** Of the Worker, as they are billed: the consumer's too. */
  invocations: number;
  roundTrips: number;
  databaseMs: number;
  rowsRead: number;
  rowsWritten: number;
  bytes: number;
  /** That are left behind, and that the clean-up deletes in the end. */
  rowsLeft: Readonly<Record<Kept, number>>;
  mails: number;
  strangerMails: number;
  queueOperations: number;
  queueMessages: number;
  hashes: Readonly<Record<Lane, number>>;
  allHashes: number;
  objectGbSeconds: number;
  cpuMs: number;
  logEvents: number;
}>;

export type Given = Readonly<{ counts: AllCounts; use: Use; assumed: Assumed; rowBytes: RowBytes }>;

/** The load of so many users. All of it grows with them. */
export const loadOf = ({ counts, use, assumed, rowBytes }: Given, users: number): Load => {
  const mailsPerUserDay = OPERATION_NAMES.reduce(
    (all, name) => all + operationOf(name).perUserDay(use, 0) * counts[name].mails,
    0,
  );
  const done = OPERATION_NAMES.map(name => {
    const operation = operationOf(name);
    const count = counts[name];
    const roundTrips = count.roundTrips + count.laterRoundTrips;
    // Which of them writes is not counted: an operation that writes is taken to write each time.
    const roundTripMs = count.rowsWritten > 0 ? assumed.writeMs : assumed.readMs;
    const times = users * operation.perUserDay(use, mailsPerUserDay);
    return { ...count, ...operation, roundTrips, roundTripMs, times };
  });
  const sum = (of: (one: (typeof done)[number]) => number) => done.reduce((all, one) => all + one.times * of(one), 0);
  const left = (table: 'sessions' | 'activity' | 'guesses' | 'reset_mails') => sum(one => one.leaves?.[table] ?? 0);

  const requests = sum(one => (one.isPart ? 0 : 1));
  const mails = sum(one => one.mails);
  const strangerMails = sum(one => (one.isStrangers ? one.mails : 0));
  const queueMessages = sum(one => one.queueMessages);
  const rowsLeft: Record<Kept, number> = {
    sessions: left('sessions'),
    activity: left('activity'),
    guesses: left('guesses'),
    reset_mails: left('reset_mails'),
    mails,
    stranger_mails: strangerMails,
  };
  const deletions = Object.values(rowsLeft).reduce((all, rows) => all + rows, 0);
  const keptDays: Record<Kept, number> = { ...KEPT_DAYS, sessions: use.sessionDays };
  const bytesKept = Object.entries(rowsLeft).map(
    ([table, rows]) => rows * keptDays[table as Kept] * rowBytes[table as Table],
  );
  const hashesIn = (lane: Lane) => sum(one => (one.lane === lane ? one.hashes : 0));
  const allHashes = sum(one => one.hashes);
  return {
    requests,
    invocations: requests + queueMessages,
    roundTrips: sum(one => one.roundTrips),
    databaseMs: sum(one => one.roundTrips * one.roundTripMs),
    rowsRead: sum(one => one.rowsRead) + deletions * assumed.rowsReadPerDeletion,
    rowsWritten: sum(one => one.rowsWritten) + deletions,
    bytes: users * rowBytes.users + bytesKept.reduce((all, bytes) => all + bytes, 0),
    rowsLeft,
    mails,
    strangerMails,
    queueMessages,
    queueOperations: queueMessages * OPERATIONS_PER_MESSAGE,
    hashes: {
      'sign-in': hashesIn('sign-in'),
      'known-browser': hashesIn('known-browser'),
      registration: hashesIn('registration'),
      recovery: hashesIn('recovery'),
    },
    allHashes,
    objectGbSeconds: ((allHashes * assumed.hashMs) / 1000) * OBJECT_GB,
    cpuMs: requests * assumed.cpuMsPerRequest + mails * assumed.cpuMsPerMail,
    // Each invocation is an event, the object's too; a mail writes a line more.
    logEvents: requests + queueMessages + allHashes + mails,
  };
};
