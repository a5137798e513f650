/**
 * The same Rekey with few, many and very many users, side by side: what an operation reads and writes, and how long it takes,
 * must not grow with them.
 */

import { type Count, countOperations } from '../support/count-operations.ts';
import { type CountingRekey, startCountingRekey } from '../support/harness.ts';
import { insertUsers } from '../support/many-users.ts';
import { type Answer, createPerson, type Person } from '../support/people.ts';
import { storedUser } from '../support/rows.ts';
import type { BenchOptions, Section } from './section.ts';
import { type Spread, spreadOf } from './spread.ts';

type Counted = { operation: string; counts: Count[]; isFlat: boolean };
type Timed = {
  operation: string;
  /** At each size. */
  ms: Spread[];
  /** The time at each size by that at the first, pair by pair. */
  overFirst: Spread[];
};
export type GrowthResult = {
  /** Of users. */
  sizes: number[];
  /** So many of them, or all where there are fewer, have this many sessions and rows of activity; the others have one each. */
  busy: { users: number; sessions: number; activity: number };
  counted: Counted[];
  timed: Timed[];
};

const SIZES = [1000, 100_000, 1_000_000];
const QUICK_SIZES = [100, 2000];
const BUSY = { users: 10_000, sessions: 10, activity: 100 };
const QUICK_BUSY = { users: 100, sessions: 10, activity: 100 };
/** Users a statement: each of the busy has a hundred rows. */
const PART = 10_000;

type Scene = { rekey: CountingRekey; ada: Person };

/** None of them changes what another one finds. */
const TIMED: { operation: string; status: number; call(scene: Scene): Promise<Answer> }[] = [
  { operation: 'session check', status: 200, call: ({ ada }) => ada.get('/api/session') },
  { operation: 'account', status: 200, call: ({ ada }) => ada.get('/api/account') },
  { operation: 'sessions', status: 200, call: ({ ada }) => ada.get('/api/account/sessions') },
  { operation: 'activity', status: 200, call: ({ ada }) => ada.get('/api/account/activity') },
  {
    operation: 'sign-in',
    status: 200,
    call({ rekey, ada }) {
      // From a new network each time: one alone may not try so often. In the same browser, or each would be mailed.
      const again = createPerson(rekey, 'ada', ada);
      const browser = ada.cookies.get('rekey-browser');
      if (browser) again.cookies.set('rekey-browser', browser);
      return again.signIn();
    },
  },
  { operation: 'sign-in, no account', status: 401, call: ({ rekey }) => createPerson(rekey, 'nobody').signIn() },
];

const measure = async ({ quick, say }: BenchOptions): Promise<GrowthResult> => {
  const [sizes, busy, turns, calls] = quick ? [QUICK_SIZES, QUICK_BUSY, 2, 3] : [SIZES, BUSY, 12, 20];
  const scenes: Scene[] = [];
  try {
    for (const size of sizes) {
      const rekey = await startCountingRekey();
      // The same addresses at each size: what lies beside their keys is read with them.
      const ada = createPerson(rekey, 'ada', { username: 'ada', email: 'ada@example.com' });
      const scene = { rekey, ada };
      scenes.push(scene);
      await ada.register();
      await fill(scene, size, busy, users => say(`growth: ${users} of ${size} users are there`));
    }
    say('growth: counts');
    const countsAt = await Promise.all(scenes.map(({ rekey }) => countOperations(rekey)));
    for (const { rekey } of scenes) await rekey.doors.setCounting(false);
    const timed: Timed[] = [];
    for (const { operation, status, call } of TIMED) {
      say(`growth: times, ${operation}`);
      const taken = await timeInTurns(scenes, { status, call }, turns, calls);
      timed.push({ operation, ...taken });
    }
    return { sizes, busy, counted: compare(countsAt), timed };
  } finally {
    for (const { rekey } of scenes) await rekey.stop();
  }
};

const fill = async (
  { rekey, ada }: Scene,
  size: number,
  { users, sessions, activity }: GrowthResult['busy'],
  say: (users: number) => void,
): Promise<void> => {
  for (let from = 1; from <= size; ) {
    const isBusy = from <= users;
    const to = Math.min(from + (isBusy ? PART / 10 : PART) - 1, isBusy ? Math.min(users, size) : size);
    await insertUsers(rekey, from, to, isBusy ? { sessions, activity } : { sessions: 1, activity: 1 });
    if (to % (10 * PART) === 0 || to === size) say(to);
    from = to + 1;
  }
  // She is one of the busy ones.
  const { id } = await storedUser(rekey, ada);
  const theirs = "(SELECT id FROM users WHERE username = 'many-7')";
  for (const table of ['sessions', 'activity']) {
    await rekey.env.DB.prepare(`UPDATE ${table} SET user_id = ? WHERE user_id = ${theirs}`).bind(id).run();
  }
};

