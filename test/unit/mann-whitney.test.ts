/**
 * The test that tells two lots of times apart, against figures of others: SciPy 1.17.1,
 * `scipy.stats.mannwhitneyu(a, b, alternative='two-sided', method='asymptotic')`, with `numpy.median` of all pairwise
 * differences for the shift. The first sample is the example in SciPy's own manual, the second is Hollander and Wolfe's in
 * R's for `wilcox.test`.
 */
import { expect, test } from 'vitest';
import { mannWhitney, median } from '../support/mann-whitney.ts';

const upFrom = (first: number, length: number) => Array.from({ length }, (_, index) => first + index);

/** The same numbers each time, between 0 and 1 (a linear congruential generator). */
const createNumbers = () => {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
};

const PUBLISHED = [
  {
    name: 'few values without ties',
    a: [19, 22, 16, 29, 24],
    b: [20, 11, 17, 12],
    expected: { u: 17, z: 1.592168332809066, p: 0.11134688653314041, shift: 7 },
  },
  {
    name: 'fractions',
    a: [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
    b: [1.15, 0.88, 0.9, 0.74, 1.21],
    expected: { u: 35, z: 1.16350762782201, p: 0.24462360512698333, shift: 0.305 },
  },
  {
    name: 'many ties',
    a: [1, 2, 2, 3, 3, 3, 4, 5],
    b: [2, 3, 3, 4, 4, 5, 5, 6, 7],
    expected: { u: 17, z: -1.8161298589030173, p: 0.06935045438181722, shift: -1 },
  },
  {
    name: 'an overlap of a few',
    a: upFrom(1, 30),
    b: upFrom(26, 40),
    expected: { u: 12.5, z: -6.966713069204618, p: 3.244313984468419e-12, shift: -30 },
  },
  {
    name: 'no overlap at all',
    a: upFrom(0, 200),
    b: upFrom(1000, 200),
    expected: { u: 0, z: -17.29846547869798, p: 4.830856390397399e-67, shift: -1000 },
  },
];

test.each(PUBLISHED)('$name: the figures are those of SciPy', ({ a, b, expected }) => {
  const { u, z, p, shift } = mannWhitney(a, b);
  expect(u).toBe(expected.u);
  expect(z).toBeCloseTo(expected.z, 10);
  expect(p / expected.p).toBeCloseTo(1, 9);
  expect(shift).toBeCloseTo(expected.shift, 10);
});

test('by hand: of the six pairs of 1 and 3 with 1, 2 and 4, one is equal and two are greater', () => {
  // Pairs: 1-1 (half), 1-2, 1-4, 3-1 (one), 3-2 (one), 3-4: u is 2.5. Differences: -3, -1, -1, 0, 1, 2: their median is -0.5.
  const { u, shift } = mannWhitney([1, 3], [1, 2, 4]);
  expect([u, shift]).toEqual([2.5, -0.5]);
});

test.each([
  ['one value', [1.5, 1.5, 1.5], [1.5, 1.5]],
  ['the same values', upFrom(0, 60), upFrom(0, 60)],
])('samples of %s cannot be told apart: p is 1', (_, a, b) => {
  expect(mannWhitney(a, b)).toMatchObject({ z: 0, p: 1, shift: 0 });
});

test('which sample comes first turns the signs and nothing else, and neither order nor scale matters', () => {
  const next = createNumbers();
  const [a, b] = [Array.from({ length: 40 }, next), Array.from({ length: 50 }, () => next() + 0.1)];
  const there = mannWhitney(a, b);
  const back = mannWhitney(b, a);
  expect(back.u).toBe(a.length * b.length - there.u);
  expect(back.z).toBeCloseTo(-there.z, 12);
  expect(back.shift).toBeCloseTo(-there.shift, 12);
  expect(back.p).toBeCloseTo(there.p, 12);
  expect(mannWhitney([...a].reverse(), b)).toEqual(there);
  const doubled = mannWhitney(
    a.map(value => value * 2),
    b.map(value => value * 2),
  );
  expect(doubled).toEqual({ ...there, shift: there.shift * 2 });
});

test('a shift is found and measured, and one wild value does not hide it', () => {
  const next = createNumbers();
  const a = Array.from({ length: 60 }, () => 50 + 10 * next());
  const b = Array.from({ length: 60 }, () => 70 + 10 * next());
  const { p, shift } = mannWhitney([...a, 100_000], b);
  expect(p).toBeLessThan(1e-15);
  expect(shift).toBeGreaterThan(-22);
  expect(shift).toBeLessThan(-18);
});

test('of samples from one source about one in twenty has a p below 0.05, and next to none one below 0.001', () => {
  const next = createNumbers();
  const sample = () => Array.from({ length: 30 }, () => next() ** 3);
  const found = Array.from({ length: 1000 }, () => mannWhitney(sample(), sample()).p);
  const below = (limit: number) => found.filter(p => p < limit).length;
  expect(below(0.05)).toBeGreaterThan(25);
  expect(below(0.05)).toBeLessThan(80);
  expect(below(0.001)).toBeLessThan(6);
});

test('what is no sample is refused', () => {
  expect(() => mannWhitney([], [1])).toThrow('empty');
  expect(() => mannWhitney([1], [Number.NaN])).toThrow('not a number');
});

test('a median stands in the middle, or halfway between the two that do', () => {
  expect([median([3, 1, 2]), median([10, 1, 2, 4])]).toEqual([2, 3]);
});
