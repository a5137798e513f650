/** The bench from its sections: measures them, keeps their results, and writes what README and docs/bench.md show. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { growth } from './growth.ts';
import { hash } from './hash.ts';
import { load } from './load.ts';
import { memory } from './memory.ts';
import { pages } from './pages.ts';
import { peers } from './peers.ts';
import { renderPlot } from './plot.ts';
import type { BenchOptions, Section } from './section.ts';
import { sizes } from './sizes.ts';
import { transfer } from './transfer.ts';

const FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/** In the order in which they are measured and shown. */
const SECTIONS = [sizes, pages, peers, load, memory, growth, hash, transfer] as unknown as readonly Section<unknown>[];
export const SECTION_NAMES: readonly string[] = SECTIONS.map(({ name }) => name);

const PACKAGES = [
  'wrangler',
  'miniflare',
  'workerd',
  'better-auth',
  'hono',
  'drizzle-orm',
  '@noble/hashes',
  'lighthouse',
];

type Machine = { cpu: string; cores: number; memoryGiB: number; system: string };
/** Of one section: each is measured as a whole, and may be older than another. */
type Taken = { at: string; machine: Machine; versions: Record<string, string>; result: unknown };
type Results = Record<string, Taken>;

/** Where everything is written. A quick run writes elsewhere: its figures are worth nothing. */
export type Places = { results: string; document: string; plots: string; readme: string | null };
export const PLACES: Places = {
  results: `${FOLDER}test/bench/results.json`,
  document: `${FOLDER}docs/bench.md`,
  plots: `${FOLDER}docs/bench`,
  readme: `${FOLDER}README.md`,
};
export const quickPlaces = (): Places => ({
  results: `${FOLDER}.cache/bench/quick/results.json`,
  document: `${FOLDER}.cache/bench/quick/bench.md`,
  plots: `${FOLDER}.cache/bench/quick`,
  readme: null,
});

/** Measures the named sections, one after the other, and writes each one's result as soon as it is there. */
export const runBench = async (names: readonly string[], options: BenchOptions, places: Places): Promise<void> => {
  mkdirSync(places.plots, { recursive: true });
  for (const section of SECTIONS.filter(({ name }) => names.includes(name))) {
    const result = await section.measure(options);
    const results: Results = { ...readResults(places), [section.name]: { ...circumstances(), result } };
    writeFileSync(places.results, `${JSON.stringify(results, null, 2)}\n`);
    options.say(`\n${section.title}\n\n${section.describe(result)}\n`);
  }
  writeReport(places);
};

const readResults = ({ results }: Places): Results =>
  existsSync(results) ? (JSON.parse(readFileSync(results, 'utf8')) as Results) : {};

const circumstances = (): Omit<Taken, 'result'> => {
  const versions = PACKAGES.map(name => {
    const { version } = JSON.parse(readFileSync(`${FOLDER}node_modules/${name}/package.json`, 'utf8'));
    return [name, version];
  });
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()}, ${process.arch}`,
  };
  return {
    at: new Date().toISOString().slice(0, 10),
    machine,
    versions: { node: process.versions.node, ...Object.fromEntries(versions) },
  };
};

/** docs/bench.md, its plots, and README's part between its marks, all from the results. */
export const writeReport = (places: Places): void => {
  const results = readResults(places);
  const shown = SECTIONS.flatMap(section => {
    const taken = results[section.name];
    if (!taken) return [];
    const plots = section.plots(taken.result);
    for (const plot of plots) writeFileSync(`${places.plots}/${plot.name}.svg`, renderPlot(plot));
    return [{ section, taken, plots }];
  });
  const parts = shown.map(({ section, taken, plots }) =>
    [
      `## ${section.title}`,
      section.describe(taken.result),
      ...plots.map(plot => `![${plot.alt}](bench/${plot.name}.svg)`),
      circumstancesOf(taken),
    ].join('\n\n'),
  );
  const head = '# The bench\n\nWritten by `npm run bench`; the figures are in test/bench/results.json.';
  writeFileSync(places.document, `${[head, ...parts].join('\n\n')}\n`);
  if (places.readme === null) return;
  const plots = shown.flatMap(one => one.plots).filter(({ name }) => README_PLOTS.includes(name));
  const part = plots.map(plot => `![${plot.alt}](docs/bench/${plot.name}.svg)`).join('\n\n');
  writeFileSync(places.readme, between(readFileSync(places.readme, 'utf8'), part));
};

const README_PLOTS = ['peers', 'sizes'];
const BEGIN = '<!-- bench -->';
const END = '<!-- /bench -->';

const between = (text: string, part: string): string => {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin)
    throw new Error(`README.md should hold ${BEGIN} and ${END}, which the plots stand between.`);
  return `${text.slice(0, begin + BEGIN.length)}\n${part}\n${text.slice(end)}`;
};

const circumstancesOf = ({ at, machine, versions }: Taken): string => {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Taken ${at} on ${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, ${machine.system}: ${packages.join(', ')}.`;
};
