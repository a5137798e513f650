/** Goes through the rows of an import: each is checked, offered to the database with its neighbours, and counted. */
import type { Collision, TransferredUser } from '../../../worker/store/transfer.ts';
import type { Admin } from '../open-admin.ts';
import { type Checked, checkUser, idOfRow, madeName } from './check-user.ts';
import type { Counts } from './counts.ts';
import type { HashCosts } from './hash-costs.ts';
import { readUserRows } from './read-user-rows.ts';
import type { Refusal, RefusalReport } from './refusal-report.ts';

export type RowFlags = {
  /** Give a new name to whoever's is taken, or none that Rekey takes. */
  rename: boolean;
  /** Columns that are of no use here. */
  ignored: ReadonlySet<string>;
};

export type Terms = {
  admin: Admin;
  path: string;
  flags: RowFlags;
  report: RefusalReport;
  costs: HashCosts;
  /** Keyed hashes of names that nobody may take now. */
  resting: ReadonlySet<string>;
  seed: string;
  /** Writes the users, or only looks, and answers who cannot come in. */
  bringIn(users: readonly TransferredUser[]): Promise<Collision[]>;
  onSettled?: (counts: Counts) => void;
  onBytes?: (bytes: number) => void;
};

type Good = Extract<Checked, { kind: 'good' }>;
type Row = Good & { line: number; hasOwnId: boolean };

/** Answers the counts after each group of rows. */
export async function* settleRows(terms: Terms, from: Counts): AsyncGenerator<Counts> {
  const { admin, path, flags, seed, report, onSettled, onBytes } = terms;
  const judge = createJudge(terms);
  let counts = from;
  let group: Row[] = [];
  let refusals: Refusal[] = [];
  let number = 0;

  const settle = async (): Promise<Counts> => {
    const offered = await offer(terms, group);
    refusals.push(...offered.refusals);
    report.add(refusals);
    counts = addUp(counts, { rows: number, refused: refusals.length, ...offered });
    [group, refusals] = [[], []];
    onSettled?.(counts);
    return counts;
  };

  for await (const row of readUserRows(path, { ignored: flags.ignored, onBytes })) {
    number += 1;
    if (number <= from.rows) continue;
    const { line } = row;
    if (row.kind === 'unreadable') refusals.push({ line, email: '', reasons: [row.reason] });
    else {
      const newId = idOfRow(seed, number);
      const checked = judge(line, checkUser(row.fields, { newId, rename: flags.rename, nowMs: admin.nowMs }));
      if (checked.kind === 'refused') refusals.push({ line, email: row.fields.email, reasons: checked.reasons });
      else group.push({ ...checked, line, hasOwnId: row.fields.id !== '' });
    }
    if (number % admin.rowsAtOnce === 0) yield await settle();
  }
  yield await settle();
}

/** Holds a row against those before it in the file, and its hash against what it may cost. */
const createJudge = ({ flags, costs }: Terms) => {
  /** What stands in the file so far, with its line. */
  const seen = { id: new Map<string, number>(), email: new Map<string, number>(), username: new Map<string, number>() };
  const fields = ['id', 'email', 'username'] as const;
  /** As the database tells two apart: ids with their case, the others without. */
  const keyOf = (user: TransferredUser, field: (typeof fields)[number]): string =>
    field === 'id' ? user.id : user[field].toLowerCase();
  return (line: number, checked: Checked): Checked => {
    if (checked.kind === 'refused') return checked;
    const { hashCost } = checked;
    let { user } = checked;
    if (flags.rename && seen.username.has(user.username.toLowerCase())) user = renamed(user);
    const twice = fields
      .map(field => [field, seen[field].get(keyOf(user, field))] as const)
      .filter(([, earlier]) => earlier !== undefined)
      .map(([field, earlier]) => `${field} is the one of line ${earlier}`);
    const dear = hashCost && costs.refusalOf(hashCost, user.passwordHash);
    const reasons = [...twice, ...(dear ? [dear] : [])];
    if (reasons.length > 0) return { kind: 'refused', reasons };
    for (const field of fields) seen[field].set(keyOf(user, field), line);
    return { kind: 'good', user, hashCost };
  };
};

const renamed = (user: TransferredUser): TransferredUser => ({ ...user, username: madeName(user.id) });

type Offered = { cameIn: Row[]; hereAlready: number; refusals: Refusal[] };

/** Brings in what the database takes. */
const offer = async (terms: Terms, rows: readonly Row[]): Promise<Offered> => {
  if (rows.length === 0) return { cameIn: [], hereAlready: 0, refusals: [] };
  const resting = await findResting(terms, rows);
  const bringIn = async (users: TransferredUser[]) => (users.length > 0 ? terms.bringIn(users) : []);
  let left = await bringIn(rows.filter(({ user }) => !resting.has(user.id)).map(({ user }) => user));
  left = [...left, ...[...resting].map(id => ({ ...NO_COLLISION, id, usernameTaken: true }))];
  if (terms.flags.rename) {
    const others = new Set(left.filter(isForNameAlone).map(({ id }) => id));
    const again = rows.filter(({ user }) => others.has(user.id)).map(({ user }) => renamed(user));
    left = [...left.filter(({ id }) => !others.has(id)), ...(await bringIn(again))];
  }
  const collisions = new Map(left.map(collision => [collision.id, collision]));
  const offered: Offered = { cameIn: [], hereAlready: 0, refusals: [] };
  for (const row of rows) {
    const collision = collisions.get(row.user.id);
    // An id that was made for this row: this import was stopped after it had come in, and before that was noted.
    if (!collision || (collision.sameUser && !row.hasOwnId)) offered.cameIn.push(row);
    else if (collision.sameUser) offered.hereAlready += 1;
    else offered.refusals.push({ line: row.line, email: row.user.email, reasons: reasonsOf(collision) });
  }
  return offered;
};

const NO_COLLISION = { sameUser: false, idTaken: false, emailTaken: false, usernameTaken: false };

const isForNameAlone = ({ idTaken, emailTaken, usernameTaken }: Collision): boolean =>
  usernameTaken && !idTaken && !emailTaken;

const reasonsOf = ({ idTaken, emailTaken, usernameTaken }: Collision): string[] => [
  ...(emailTaken ? ['email has an account already'] : []),
  ...(usernameTaken ? ['username is taken (or give --rename)'] : []),
  ...(idTaken && !emailTaken ? ["id is another account's"] : []),
];

/** The ids of rows whose names belonged to an account that was deleted of late. */
const findResting = async ({ admin, resting }: Terms, rows: readonly Row[]): Promise<Set<string>> => {
  if (resting.size === 0) return new Set();
  const keys = await Promise.all(rows.map(({ user }) => admin.restingKeyOf(user.username)));
  return new Set(rows.filter((_, at) => resting.has(keys[at] ?? '')).map(({ user }) => user.id));
};

const addUp = (
  counts: Counts,
  { rows, refused, cameIn, hereAlready }: { rows: number; refused: number } & Offered,
): Counts => {
  const hashes = { ...counts.hashes };
  for (const { hashCost } of cameIn) hashes[hashCost ?? 'none'] = (hashes[hashCost ?? 'none'] ?? 0) + 1;
  return {
    rows,
    imported: counts.imported + cameIn.length,
    hereAlready: counts.hereAlready + hereAlready,
    refused: counts.refused + refused,
    needReset: counts.needReset + cameIn.filter(({ user }) => user.resetRequiredAt !== null).length,
    hashes,
  };
};
