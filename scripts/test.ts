/**
 * `npm test`: builds the page, runs vitest (unit, worker, then timing alone, then a quick bench), the conformance suite and Playwright (browser), all of them
 * whatever fails, and ends with one line that adds them up. `npm test -- unit` runs some; `--long` runs the large counts,
 * and holds the peer against the standards too.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { noteOfConformance, readConformanceReport } from '../test/conformance/tally.ts';
import { type Child, startChild } from './child.ts';
import { readPlaywrightReport, readVitestReport, summarize, type Tally, withHonestFailure } from './test-report.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const REPORTS = join(FOLDER, '.cache', 'test-reports');
const NOTES = join(REPORTS, 'notes.txt');
const RUNNERS = ['unit', 'worker', 'timing', 'bench', 'conformance', 'browser'];
/** Those of one line run side by side. Times are only worth something on a machine that has nothing else to do. */
const VITEST_RUNS = [['unit', 'worker'], ['timing'], ['bench']];

const { values, positionals } = parseArgs({ options: { long: { type: 'boolean' } }, allowPositionals: true });
const unknown = positionals.filter(name => !RUNNERS.includes(name));
if (unknown.length > 0) {
  console.error(`There is no test runner ${unknown.join(', ')}. Choose from ${RUNNERS.join(', ')}.`);
  process.exit(1);
}
const chosen = positionals.length > 0 ? positionals : RUNNERS;

rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });
// Tests append a line for what a person should know of them: how often something was tried, how long it took.
const environment = { REKEY_TEST_NOTES: NOTES, ...(values.long ? { TEST_LONG: '1' } : {}) };

let current: Child | null = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, async () => {
    await current?.stop();
    process.exit(1);
  });
}

const bin = (path: string) => join(FOLDER, 'node_modules', path);

/** Runs a tool to its end; its output goes where ours does. */
function run(
  title: string,
  script: string,
  args: readonly string[],
  more: Record<string, string> = {},
): Promise<string> {
  console.log(`\n--- ${title}\n`);
  current = startChild({ script, args, folder: FOLDER, environment: { ...environment, ...more } });
  return current.ended;
}

/** Runs a tool that writes a report, and reads it. A report that is missing or unreadable is a failure. */
async function runTests(runner: string, report: string, start: () => Promise<string>, read: (text: string) => Tally[]) {
  const ended = await start();
  try {
    return withHonestFailure(existsSync(report) ? read(readFileSync(report, 'utf8')) : [], runner, ended);
  } catch (error) {
    return withHonestFailure([], runner, `a report that cannot be read (${error})`);
  }
}

async function buildPage(): Promise<Tally[]> {
  const ended = await run('page (vite build)', bin('vite/bin/vite.js'), ['build', '--logLevel', 'warn']);
  const isBuilt = ended === 'code 0';
  if (isBuilt) console.log('built into dist/');
  return isBuilt ? [] : [{ runner: 'page', passed: 0, failed: ['page: vite build failed'], skipped: [], flaky: [] }];
}

async function runVitest(runners: readonly string[]): Promise<Tally[]> {
  const report = join(REPORTS, `${runners.join('-')}.json`);
  const projects = runners.flatMap(runner => ['--project', runner]);
  const args = ['run', ...projects, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const start = () => run(`${runners.join(', ')} (vitest)`, bin('vitest/vitest.mjs'), args);
  const tallies = await runTests('vitest', report, start, text => readVitestReport(text, FOLDER));
  const silent = runners.filter(runner => !tallies.some(tally => tally.runner === runner || tally.runner === 'vitest'));
  return [...tallies, ...silent.flatMap(runner => withHonestFailure([], runner, 'code 0'))];
}

/** Rekey's failures count; what a peer fails is the comparison's to tell (docs/conformance/). */
async function runConformance(): Promise<Tally[]> {
  const out = join(REPORTS, 'conformance');
  const script = join(FOLDER, 'scripts', 'conformance.ts');
  const hold = (driver: string) => run(`conformance (${driver})`, script, ['--driver', driver, '--out', out]);
  const report = join(out, 'rekey.json');
  const tallies = await runTests(
    'conformance',
    report,
    () => hold('rekey'),
    text => {
      appendFileSync(NOTES, `${noteOfConformance(text)}\n`);
      return [readConformanceReport(text)];
    },
  );
  if (!values.long) return tallies;
  const ended = await hold('better-auth');
  const peer = 'conformance of better-auth';
  return [...tallies, ...(ended === 'code 0' ? [] : withHonestFailure([], peer, ended))];
}

function runPlaywright(): Promise<Tally[]> {
  const report = join(REPORTS, 'playwright.json');
  const args = ['test', '--reporter=list,json'];
  const more = { PLAYWRIGHT_JSON_OUTPUT_NAME: report };
  const start = () => run('browser (Playwright)', bin('@playwright/test/cli.js'), args, more);
  return runTests('browser', report, start, text => [readPlaywrightReport(text)]);
}

const tallies = await buildPage();
for (const runners of VITEST_RUNS) {
  const wanted = runners.filter(runner => chosen.includes(runner));
  if (wanted.length > 0) tallies.push(...(await runVitest(wanted)));
}
if (chosen.includes('conformance')) tallies.push(...(await runConformance()));
if (chosen.includes('browser')) tallies.push(...(await runPlaywright()));

console.log('\n---\n');
if (existsSync(NOTES)) console.log(`${readFileSync(NOTES, 'utf8').trimEnd()}\n`);
const { lines, failed } = summarize(tallies);
console.log(lines.join('\n'));
process.exitCode = failed > 0 ? 1 : 0;
