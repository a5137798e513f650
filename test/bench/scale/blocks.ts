/** What docs/scale.md shows of the computation: one block of Markdown for each pair of marks in it. */
import { PRICES } from '../prices.ts';
import { ALLOWANCES, ALLOWED, READ_IN } from './allowed.ts';
import { costOf } from './cost.ts';
import { dollars, figure, percent, table, wordTable } from './figures.ts';
import { freeLimits, type Limit, paidLimits } from './limits.ts';
import { DAY_SECONDS, type Given, type Load, loadOf, MONTH_DAYS } from './load.ts';
import { OPERATION_NAMES, operationOf } from './operations.ts';
import type { OwnLimits } from './own-limits.ts';
import { burstList, stepTable, timeTable } from './steps.ts';
import { ASSUMED_WORDS, USE_WORDS, USER_COUNTS } from './use.ts';

export type Blocks = Readonly<Record<string, string>>;

/** `signInsPerActiveDay` -> `sign ins per active day`. */
const asWords = (name: string) => name.replaceAll(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);

const named = (values: Readonly<Record<string, number>>, words: Readonly<Record<string, string>>): string =>
  wordTable(
    ['assumed', '', 'which is'],
    Object.entries(values).map(([name, value]) => [asWords(name), value.toLocaleString('en-US'), words[name] ?? '']),
  );

const userHead = USER_COUNTS.map(users => `${figure(users)} users`);

const loadRows = (given: Given, own: OwnLimits): [string, (load: Load, users: number) => string][] => {
  const { use, assumed } = given;
  const atPeak = (perDay: number) => (perDay / DAY_SECONDS) * use.peakFactor;
  const month = (perDay: number) => figure(perDay * MONTH_DAYS);
  const queryMs = (load: Load) => load.databaseMs / load.roundTrips;
  const busy = (load: Load) => atPeak(load.databaseMs) / 1000;
  const lanes = Object.keys(own.laneObjects) as (keyof OwnLimits['laneObjects'])[];
  return [
    ['requests a day', load => figure(load.requests)],
    ['requests at the peak, a second', load => figure(atPeak(load.requests))],
    ['round trips to D1 at the peak, a second', load => figure(atPeak(load.roundTrips))],
    ['mean time of one, ms', load => figure(queryMs(load))],
    ['so many one database answers, a second', load => figure(1000 / queryMs(load))],
    ['databases that are busy at the peak', load => figure(busy(load))],
    ['rows read a month', load => month(load.rowsRead)],
    ['rows written a month', load => month(load.rowsWritten)],
    ['GB stored', load => figure(load.bytes / 1e9)],
    [
      `databases needed: by time (${percent(assumed.busyAtMost)} busy) / by size`,
      load =>
        `${figure(Math.ceil(busy(load) / assumed.busyAtMost))} / ${figure(Math.ceil(load.bytes / ALLOWED.databaseBytes))}`,
    ],
    ['operations of the queues a month', load => month(load.queueOperations)],
    ['hashes a month', load => month(load.allHashes)],
    ['GB-seconds of Durable Objects a month', load => month(load.objectGbSeconds)],
    ...lanes.map((lane): [string, (load: Load) => string] => [
      `hashing objects busy at the peak, lane "${lane}" (of ${own.laneObjects[lane]})`,
      load => figure((atPeak(load.hashes[lane]) * assumed.hashMs) / 1000),
    ]),
    ['CPU of the Worker, million ms a month', load => figure((load.cpuMs * MONTH_DAYS) / 1e6)],
    ['mails a day', load => figure(load.mails)],
    ['events in the log a month', load => month(load.logEvents)],
  ];
};

const loadTable = (given: Given, own: OwnLimits): string =>
  table(
    ['', ...userHead],
    loadRows(given, own).map(([name, of]) => [name, ...USER_COUNTS.map(users => of(loadOf(given, users), users))]),
  );

const costTable = (given: Given): string => {
  const costs = USER_COUNTS.map(users => costOf(loadOf(given, users), given.assumed));
  const lines = costs[0]?.lines.map(({ name }, place) => [
    name,
    ...costs.map(({ lines }) => dollars(lines[place]?.usd ?? 0)),
  ]);
  const perUser = costs.map(({ usd }, place) => dollars((usd / (USER_COUNTS[place] ?? 1)) * 1000));
  return table(
    ['US dollars a month', ...userHead],
    [
      ...(lines ?? []),
      ['**in all**', ...costs.map(({ usd }) => `**${dollars(usd)}**`)],
      ['for a thousand users', ...perUser],
      ["apart: mails at Cloudflare Email Service's price", ...costs.map(({ mailUsd }) => dollars(mailUsd))],
    ],
  );
};

