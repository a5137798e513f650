/**
 * `npm run admin -- import`: users of another system come in. First the whole file is gone through and nothing is written;
 * then what is good comes in, some hundred rows in each transaction. Stopped at any point, it goes on from there.
 */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { newStamp } from '../../../worker/credentials/session-secret.ts';
import { errorClasses } from '../../../worker/log.ts';
import { findCollisions, findRestingNames, insertUsers } from '../../../worker/store/transfer.ts';
import { AdminError } from '../admin-error.ts';
import type { Admin } from '../open-admin.ts';
import { lines, several, type Told } from '../told.ts';
import { createCheckpoint } from './checkpoint.ts';
import { type Counts, noCounts } from './counts.ts';
import { createHashCosts } from './hash-costs.ts';
import { createProgressBar } from './progress-bar.ts';
import { createRefusalReport } from './refusal-report.ts';
import { type RowFlags, settleRows, type Terms } from './settle-rows.ts';

export type ImportFlags = RowFlags & {
  /** Go through the file and write nothing. */
  dryRun: boolean;
  /** Import what is good although some rows are refused. */
  yes: boolean;
};

export const importUsers = async (admin: Admin, given: string, flags: ImportFlags): Promise<Told> => {
  const path = resolve(given);
  const size = sizeOf(path);
  const report = createRefusalReport(`${path}.refused.csv`);
  const checkpoint = createCheckpoint(`${admin.home}/import-${await nameOf(path, admin.target)}.json`);
  const begun = flags.dryRun ? null : checkpoint.read();
  const costs = createHashCosts(admin.hashing(), begun?.measured);
  const resting = await findRestingNames(admin.db, admin.nowMs);
  if (resting.size > 0 && (await admin.restingKeyOf('')) === null) admin.say(NO_SECRET);
  const terms = { admin, path, flags, report, costs, resting, seed: begun?.seed ?? newStamp() };

  /** Goes through the file from there on, with a bar. */
  const goThrough = async (
    title: string,
    from: Counts,
    more: Pick<Terms, 'bringIn' | 'onSettled'>,
  ): Promise<Counts> => {
    const bar = createProgressBar(title, admin.screen);
    let readBytes = 0;
    const onBytes = (bytes: number) => {
      readBytes = bytes;
    };
    let counts = from;
    for await (counts of settleRows({ ...terms, ...more, onBytes }, from)) bar.show(readBytes / size, counts.rows);
    bar.end();
    return counts;
  };
  const tell = (counts: Counts, became: Became): Told => {
    report.removeIfEmpty();
    return toldOf({ path, reportPath: report.path, counts, became, measured: costs.measured });
  };

  if (begun) admin.say(`Going on after row ${begun.counts.rows.toLocaleString('en')}.`);
  else {
    report.cutTo(0);
    const look: Terms['bringIn'] = users => findCollisions(admin.db, users, admin.nowMs);
    const found = await goThrough('Checking ', noCounts(), { bringIn: look });
    if (flags.dryRun) return tell(found, 'checked');
    const others = `${several(found.refused, 'row')} would be refused (${report.path}). Import the other ${found.imported.toLocaleString('en')}?`;
    if (found.refused > 0 && !flags.yes && !(await admin.confirm(others))) return tell(found, 'stopped');
  }

  const from = begun ?? { counts: noCounts(), reportBytes: 0 };
  report.cutTo(from.reportBytes);
  const onSettled = (counts: Counts) =>
    checkpoint.write({ seed: terms.seed, counts, reportBytes: report.bytes(), measured: costs.measured });
  onSettled(from.counts);
  const write: Terms['bringIn'] = users => insertUsers(admin.db, users, admin);
  const counts = await goThrough('Importing', from.counts, { bringIn: write, onSettled }).catch((error: unknown) => {
    if (error instanceof AdminError) throw error;
    // By its class alone: the message of a database's error holds the rows.
    throw new AdminError(`The import was stopped (${errorClasses(error)}). Type it again, and it goes on from there.`);
  });
  checkpoint.remove();
  return tell(counts, 'imported');
};

const sizeOf = (path: string): number => {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) throw new AdminError(`There is no file ${path} to import.`);
  return stat.size;
};

/** The same for the same file and database. */
const nameOf = async (path: string, target: string): Promise<string> => {
  const hash = createHash('sha256').update(`${target}\0`);
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex').slice(0, 32);
};

const NO_SECRET =
  'LOOKUP_SECRET is not in the environment: names of accounts that were deleted in the last 30 days are not kept from others.';

type Became = keyof typeof ENDS;

const ENDS = {
  checked: 'Nothing was written.',
  stopped: 'Nothing was written. Mend the rows, or import the others alone: --yes.',
  imported:
    'Whoever has a hash logs in with the password that they had; everybody else sets one by "Forgot Password?".',
};

const toldOf = ({
  path,
  reportPath,
  counts,
  became,
  measured,
}: {
  path: string;
  reportPath: string;
  counts: Counts;
  became: Became;
  measured: Record<string, number>;
}): Told => {
  const number = (count: number) => count.toLocaleString('en');
  const isWritten = became === 'imported';
  const hashes = Object.entries(counts.hashes).map(([cost, rows]) => ({
    cost,
    rows,
    refusalMs: Math.round(measured[cost] ?? 0),
  }));
  const report = counts.refused > 0 ? reportPath : null;
  const rows: (readonly [string, string])[] = [
    ['rows', number(counts.rows)],
    [isWritten ? 'imported' : 'good', number(counts.imported)],
    ['here already', number(counts.hereAlready)],
    ['refused', `${number(counts.refused)}${report ? `: ${report}` : ''}`],
    ['need a reset first', number(counts.needReset)],
    ...hashes.map(({ cost, rows, refusalMs }) => {
      const time = refusalMs > 0 ? `, a wrong password is refused in ${refusalMs} ms here` : '';
      return [`hash: ${cost}`, `${several(rows, 'user')}${time}`] as const;
    }),
  ];
  return {
    facts: { ...counts, hashes, isWritten, report },
    hasFailed: became === 'stopped',
    text: `${path}\n${lines(rows)}\n\n${ENDS[became]}`,
  };
};
