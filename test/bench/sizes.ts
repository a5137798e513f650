/** What a deployment uploads, and how long the runtime takes until it can answer: Rekey and better-auth, bundled alike. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { convertV4MiniflareOptions, Miniflare, NoOpLog } from 'miniflare';
import { COLOURS } from './plot.ts';
import type { BenchOptions, Section } from './section.ts';
import { bundleWorker } from './servers/bundle.ts';
import { type Spread, spreadOf } from './spread.ts';

/** Bytes. */
export type Size = { raw: number; gzip: number };
export type SizesResult = {
  rekey: Size;
  betterAuth: Size;
  /** What only the Worker reads, by ASSETS: letters' words, the list of common passwords, the API's description. */
  workerAssets: Size;
  /** From asking for a runtime until the first answer, less the same for an empty Worker, in turns. */
  startUpMs: { rekey: Spread; betterAuth: Spread };
};

/** Bytes of gzip. What does not fit goes into an asset, never out of the labels or the help. */
export const MAX_WORKER_GZIP_BYTES = 95_000;

export const sizeOf = (text: string | Buffer): Size => ({
  raw: Buffer.byteLength(text),
  gzip: gzipSync(text, { level: 9 }).length,
});

const WORKER_ASSETS = fileURLToPath(new URL('../../dist/api', import.meta.url));
const EMPTY = 'export default { fetch: () => new Response("") };';

const measure = async ({ quick, say }: BenchOptions): Promise<SizesResult> => {
  say('sizes: bundles');
  const [rekey, betterAuth] = await Promise.all([
    bundleWorker('wrangler.toml'),
    bundleWorker('test/conformance/better-auth/wrangler.toml'),
  ]);
  say('sizes: start-up');
  const taken = { rekey: [] as number[], betterAuth: [] as number[] };
  // Not measured: the first runtime of all is slower than the others.
  await timeToAnswer(EMPTY);
  for (let turn = 0; turn < (quick ? 2 : 45); turn += 1) {
    const empty = await timeToAnswer(EMPTY);
    taken.rekey.push((await timeToAnswer(rekey)) - empty);
    taken.betterAuth.push((await timeToAnswer(betterAuth)) - empty);
  }
  return {
    rekey: sizeOf(rekey),
    betterAuth: sizeOf(betterAuth),
    workerAssets: sizeOf(Buffer.concat(filesBelow(WORKER_ASSETS))),
    startUpMs: { rekey: spreadOf(taken.rekey), betterAuth: spreadOf(taken.betterAuth) },
  };
};

/** Milliseconds. An answer of any status will do: the script has been loaded and run by then. */
const timeToAnswer = async (contents: string): Promise<number> => {
  const startedAt = performance.now();
  const modules = [{ type: 'ESModule' as const, path: 'index.js', contents }];
  const worker = { name: 'measured', compatibilityDate: '2026-11-01', modules };
  const quietly = { log: new NoOpLog(), handleStructuredLogs: () => undefined };
  const runtime = new Miniflare(convertV4MiniflareOptions({ cf: false, ...quietly, workers: [worker] }));
  try {
    await runtime.dispatchFetch('http://localhost/');
    return performance.now() - startedAt;
  } finally {
    await runtime.dispose();
  }
};

const filesBelow = (folder: string): Buffer[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(`${entry.parentPath}/${entry.name}`));

const kb = ({ raw, gzip }: Size): string => `${(gzip / 1000).toFixed(1)} KB (${(raw / 1000).toFixed(0)} KB)`;

const describe = ({ rekey, betterAuth, workerAssets, startUpMs }: SizesResult): string =>
  [
    'Both bundled by `wrangler deploy` and minified. Start-up: from asking for a runtime to its first answer, less the same for',
    'an empty Worker.',
    '',
    '| | Rekey | better-auth | ratio |',
    '| --- | ---: | ---: | ---: |',
    `| bundle, gzip (raw) | ${kb(rekey)} | ${kb(betterAuth)} | ${(rekey.gzip / betterAuth.gzip).toFixed(2)} |`,
    `| start-up, ms | ${startUpMs.rekey.median.toFixed(0)} | ${startUpMs.betterAuth.median.toFixed(0)} | ${(startUpMs.rekey.median / startUpMs.betterAuth.median).toFixed(2)} |`,
    `| read through ASSETS, gzip (raw) | ${kb(workerAssets)} | | |`,
  ].join('\n');

export const sizes: Section<SizesResult> = {
  name: 'sizes',
  title: 'What there is to load',
  measure,
  describe,
  plots: ({ rekey, betterAuth, startUpMs }) => [
    {
      name: 'sizes',
      alt: 'Bundle in KB of gzip and start-up in milliseconds: Rekey and better-auth',
      option: {
        title: { text: 'What there is to load (less is better)', left: 'center' },
        legend: { bottom: 0 },
        grid: { left: 60, right: 30, top: 50, bottom: 60 },
        xAxis: { type: 'category', data: ['bundle, KB of gzip', 'start-up, ms'] },
        yAxis: { type: 'value' },
        series: [
          {
            name: 'Rekey',
            type: 'bar',
            itemStyle: { color: COLOURS.rekey },
            label: { show: true, position: 'top' },
            data: [Math.round(rekey.gzip / 1000), Math.round(startUpMs.rekey.median)],
          },
          {
            name: 'better-auth',
            type: 'bar',
            itemStyle: { color: COLOURS.peer },
            label: { show: true, position: 'top' },
            data: [Math.round(betterAuth.gzip / 1000), Math.round(startUpMs.betterAuth.median)],
          },
        ],
      },
    },
  ],
};
