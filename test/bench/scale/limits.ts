/** At how many users each limit is met: all of the load grows with them, so one division answers. */
import { ALLOWED, FREE } from './allowed.ts';
import { DAY_SECONDS, type Given, type Load, loadOf } from './load.ts';
import type { Lane } from './operations.ts';
import type { OwnLimits } from './own-limits.ts';

export type Limit = Readonly<{
  name: string;
  /** What it allows, in words. */
  allowed: string;
  users: number;
  requestsPerDay: number;
  /** Raised in a file of ours, without another part of the platform. */
  isOwn: boolean;
}>;

const HOUR_SECONDS = 3600;
const MINUTE_MS = 60_000;
/** Any number of users does: the load is a straight line. */
const SAMPLE_USERS = 1_000_000;

const LANES: Lane[] = ['sign-in', 'known-browser', 'registration', 'recovery'];
const asWhole = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 0 });

/** `used` by the sample's users. */
type Demand = Omit<Limit, 'users' | 'requestsPerDay'> & { most: number; used: number };

const inOrder = (demands: Demand[], load: Load): Limit[] =>
  demands
    .map(({ most, used, ...limit }) => {
      const users = (most / used) * SAMPLE_USERS;
      return { ...limit, users, requestsPerDay: (load.requests * users) / SAMPLE_USERS };
    })
    .sort((left, right) => left.users - right.users);

/** Of the Workers Paid plan, and of Rekey as it stands. The first one first. */
export const paidLimits = (given: Given, own: OwnLimits): Limit[] => {
  const load = loadOf(given, SAMPLE_USERS);
  const { assumed, use } = given;
  const atPeak = (perDay: number) => (perDay / DAY_SECONDS) * use.peakFactor;
  const runsPerDay = (DAY_SECONDS * 1000) / (own.cleanupMinutes * MINUTE_MS);
  const percent = `${Math.round(assumed.busyAtMost * 100)} %`;
  const lanes = LANES.map(lane => {
    const most = (own.laneObjects[lane] * assumed.busyAtMost * 1000) / assumed.hashMs;
    const allowed = `${own.laneObjects[lane]} objects of ${assumed.hashMs} ms a hash, ${percent} busy: ${asWhole(most)} a second`;
    return { name: `hashing lane "${lane}"`, allowed, isOwn: true, most, used: atPeak(load.hashes[lane]) };
  });
  const tables = (['sessions', 'activity', 'mails', 'guesses'] as const).map(table => {
    const most = runsPerDay * (table === 'guesses' ? own.deletedGuesses : own.deletedRows);
    const allowed = `${asWhole(most)} rows a day`;
    return { name: `clean-up of \`${table}\``, allowed, isOwn: true, most, used: load.rowsLeft[table] };
  });
  const consumers = (ALLOWED.queueConsumers * own.messagesPerBatch * 1000) / assumed.mailMs;
  return inOrder(
    [
      ...lanes,
      ...tables.filter(({ used }) => used > 0),
      {
        name: 'mails to addresses without an account',
        allowed: `${asWhole(own.strangerMailsPerHour)} in an hour (\`STRANGER_MAILS_PER_HOUR\`)`,
        isOwn: true,
        most: own.strangerMailsPerHour,
        used: (load.strangerMails / DAY_SECONDS) * HOUR_SECONDS * use.peakHourFactor,
      },
      {
        name: "one database's time",
        allowed: `one query at a time, ${percent} busy at the peak`,
        isOwn: false,
        most: assumed.busyAtMost * 1000,
        used: atPeak(load.databaseMs),
      },
      {
        name: "one database's size",
        allowed: `${asWhole(ALLOWED.databaseBytes / 1e9)} GB`,
        isOwn: false,
        most: ALLOWED.databaseBytes,
        used: load.bytes,
      },
      {
        name: "the account's D1 storage",
        allowed: `${asWhole(ALLOWED.accountBytes / 1e9)} GB, raised on request`,
        isOwn: false,
        most: ALLOWED.accountBytes,
        used: load.bytes,
      },
      {
        name: 'messages into one queue',
        allowed: `${asWhole(ALLOWED.queueMessagesPerSecond)} a second`,
        isOwn: false,
        most: ALLOWED.queueMessagesPerSecond,
        used: atPeak(load.queueMessages),
      },
      {
        name: "the queue's consumers",
        allowed: `${ALLOWED.queueConsumers} at once, ${own.messagesPerBatch} mails of ${assumed.mailMs} ms each: ${asWhole(consumers)} mails a second`,
        isOwn: false,
        most: consumers,
        used: atPeak(load.queueMessages),
      },
    ],
    load,
  );
};

/** Of the Workers Free plan: all of them end at midnight UTC, or at a wall. */
export const freeLimits = (given: Given): Limit[] => {
  const load = loadOf(given, SAMPLE_USERS);
  const limit = (name: string, most: number, used: number, unit: string): Demand => ({
    name,
    allowed: `${asWhole(most)} ${unit}`,
    isOwn: false,
    most,
    used,
  });
  return inOrder(
    [
      limit('requests', FREE.requestsPerDay, load.invocations, 'a day'),
      limit('rows read', FREE.rowsReadPerDay, load.rowsRead, 'a day'),
      limit('rows written', FREE.rowsWrittenPerDay, load.rowsWritten, 'a day'),
      limit('size of a database', FREE.databaseMegabytes, load.bytes / 1e6, 'MB'),
      limit('operations of the queues', FREE.queueOperationsPerDay, load.queueOperations, 'a day'),
      limit('requests to Durable Objects', FREE.objectRequestsPerDay, load.allHashes, 'a day'),
      limit('duration of Durable Objects', FREE.objectGbSecondsPerDay, load.objectGbSeconds, 'GB-seconds a day'),
    ],
    load,
  );
};
