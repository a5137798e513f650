/** One password hash by either engine, at each of OWASP's minima: its time, its memory, and what a million of them cost. */
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { formatScryptCost, OWASP_MINIMA, type ScryptCost } from '../../worker/credentials/scrypt-cost.ts';
import type { ScryptEngine } from '../../worker/credentials/scrypt-engine.ts';
import { COLOURS } from './plot.ts';
import { PRICES } from './prices.ts';
import { findWorkerd, growthMiB } from './process-memory.ts';
import type { BenchOptions, Section } from './section.ts';
import { bundleWorker } from './servers/bundle.ts';
import { type Spread, spreadOf } from './spread.ts';

type Row = {
  cost: ScryptCost;
  /** By RFC 7914: the table V. */
  memoryBytes: number;
  /** By how much workerd grew for one hash, in MiB; null where the system does not tell. */
  measuredMiB: { noble: number | null; native: number | null };
  nobleMs: Spread;
  nativeMs: Spread;
  /** noble's time by native's, of two hashes that followed each other. */
  ratio: Spread;
};
export type HashResult = { rows: Row[] };

/** A Worker pays for its CPU time. */
const USD_PER_MILLION_CPU_MS = PRICES.workerCpuMs.usd;
/** A Durable Object pays for the time that it is at work, as if it had 128 MB, and for no CPU time. */
const USD_PER_MILLION_GB_SECONDS = PRICES.objectGbSeconds.usd;
const OBJECT_GB = 0.128;

const measure = async ({ quick, say }: BenchOptions): Promise<HashResult> => {
  const hasher = await startHasher();
  // Seen from outside: a Worker's own clock stands still while it computes.
  const timeOf = async (engine: ScryptEngine, cost: ScryptCost): Promise<number> => {
    const startedAt = performance.now();
    await hasher.hash(engine, cost);
    return performance.now() - startedAt;
  };

  try {
    const rows: Row[] = [];
    const costs = OWASP_MINIMA.map(({ ln, p }) => ({ ln, r: 8, p })).reverse();
    for (const cost of quick ? costs.slice(1, 2) : costs) {
      say(`hash: ${formatScryptCost(cost)}`);
      const taken = { noble: [] as number[], native: [] as number[] };
      // Not measured: the code is compiled, and the memory is asked for.
      await timeOf('noble', cost);
      await timeOf('native', cost);
      for (let turn = 0; turn < (quick ? 3 : 10); turn += 1) {
        taken.noble.push(await timeOf('noble', cost));
        taken.native.push(await timeOf('native', cost));
      }
      rows.push({
        cost,
        memoryBytes: 128 * 2 ** cost.ln * cost.r,
        measuredMiB: { noble: await memoryOf('noble', cost), native: await memoryOf('native', cost) },
        nobleMs: spreadOf(taken.noble),
        nativeMs: spreadOf(taken.native),
        ratio: spreadOf(taken.noble.map((ms, turn) => ms / (taken.native[turn] ?? Number.NaN))),
      });
    }
    return { rows };
  } finally {
    await hasher.stop();
  }
};

const startHasher = async () => {
  const contents = await bundleWorker('test/bench/workers/hash.toml');
  const modules = [{ type: 'ESModule' as const, path: 'index.js', contents }];
  const worker = { name: 'hash', compatibilityDate: '2026-11-01', modules };
  const runtime = new Miniflare(convertV4MiniflareOptions({ cf: false, workers: [worker] }));
  await runtime.ready;
  return {
    async hash(engine: ScryptEngine, { ln, r, p }: ScryptCost): Promise<void> {
      const answer = await runtime.dispatchFetch(`http://localhost/${engine}?ln=${ln}&r=${r}&p=${p}`);
      const phc = await answer.text();
      if (!phc.startsWith('$scrypt$')) throw new Error(`${engine} made no hash: ${phc}`);
    },
    stop: () => runtime.dispose(),
  };
};

/** In a runtime of its own: what an earlier hash has left would be used again. */
const memoryOf = async (engine: ScryptEngine, cost: ScryptCost): Promise<number | null> => {
  const hasher = await startHasher();
  try {
    const pid = findWorkerd();
    if (pid === null) return null;
    await hasher.hash(engine, { ...cost, ln: 4 });
    return await growthMiB(pid, () => hasher.hash(engine, cost));
  } finally {
    await hasher.stop();
  }
};

const describe = ({ rows }: HashResult): string => {
  const ms = ({ median, low, high }: Spread) => `${median.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)})`;
  // A million hashes of so many milliseconds are so many million milliseconds.
  const inWorker = ({ median }: Spread) => `$${(median * USD_PER_MILLION_CPU_MS).toFixed(2)}`;
  const inObject = ({ median }: Spread) => `$${((median / 1000) * OBJECT_GB * USD_PER_MILLION_GB_SECONDS).toFixed(2)}`;
  const lines = rows.map(({ cost, memoryBytes, measuredMiB, nobleMs, nativeMs, ratio }) => {
    const cells = [
      `\`${formatScryptCost(cost)}\``,
      `${memoryBytes / 2 ** 20} MiB`,
      `${measuredMiB.noble ?? 'unknown'} / ${measuredMiB.native ?? 'unknown'}`,
      ms(nobleMs),
      ms(nativeMs),
      ratio.median.toFixed(2),
      `${inWorker(nobleMs)} / ${inWorker(nativeMs)}`,
      `${inObject(nobleMs)} / ${inObject(nativeMs)}`,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `One hash at each of OWASP's minima, by \`SCRYPT_ENGINE\`, in turns: the median of ${rows[0]?.nobleMs.samples ?? 0}, and between`,
    'which times half of them lie. What a million hashes cost is computed as if each millisecond here were one there: in a Worker',
    `by [CPU time](https://developers.cloudflare.com/workers/platform/pricing/), $${USD_PER_MILLION_CPU_MS} for a million milliseconds; in a Durable Object, where Rekey hashes, by`,
    `[duration](https://developers.cloudflare.com/durable-objects/platform/pricing/), $${USD_PER_MILLION_GB_SECONDS.toFixed(2)} for a million GB-seconds, without the requests. \`ln=17\` needs all of an`,
    "isolate's 128 MB, so `SCRYPT` does not take it.",
    '',
    '| `SCRYPT` | memory by RFC 7914 | MiB that workerd grew by, noble / native | noble, ms | native, ms | noble / native | a million in a Worker, noble / native | in a Durable Object |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
};

export const hash: Section<HashResult> = {
  name: 'hash',
  title: 'A password hash by either engine',
  measure,
  describe,
  plots({ rows }) {
    const bars = (name: string, color: string, of: (row: Row) => Spread) => ({
      name,
      type: 'bar' as const,
      itemStyle: { color },
      label: { show: true, position: 'top' as const },
      data: rows.map(row => Math.round(of(row).median)),
    });
    return [
      {
        name: 'hash',
        alt: "Milliseconds of one hash at each of OWASP's minima, by noble and by node:crypto",
        option: {
          title: { text: 'Milliseconds of one password hash', left: 'center' },
          legend: { bottom: 0 },
          grid: { left: 60, right: 30, top: 50, bottom: 60 },
          xAxis: { type: 'category', data: rows.map(row => formatScryptCost(row.cost)) },
          yAxis: { type: 'value' },
          series: [
            bars('noble', COLOURS.rekey, row => row.nobleMs),
            bars('native', COLOURS.floor, row => row.nativeMs),
          ],
        },
      },
    ];
  },
};
