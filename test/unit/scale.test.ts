/** The arithmetic behind docs/scale.md, on an example that was worked out by hand; and that the document is what it computes. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fillIn } from '../bench/scale/blocks.ts';
import { COST_PLOT, COUNTS, computeScale, SCALE_DOCUMENT } from '../bench/scale/compute.ts';
import { costOf } from '../bench/scale/cost.ts';
import { dollars, figure } from '../bench/scale/figures.ts';
import { freeLimits, paidLimits } from '../bench/scale/limits.ts';
import { type Given, loadOf } from '../bench/scale/load.ts';
import { type AllCounts, type Counts, OPERATION_NAMES, pickCounts } from '../bench/scale/operations.ts';
import { readOwnLimits } from '../bench/scale/own-limits.ts';
import { measureRowBytes } from '../bench/scale/row-bytes.ts';
import { ASSUMED, USE } from '../bench/scale/use.ts';

const NOTHING: Counts = {
  roundTrips: 0,
  laterRoundTrips: 0,
  rowsRead: 0,
  rowsWritten: 0,
  mails: 0,
  queueMessages: 0,
  hashes: 0,
};
const none = Object.fromEntries(OPERATION_NAMES.map(name => [name, NOTHING])) as AllCounts;
const unused = Object.fromEntries(Object.keys(USE).map(name => [name, 0])) as Given['use'];

/** Half of the users come, ask four times who they are, and sign in once. */
const EXAMPLE: Given = {
  counts: {
    ...none,
    'session check': { ...NOTHING, roundTrips: 1, rowsRead: 2 },
    'sign-in': { ...NOTHING, roundTrips: 1, laterRoundTrips: 1, rowsRead: 10, rowsWritten: 10, hashes: 1 },
  },
  use: {
    ...unused,
    activeShare: 0.5,
    sessionChecksPerActiveDay: 4,
    signInsPerActiveDay: 1,
    sessionDays: 10,
    peakFactor: 10,
  },
  assumed: { ...ASSUMED, readMs: 1, writeMs: 5, hashMs: 250, busyAtMost: 0.7, rowsReadPerDeletion: 4 },
  rowBytes: { ...measureRowBytes(10), users: 100, sessions: 200, activity: 10 },
};

describe('of a thousand users', () => {
  const load = loadOf(EXAMPLE, 1000);

  test('the requests of a day are 2,000 checks and 500 sign-ins', () => {
    expect(load.requests).toBe(2500);
  });

  test('the database is busy 1 ms for each check, and twice 5 ms for each sign-in', () => {
    expect(load.roundTrips).toBe(3000);
    expect(load.databaseMs).toBe(2000 + 500 * 2 * 5);
  });

  test('a row that stays is written once more when it is deleted', () => {
    // 500 sessions and 500 rows of activity end each day.
    expect(load.rowsWritten).toBe(500 * 10 + 1000);
    expect(load.rowsRead).toBe(2000 * 2 + 500 * 10 + 1000 * 4);
  });

  test('what is stored is the users, the sessions of 10 days and the activity of 180', () => {
    expect(load.bytes).toBe(1000 * 100 + 500 * 10 * 200 + 500 * 180 * 10);
  });

  test('a hash holds 128 MB for its quarter of a second', () => {
    expect(load.hashes).toEqual({ 'sign-in': 0, 'known-browser': 500, registration: 0, recovery: 0 });
    expect(load.objectGbSeconds).toBeCloseTo(16);
  });
});

