/** How long it takes to refuse a wrong password for a hash, measured once for each cost: here, by the hasher's own code. */
import { verifyPassword } from '../../../worker/credentials/password-hash.ts';
import type { Hashing } from '../open-admin.ts';
import { several } from '../told.ts';

const TIMES = 3;
/** Other machines, and a slow moment. */
const SPARE = 1.25;

export type HashCosts = {
  /** Why hashes of this cost are refused, or null. `phc` is one of them. */
  refusalOf(cost: string, phc: string): string | null;
  /** Milliseconds for each cost that was met so far. */
  measured: Record<string, number>;
};

/** `known`: what was measured when the same import began. */
export const createHashCosts = (hashing: Hashing, known: Record<string, number> = {}): HashCosts => {
  const measured = { ...known };
  return {
    measured,
    refusalOf: (cost, phc) => {
      measured[cost] ??= refusalMs(phc, hashing);
      const ms = measured[cost];
      if (ms <= hashing.refusalFloorMs) return null;
      // Above the floor the time of a refusal would tell whose account was imported.
      const enough = Math.ceil((ms * SPARE) / 100) * 100;
      return `password_hash (${cost}) takes ${several(Math.round(ms), 'ms', 'ms')} to refuse a wrong password, and REFUSAL_FLOOR_MS is ${hashing.refusalFloorMs}: set it to ${enough}`;
    },
  };
};

/** The median of a few. */
const refusalMs = (phc: string, { cost, engine }: Hashing): number => {
  const times = Array.from({ length: TIMES }, () => {
    const startedAt = performance.now();
    verifyPassword('a password that nobody has', phc, cost, engine);
    return performance.now() - startedAt;
  });
  return times.sort((a, b) => a - b)[Math.floor(TIMES / 2)] ?? Number.POSITIVE_INFINITY;
};