const timeInTurns = async (
  scenes: readonly Scene[],
  { status, call }: Omit<(typeof TIMED)[number], 'operation'>,
  turns: number,
  calls: number,
): Promise<Omit<Timed, 'operation'>> => {
  const timeOf = async (scene: Scene): Promise<number> => {
    const startedAt = performance.now();
    for (let n = 0; n < calls; n += 1) {
      const answer = await call(scene);
      if (answer.status !== status) throw new Error(`answered ${answer.status} instead of ${status}: ${answer.text}`);
    }
    return (performance.now() - startedAt) / calls;
  };
  const taken: number[][] = scenes.map(() => []);
  // The first turn is not measured: it is the first use of everything.
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const [at, scene] of scenes.entries()) {
      const ms = await timeOf(scene);
      if (turn > 0) taken[at]?.push(ms);
    }
  }
  const [first = []] = taken;
  return {
    ms: taken.map(spreadOf),
    overFirst: taken.map(times => spreadOf(times.map((ms, turn) => ms / (first[turn] ?? Number.NaN)))),
  };
};

const compare = (countsAt: readonly Record<string, Count>[]): Counted[] =>
  Object.keys(countsAt[0] ?? {}).map(operation => {
    const counts = countsAt.flatMap(all => all[operation] ?? []);
    const isFlat = counts.length === countsAt.length && new Set(counts.map(one => JSON.stringify(one))).size === 1;
    return { operation, counts, isFlat };
  });

const written = (users: number): string => users.toLocaleString('en');

const describe = ({ sizes, busy, counted, timed }: GrowthResult): string => {
  const each = (of: (count: Count) => number, { counts, isFlat }: Counted) =>
    isFlat && counts[0] ? String(of(counts[0])) : counts.map(of).join(', ');
  const uneven = counted.filter(({ isFlat }) => !isFlat);
  const said =
    uneven.length === 0
      ? `Every operation costs the same at ${sizes.map(written).join(', ')} users, to the row:`
      : `Not the same at ${sizes.map(written).join(', ')} users: ${uneven.map(({ operation }) => operation).join(', ')}.`;
  const [, ...larger] = sizes;
  return [
    `With ${sizes.map(written).join(', ')} users in a local D1; ${written(busy.users)} of them, or all, have ${busy.sessions} sessions and`,
    `${busy.activity} rows of activity each, she who asks among them. ${said}`,
    '',
    '| operation | round trips | later ones | statements | rows read | rows written |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...counted.map(
      row =>
        `| ${row.operation} | ${each(one => one.roundTrips, row)} | ${each(one => one.laterRoundTrips, row)} | ` +
        `${each(one => one.statements, row)} | ${each(one => one.rowsRead, row)} | ${each(one => one.rowsWritten, row)} |`,
    ),
    '',
    'Times in turns, through the tests’ own client and with a cheap hash; ratios to the smallest, pair by pair, with quartiles:',
    '',
    `| operation | ${sizes.map(size => `${written(size)}, ms`).join(' | ')} | ${larger.map(size => `${written(size)}, ratio`).join(' | ')} |`,
    `| --- |${' ---: |'.repeat(sizes.length + larger.length)}`,
    ...timed.map(
      ({ operation, ms, overFirst }) =>
        `| ${operation} | ${ms.map(({ median }) => median.toFixed(2)).join(' | ')} | ${overFirst.slice(1).map(ratio).join(' | ')} |`,
    ),
  ].join('\n');
};

const ratio = ({ median, low, high }: Spread): string =>
  `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;

export const growth: Section<GrowthResult> = {
  name: 'growth',
  title: 'With more users',
  measure,
  describe,
  plots: ({ sizes, timed }) => [
    {
      name: 'growth',
      alt: `Milliseconds until the answer at ${sizes.map(written).join(', ')} users, for each operation: level lines`,
      option: {
        title: { text: 'Milliseconds until the answer, with more users', left: 'center' },
        legend: { bottom: 0 },
        grid: { left: 60, right: 30, top: 50, bottom: 90 },
        xAxis: { type: 'category', data: sizes.map(size => `${written(size)} users`) },
        yAxis: { type: 'value', min: 0 },
        series: timed.map(({ operation, ms }) => ({
          name: operation,
          type: 'line' as const,
          data: ms.map(({ median }) => Number(median.toFixed(2))),
        })),
      },
    },
  ],
};