describe('the limits', () => {
  const [first, ...others] = paidLimits(EXAMPLE, { ...readOwnLimits(), deletedRows: 1000, cleanupMinutes: 5 });
  const usersOf = (name: string) => others.find(limit => limit.name === name)?.users;

  test('come in the order in which a growing operator meets them', () => {
    // 288,000 rows a day, and every second user leaves a session.
    expect(first).toMatchObject({
      name: 'clean-up of `sessions`',
      users: 576_000,
      requestsPerDay: 1_440_000,
      isOwn: true,
    });
    const inOrder = others.map(({ users }) => users);
    expect(inOrder).toEqual([...inOrder].sort((left, right) => left - right));
  });

  test("are met where the busiest second fills a database's thread, and where the rows fill its 10 GB", () => {
    // 7 ms for each user and day, ten times as dense at the peak: 700 ms of a second are 864,000 users.
    expect(usersOf("one database's time")).toBeCloseTo(864_000, 0);
    expect(usersOf("one database's size")).toBeCloseTo(5_000_000, 0);
  });

  test('of the Free plan are met by the day', () => {
    expect(freeLimits(EXAMPLE)[0]).toMatchObject({ name: 'rows written' });
    expect(freeLimits(EXAMPLE)[0]?.users).toBeCloseTo(100_000 / 6, 0);
  });
});

describe('a month costs', () => {
  test('the plan alone, as long as it holds what is used', () => {
    expect(costOf(loadOf(EXAMPLE, 1000), EXAMPLE.assumed).usd).toBe(5);
  });

  test('what is beyond the plan, line by line', () => {
    const { lines, usd } = costOf(loadOf(EXAMPLE, 1_200_000), EXAMPLE.assumed);
    const usdOf = (price: string) => lines.find(line => line.price === price)?.usd;
    // 3 million requests a day are 91.25 million in a month, of which 10 are the plan's.
    expect(usdOf('workerRequests')).toBeCloseTo(81.25 * 0.3);
    // 7.2 million rows written a day are 219 million, of which 50 are the plan's.
    expect(usdOf('d1RowsWritten')).toBeCloseTo(169);
    expect(usd).toBeCloseTo(lines.reduce((all, line) => all + line.usd, 0));
  });
});

describe('what goes into it', () => {
  test('an operation that the counts do not have is named', () => {
    const { 'sign-in': _, ...others } = none;
    expect(() => pickCounts(others)).toThrow('counts.json does not have: sign-in');
  });

  test("the limits that are Rekey's own are read where they stand", () => {
    expect(readOwnLimits()).toEqual({
      laneObjects: { 'sign-in': 8, 'known-browser': 16, registration: 4, recovery: 8 },
      strangerMailsPerHour: 500,
      deletedRows: 1000,
      deletedGuesses: 10_000,
      cleanupMinutes: 5,
      messagesPerBatch: 10,
      clientRequestsPerMinute: 60,
    });
  });

  test('every table that is measured takes more than its own text', () => {
    for (const bytes of Object.values(measureRowBytes(2000))) expect(bytes).toBeGreaterThan(100);
  });
});

describe('docs/scale.md', () => {
  // The bench writes the counts: without them there is nothing to compute from.
  test('and its plot are what the counts, prices and limits of now come to', () => {
    const document = readFileSync(SCALE_DOCUMENT, 'utf8');
    const computed = computeScale(document, JSON.parse(readFileSync(COUNTS, 'utf8')));
    expect(document, 'run npm run scale').toBe(computed.document);
    expect(readFileSync(COST_PLOT, 'utf8') === computed.plot, 'run npm run scale').toBe(true);
  });

  test('has a place for everything that is computed, and nothing to fill in that is not', () => {
    const marked = (name: string) => `<!-- computed:${name} -->\n<!-- /computed -->\n`;
    expect(fillIn(marked('one'), { one: '1' })).toBe('<!-- computed:one -->\n\n1\n\n<!-- /computed -->\n');
    expect(() => fillIn(marked('two'), { one: '1' })).toThrow('asks for two');
    expect(() => fillIn('', { one: '1' })).toThrow('no marks for: one');
  });
});

test('figures have three digits and a word', () => {
  expect([0.01234, 1, 999.6, 12_345, 1_999_999, 3.456e9].map(figure)).toEqual([
    '0.0123',
    '1',
    '1,000',
    '12,300',
    '2 million',
    '3.46 billion',
  ]);
  expect([0, 1.234, 12.3, 4567].map(dollars)).toEqual(['0', '1.23', '12', '4,570']);
});
