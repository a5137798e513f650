/** Time as the doors are given it, so that a test can set it. */

export type Clock = {
  /** Milliseconds since the epoch. Stands still in a deployed Worker between two waits for the outside. */
  now(): number;
};

export const systemClock: Clock = { now: () => Date.now() };

/** Resolves after so many milliseconds of real time; at once for none or less. */
export const waitMs = (ms: number): Promise<void> =>
  ms > 0 ? new Promise(resolve => setTimeout(resolve, ms)) : Promise.resolve();