const limitTable = (limits: readonly Limit[]): string =>
  table(
    ['limit', 'allows', 'users', 'requests a day'],
    limits.map(({ name, allowed, users, requestsPerDay, isOwn }) => [
      isOwn ? `${name} (ours)` : name,
      allowed,
      figure(users),
      figure(requestsPerDay),
    ]),
  ).replace('| --- | ---: |', '| --- | --- |');

const firstOf = (limits: readonly Limit[]): string => {
  const [first] = limits;
  if (!first) throw new Error('there is no limit');
  return `**${first.name}**, at **${figure(first.users)} users** or ${figure(first.requestsPerDay)} requests a day`;
};

const useTable = (given: Given): string =>
  table(
    ['operation', 'of 1,000 users, a day', 'rows written each', 'round trips each'],
    OPERATION_NAMES.map(name => {
      const { rowsWritten, roundTrips, laterRoundTrips } = given.counts[name];
      const times = operationOf(name).perUserDay(given.use, loadOf(given, 1).mails) * 1000;
      return [name, figure(times), figure(rowsWritten), figure(roundTrips + laterRoundTrips)];
    }),
  );

const rowTable = ({ rowBytes }: Given): string =>
  table(
    ['table', 'bytes a row'],
    Object.entries(rowBytes).map(([name, bytes]) => [`\`${name}\``, figure(bytes)]),
  );

const asLink = (page: string) => `[${page.replace('https://developers.cloudflare.com/', '')}](${page})`;

const allowanceTable = (): string =>
  wordTable(
    ['part', 'what', 'allows', 'source', 'read'],
    ALLOWANCES.map(({ part, what, allowed, page }) => [
      part,
      what,
      allowed,
      page ? asLink(page) : 'from memory of the documentation, not checked',
      page ? READ_IN : '',
    ]),
  );

const priceTable = (): string =>
  wordTable(
    ['price', 'US dollars', 'for', 'the plan includes, a month', 'source'],
    Object.entries(PRICES).map(([name, { usd, per, included, source }]) => [
      asWords(name),
      String(usd),
      figure(per),
      figure(included),
      asLink(source),
    ]),
  );

export const blocksOf = (given: Given, own: OwnLimits): Blocks => {
  const paid = paidLimits(given, own);
  const free = freeLimits(given);
  const first = firstOf(paid.filter(({ isOwn }) => !isOwn));
  const [own1] = paid.filter(({ isOwn }) => isOwn);
  return {
    first: [
      `The first limit of the platform is ${first}.`,
      own1 && `Of Rekey's own, which a file here raises, the first is ${firstOf([own1])}.`,
      `The Free plan ends before that: ${firstOf(free)}.`,
    ].join('\n'),
    limits: limitTable(paid),
    free: limitTable(free),
    time: timeTable(given),
    steps: stepTable(given, own),
    bursts: burstList(given, own),
    load: loadTable(given, own),
    cost: costTable(given),
    use: named(given.use, USE_WORDS),
    assumed: named(given.assumed, ASSUMED_WORDS),
    operations: useTable(given),
    rows: rowTable(given),
    allowances: allowanceTable(),
    prices: priceTable(),
  };
};

/** Puts each block between its marks. Throws where a mark has no block, or a block no mark. */
export const fillIn = (document: string, blocks: Blocks): string => {
  const filled = new Set<string>();
  const text = document.replaceAll(
    /(<!-- computed:([a-z-]+) -->\n)[\s\S]*?(<!-- \/computed -->)/g,
    (_, start: string, name: string, end: string) => {
      const block = blocks[name];
      if (block === undefined) throw new Error(`docs/scale.md asks for ${name}, which is not computed`);
      filled.add(name);
      return `${start}\n${block}\n\n${end}`;
    },
  );
  const left = Object.keys(blocks).filter(name => !filled.has(name));
  if (left.length > 0) throw new Error(`docs/scale.md has no marks for: ${left.join(', ')}`);
  return text;
};
