/** Runs the checks: many at a time, and afterwards one by one those that move the clock or measure time. */
import { CannotTell, type Check, DoesNotApply, notApplicable, notTested, type Status, type Verdict } from './check.ts';
import type { Context } from './context.ts';

export type Row = Omit<Check, 'run' | 'alone'> & Verdict & { durationMs: number };

const AT_A_TIME = 6;
const BROKE_OFF = 'the check broke off:';
const CHECK_TIMEOUT_MS = 180_000;

/** Answers the rows in the order of the checks. `onRow` hears of each as it is done. */
export const runChecks = async (
  checks: readonly Check[],
  context: Context,
  onRow: (row: Row, done: number) => void,
): Promise<Row[]> => {
  const rows = new Map<Check, Row>();
  const work = async (check: Check) => {
    const startedAtMs = performance.now();
    const verdict = asDecided(check, context, await runOne(check, context));
    const { run: _, alone: __, ...row } = check;
    rows.set(check, { ...row, ...verdict, durationMs: Math.round(performance.now() - startedAtMs) });
    onRow(rows.get(check) as Row, rows.size);
  };

  const waiting = checks.filter(check => !check.alone);
  const workers = Array.from({ length: AT_A_TIME }, async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) await work(check);
  });
  await Promise.all(workers);
  for (const check of checks.filter(({ alone }) => alone)) {
    await work(check);
    // Whatever became of it, the next one starts at the right time.
    await context.driver.moveClock?.(0);
  }
  return checks.map(check => rows.get(check) as Row);
};

const runOne = async (check: Check, context: Context): Promise<Verdict> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${CHECK_TIMEOUT_MS / 1000} s`)), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([check.run(context), tooLong]);
  } catch (error) {
    if (error instanceof CannotTell) return notTested(error.message);
    if (error instanceof DoesNotApply) return notApplicable(error.message);
    const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
    return { status: 'failed', evidence: `${BROKE_OFF} ${line.slice(0, 300)}` };
  } finally {
    clearTimeout(timer);
  }
};

/** What fails because its makers decided so, and said why, is a deviation; what it leaves to others does not apply. */
const asDecided = (check: Check, { driver }: Context, verdict: Verdict): Verdict => {
  // A check that broke off has seen nothing that a reason could explain.
  if (verdict.status !== 'failed' || verdict.evidence?.startsWith(BROKE_OFF)) return verdict;
  const leftToOthers = driver.leavesToOthers?.[check.id];
  if (leftToOthers !== undefined) return { ...verdict, status: 'not applicable', reason: leftToOthers };
  const decision = driver.decisions?.[check.id];
  return decision?.seen.test(verdict.evidence ?? '')
    ? { ...verdict, status: 'deviates', reason: decision.why }
    : verdict;
};

export const countOf = (rows: readonly { status: Status }[], status: Status): number =>
  rows.filter(row => row.status === status).length;
