/**
 * How the fuzz tests run: few cases in `npm test` and many in `npm run test:long`, from a seed that is new each time. A
 * failure prints it; REKEY_FUZZ_SEED brings the same cases again.
 */
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { note } from './test-notes.ts';

export const SEED = process.env.REKEY_FUZZ_SEED ? Number(process.env.REKEY_FUZZ_SEED) : randomInt(2 ** 31);

const isLong = Boolean(process.env.TEST_LONG);
export const casesOf = ({ few, many }: { few: number; many: number }): number => (isLong ? many : few);
/** Generous: what is slow is the machine. */
export const FUZZ_TIMEOUT_MS = isLong ? 3600_000 : 300_000;

/** Checks one case after the other: they share a database. A failure is made small and printed with its seed. */
export const checkCases = async <Case>(
  cases: fc.Arbitrary<Case>,
  numRuns: number,
  holds: (one: Case) => Promise<void>,
): Promise<void> => {
  const property = fc.asyncProperty(cases, holds);
  await fc.assert(property, { seed: SEED, numRuns });
};

/** A line for the end of the test run. */
export const noteFuzzing = (line: string): void => note(`fuzzing: ${line} (REKEY_FUZZ_SEED=${SEED})`);
