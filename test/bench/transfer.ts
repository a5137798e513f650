/** Users who come and go: `npm run admin -- import` and `export` as they are typed, with a database of their own. */
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { csvLine } from '../../scripts/admin/transfer/user-columns.ts';
import { startChild } from '../../scripts/child.ts';
import { startWrangler } from '../../scripts/wrangler.ts';
import { FOREIGN_VECTORS } from '../support/foreign-hashes.ts';
import type { BenchOptions, Section } from './section.ts';

type Run = { users: number; megabytes: number; checkSeconds: number; importSeconds: number; exportSeconds: number };
export type TransferResult = { runs: Run[] };

const USERS = [10_000, 100_000];
const QUICK_USERS = [2000];

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = `${PROJECT}.cache/bench/transfer`;
const STATE = `${FOLDER}/state`;

const run = async (what: string, start: () => { ended: Promise<string> }): Promise<number> => {
  const startedAt = performance.now();
  const ended = await start().ended;
  if (ended !== 'code 0') throw new Error(`${what} ended with ${ended}`);
  return (performance.now() - startedAt) / 1000;
};
const admin = (...args: string[]): Promise<number> => {
  const script = `${PROJECT}scripts/admin.ts`;
  const all = [...args, '--state', STATE];
  return run(args.join(' '), () => startChild({ script, args: all, folder: PROJECT, onLine: () => undefined }));
};

const measureOne = async (users: number, quick: boolean): Promise<Run> => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const apply = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', STATE];
  await run('the migrations', () => startWrangler(apply, { folder: PROJECT, onLine: () => undefined }));
  const hash = FOREIGN_VECTORS.find(({ scheme }) => scheme.startsWith('bcrypt'))?.hash ?? '';
  const rows = Array.from({ length: users }, (_, at) => [`person-${at}@example.com`, `person-${at}`, hash, 'true']);
  const file = `${FOLDER}/users.csv`;
  writeFileSync(file, [['email', 'username', 'password_hash', 'email_verified'], ...rows].map(csvLine).join(''));
  const times = {
    // A quick run only shows that it works: an import goes through the file first, and has the dry run in it.
    checkSeconds: quick ? 0 : await admin('import', file, '--dry-run'),
    importSeconds: await admin('import', file),
    exportSeconds: quick ? 0 : await admin('export', `${FOLDER}/out.csv`),
  };
  const megabytes = statSync(file).size / 1e6;
  rmSync(FOLDER, { recursive: true });
  return { users, megabytes, ...times };
};

const measure = async ({ quick, say }: BenchOptions): Promise<TransferResult> => {
  const runs: Run[] = [];
  for (const users of quick ? QUICK_USERS : USERS) {
    say(`${users} users come and go`);
    runs.push(await measureOne(users, quick));
  }
  return { runs };
};

const describe = ({
  runs,
}: TransferResult): string => `Users with bcrypt hashes out of a CSV into an empty local database, and out of it again, by the commands as they are
typed: a second or two of each is their start. An import goes through the file first, which is what a dry run takes.

| users | CSV, MB | dry run, s | import, s | users a second | export, s |
| ---: | ---: | ---: | ---: | ---: | ---: |
${runs
  .map(
    ({ users, megabytes, checkSeconds, importSeconds, exportSeconds }) =>
      `| ${users.toLocaleString('en')} | ${megabytes.toFixed(1)} | ${checkSeconds.toFixed(1)} | ${importSeconds.toFixed(1)} | ${Math.round(users / importSeconds).toLocaleString('en')} | ${exportSeconds.toFixed(1)} |`,
  )
  .join('\n')}`;

export const transfer: Section<TransferResult> = {
  name: 'transfer',
  title: 'Users who come and go',
  measure,
  describe,
  plots: () => [],
};
