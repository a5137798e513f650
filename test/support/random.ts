/** Chance that can be had again: the same seed draws the same numbers (mulberry32). */

export const createRandom = (seed: number) => {
  let state = seed >>> 0;
  /** From 0 up to 1. */
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  /** A whole number from 0 up to `end`. */
  const below = (end: number): number => Math.floor(next() * end);
  const shuffle = <One>(all: readonly One[]): One[] =>
    all
      .map(one => ({ one, place: next() }))
      .sort((left, right) => left.place - right.place)
      .map(({ one }) => one);
  return { below, shuffle };
};

export type Random = ReturnType<typeof createRandom>;
