/**
 * The Mann-Whitney U test: whether two samples can come from the same source, whatever its shape. By the normal
 * approximation, with corrections for ties and for continuity (Hollander, Wolfe and Chicken, "Nonparametric Statistical
 * Methods", 4.1). Times are what it is for: it asks for no bell curve, and an outlier is one rank.
 */

export type MannWhitney = {
  /** Pairs in which `a` is the greater; equal ones count half. */
  u: number;
  /** How many standard deviations `u` is from its mean: positive where `a` tends to be the greater. */
  z: number;
  /** How probable so great a difference is, either way, if there is none. */
  p: number;
  /** By how much `a` is the greater: the median of all differences a - b (Hodges and Lehmann). */
  shift: number;
};

export const mannWhitney = (a: readonly number[], b: readonly number[]): MannWhitney => {
  if (a.length === 0 || b.length === 0) throw new Error('a sample is empty');
  if (![...a, ...b].every(Number.isFinite)) throw new Error('a sample holds what is not a number');
  const differences = a.flatMap(one => b.map(other => one - other));
  const u = differences.reduce((sum, difference) => sum + (Math.sign(difference) + 1) / 2, 0);
  const [pairs, all] = [differences.length, a.length + b.length];
  const deviation = Math.sqrt((pairs / 12) * (all + 1 - tieSum([...a, ...b]) / (all * (all - 1))));
  const distance = u - pairs / 2;
  // Where all values are equal there is neither a distance nor a deviation.
  const z = distance === 0 ? 0 : (Math.sign(distance) * Math.max(0, Math.abs(distance) - 0.5)) / deviation;
  return { u, z, p: complementaryError(Math.abs(z) / Math.SQRT2), shift: median(differences) };
};

export const median = (values: readonly number[]): number => {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
};

/** The sum of t^3 - t over the groups of t equal values. */
const tieSum = (values: readonly number[]): number => {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum + (count ** 3 - count), 0);
};

/** erfc for x >= 0: its series near 0, where it converges at once, and its continued fraction beyond. */
const complementaryError = (x: number): number => {
  if (x < 2) {
    let [term, sum] = [x, x];
    for (let n = 1; Math.abs(term) > 1e-17; n += 1) {
      term *= -(x * x) / n;
      sum += term / (2 * n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = x;
  for (let n = 60; n >= 1; n -= 1) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
};
