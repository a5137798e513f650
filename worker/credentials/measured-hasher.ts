/** The hasher, with a data point for each of its calls. */
import type { Clock } from '../clock.ts';
import type { Metrics } from '../metrics.ts';
import type { Hasher } from './password-hasher.ts';

/** A hasher that tells how long who waited, and which lanes were full. */
export const measuredHasher = (hasher: Hasher, metrics: Metrics | null, clock: Clock): Hasher => {
  if (!metrics) return hasher;
  const measured = async <Outcome extends { kind: string }>(what: string, work: Promise<Outcome>): Promise<Outcome> => {
    const startedAtMs = clock.now();
    const tell = (outcome: string) => metrics.write({ event: 'hash', what, outcome, ms: clock.now() - startedAtMs });
    try {
      const outcome = await work;
      tell(outcome.kind);
      return outcome;
    } catch (error) {
      tell('failed');
      throw error;
    }
  };
  return {
    hash: (place, ...given) => measured(place.lane, hasher.hash(place, ...given)),
    verify: (place, ...given) => measured(place.lane, hasher.verify(place, ...given)),
  };
};
