/**
 * Answers of the same call to different kinds of people, taken in rounds and timed, to hold against each other what
 * somebody outside can see: every byte and every millisecond.
 */
import { mannWhitney, median } from './mann-whitney.ts';
import type { Answer } from './people.ts';
import { note } from './test-notes.ts';

/** How many rounds: enough to find a few milliseconds in `npm test`, and less than that in the long run. */
export const ROUNDS = process.env.TEST_LONG ? 200 : 60;
/** The first calls of a kind find cold code and cold objects. */
const WARM_UP_ROUNDS = 3;

/** What can be seen of an answer, but for what is new in each of them. */
export const lookOf = ({ status, headers, text }: Answer): string => {
  const lines = [...headers]
    .filter(([name]) => name !== 'x-request-id' && name !== 'date')
    .map(line => line.join(': '));
  return [status, ...lines.sort(), '', text].join('\n');
};

export type Sample = { timesMs: number[]; looks: Set<string> };
/** Makes one call; `round` counts from 0, for addresses that are used a few times only. */
type Kind = (round: number) => Promise<Answer>;

/** Calls each kind once a round, one after the other, in an order that is drawn anew for each round. */
export const timeRounds = async <Name extends string>(
  kinds: Record<Name, Kind>,
  rounds = ROUNDS,
): Promise<Record<Name, Sample>> => {
  const names = Object.keys(kinds) as Name[];
  const samples = Object.fromEntries(names.map(name => [name, { timesMs: [], looks: new Set() }])) as unknown as Record<
    Name,
    Sample
  >;
  for (let round = 0; round < rounds + WARM_UP_ROUNDS; round += 1) {
    for (const name of shuffled(names)) {
      const startedAtMs = performance.now();
      const answer = await kinds[name](round);
      const tookMs = performance.now() - startedAtMs;
      samples[name].looks.add(lookOf(answer));
      if (round >= WARM_UP_ROUNDS) samples[name].timesMs.push(tookMs);
    }
  }
  return samples;
};

/**
 * Whether times tell two samples apart: a difference that chance does not make, and that is greater than the noise of a
 * machine on which other things run. A wait of `floorMs` that all of them have in common is no work, and makes no noise.
 * Writes what it found into the notes.
 */
export const areToldApart = (what: string, one: Sample, other: Sample, floorMs = 0): boolean => {
  const { p, shift } = mannWhitney(one.timesMs, other.timesMs);
  const middleMs = median([...one.timesMs, ...other.timesMs]);
  note(
    `${what}: ${one.timesMs.length} pairs, p = ${p.toPrecision(2)}, shift ${shift.toFixed(2)} ms of ${middleMs.toFixed(1)} ms`,
  );
  return p < 0.001 && Math.abs(shift) > Math.max(2, (middleMs - floorMs) / 10);
};

export const shuffled = <One>(all: readonly One[]): One[] =>
  all
    .map(one => ({ one, place: Math.random() }))
    .sort((left, right) => left.place - right.place)
    .map(({ one }) => one);
