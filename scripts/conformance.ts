/**
 * `npm run conformance`: holds Rekey, or another system, against the rows of the standards, from outside, and writes
 * docs/conformance/. Ends with 1 where a row failed and the system is Rekey.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import type { Status } from '../test/conformance/check.ts';
import { CHECKS } from '../test/conformance/checks.ts';
import { createContext } from '../test/conformance/context.ts';
import type { Driver } from '../test/conformance/driver.ts';
import { countsOf, type Report, STATUSES, toJson, toMarkdown } from '../test/conformance/report.ts';
import { type Row, runChecks } from '../test/conformance/run.ts';
import { buildPages } from './build-pages.ts';

// The table is what is to be read; set it to see what wrangler says.
process.env.WRANGLER_LOG ??= 'error';

const USAGE = `npm run conformance -- [--driver rekey|better-auth] [--out FOLDER] [--only TEXT]
npm run conformance -- --url URL --mailbox URL   a Rekey that runs already, such as that of npm run dev`;

type Arguments = {
  driver: 'rekey' | 'better-auth';
  remote: { url: string; mailbox: string } | null;
  out: string;
  only: string | null;
};

const readArguments = (): Arguments => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { driver: text, url: text, mailbox: text, out: text, only: text } });
  const { driver = 'rekey', url, mailbox, only = null } = values;
  // A Rekey elsewhere shows less than one on the bench: its report does not take that one's place.
  const { out = url === undefined ? 'docs/conformance' : '.cache/conformance' } = values;
  if (driver !== 'rekey' && driver !== 'better-auth') {
    throw new Error(`There is no driver ${JSON.stringify(driver)}. Choose rekey or better-auth.`);
  }
  if ((url === undefined) !== (mailbox === undefined)) {
    throw new Error('--url and --mailbox go together: links are read in the mailbox. Give both, or neither.');
  }
  if (url === undefined || mailbox === undefined) return { driver, remote: null, out, only };
  if (driver !== 'rekey') throw new Error('--url is for Rekey. Leave out --driver.');
  for (const [name, value] of Object.entries({ url, mailbox })) {
    const isUrl = URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
    if (!isUrl) throw new Error(`--${name} is ${JSON.stringify(value)}. Give an address like http://localhost:8787.`);
  }
  return { driver, remote: { url, mailbox }, out, only };
};

const startDriver = async ({ driver, remote }: Arguments): Promise<Driver> => {
  if (driver === 'better-auth') {
    return (await import('../test/conformance/better-auth/driver.ts')).createBetterAuthDriver();
  }
  if (remote) {
    return (await import('../test/conformance/rekey/remote.ts')).connectToRekey(remote.url, remote.mailbox);
  }
  await buildPages(process.env.CLOUDFLARE_ENV ?? '', { isQuiet: true });
  return (await import('../test/conformance/rekey/bench.ts')).startRekeyBench();
};

const COLORS: Record<Status, 'green' | 'red' | 'yellow' | 'gray'> = {
  held: 'green',
  failed: 'red',
  deviates: 'yellow',
  'not applicable': 'gray',
  'not tested': 'gray',
};

const print = ({ id, status, evidence, reason, durationMs }: Row, done: number, all: number): void => {
  const place = `${done}/${all}`.padStart(8);
  const words = (evidence ?? reason ?? '').slice(0, 110);
  const time = durationMs > 3000 ? ` (${(durationMs / 1000).toFixed(1)} s)` : '';
  console.log(`${place}  ${styleText(COLORS[status], status.padEnd(14))}  ${id.padEnd(34)}  ${words}${time}`);
};

const run = async (given: Arguments): Promise<number> => {
  const startedAtMs = performance.now();
  const { only } = given;
  const checks = only === null ? CHECKS : CHECKS.filter(({ id }) => id.includes(only));
  if (checks.length === 0) throw new Error(`No row's id contains ${JSON.stringify(only)}.`);
  const driver = await startDriver(given);
  const { context, close } = createContext(driver);
  let stop: Promise<void> | undefined;
  const stopAll = () => (stop ??= close().finally(() => driver.stop()));
  process.once('SIGINT', () => void stopAll().finally(() => process.exit(130)));
  try {
    console.log(`\n${driver.name} ${driver.version} at ${driver.url}\n`);
    const rows = await runChecks(checks, context, (row, done) => print(row, done, checks.length));
    const counts = countsOf(rows);
    const report: Report = {
      system: driver.name,
      version: driver.version,
      driver: given.driver,
      setUp: driver.setUp ?? '',
      testedAt: new Date().toISOString(),
      durationSeconds: Math.round((performance.now() - startedAtMs) / 1000),
      counts,
      rows,
    };
    console.log(`\n${STATUSES.map(status => `${counts[status]} ${status}`).join(', ')} in ${report.durationSeconds} s`);
    // A part of the rows is for looking at, not for keeping.
    if (only === null || given.out !== 'docs/conformance') {
      const out = resolve(given.out);
      mkdirSync(out, { recursive: true });
      writeFileSync(join(out, `${given.driver}.json`), toJson(report));
      writeFileSync(join(out, `${given.driver}.md`), toMarkdown(report));
      console.log(`${join(given.out, `${given.driver}.md`)} and .json`);
    }
    return counts.failed > 0 && given.driver === 'rekey' ? 1 : 0;
  } finally {
    await stopAll();
  }
};

try {
  process.exitCode = await run(readArguments());
} catch (error) {
  const isMisused = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  console.error(`\n${error instanceof Error ? error.message : error}${isMisused ? `\n\n${USAGE}` : ''}\n`);
  process.exitCode = 1;
}
// A reader of the mailbox or a browser that does not let go must not keep a finished run.
process.exit();
