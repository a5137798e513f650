/** The cost of a hash, as the setting SCRYPT and the stored strings write it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  costsOfPart,
  formatScryptCost,
  meetsOwaspMinimum,
  parseScryptCost,
  type ScryptCost,
  workOf,
} from '../../worker/credentials/scrypt-cost.ts';

describe('a cost', () => {
  test.each(['ln=14,r=8,p=5', 'ln=4,r=1,p=1', 'ln=15,r=1,p=1', 'ln=16,r=8,p=16', 'ln=15,r=16,p=3', 'ln=10,r=99,p=10'])(
    '%s is read, and written the same',
    text => {
      const cost = parseScryptCost(text);
      expect(cost && formatScryptCost(cost)).toBe(text);
    },
  );

  test('is read into its three numbers', () => {
    expect(parseScryptCost('ln=14,r=8,p=5')).toEqual({ ln: 14, r: 8, p: 5 });
  });

  test.each([
    ['ln below 4', 'ln=3,r=8,p=1'],
    ['ln above 16', 'ln=17,r=1,p=1'],
    ['an N that RFC 7914 has not for this r', 'ln=16,r=1,p=1'],
    ['a byte over 64 MiB', 'ln=16,r=9,p=1'],
    ['128 MiB', 'ln=16,r=16,p=1'],
    ['r of 0', 'ln=14,r=0,p=5'],
    ['p of 0', 'ln=14,r=8,p=0'],
    ['p above 16', 'ln=14,r=8,p=17'],
    ['a leading zero', 'ln=014,r=8,p=5'],
    ['a sign', 'ln=+14,r=8,p=5'],
    ['three digits', 'ln=14,r=008,p=5'],
    ['another order', 'r=8,ln=14,p=5'],
    ['N in place of ln', 'N=16384,r=8,p=5'],
    ['spaces', 'ln=14, r=8, p=5'],
    ['a line after it', 'ln=14,r=8,p=5\n'],
    ['a part too few', 'ln=14,r=8'],
    ['a part too many', 'ln=14,r=8,p=5,x=1'],
    ['digits of another script', 'ln=１４,r=8,p=5'],
    ['nothing', ''],
  ])('with %s is none', (_what, text) => {
    expect(parseScryptCost(text)).toBeNull();
  });
});

describe("OWASP's minimum", () => {
  test.each(['ln=16,r=8,p=2', 'ln=15,r=8,p=3', 'ln=14,r=8,p=5', 'ln=13,r=8,p=10', 'ln=14,r=9,p=6'])(
    'is met by %s',
    text => {
      const cost = parseScryptCost(text);
      expect(cost && meetsOwaspMinimum(cost)).toBe(true);
    },
  );

  test.each(['ln=16,r=8,p=1', 'ln=15,r=8,p=2', 'ln=14,r=8,p=4', 'ln=13,r=8,p=9', 'ln=12,r=8,p=16', 'ln=14,r=7,p=16'])(
    'is not met by %s',
    text => {
      const cost = parseScryptCost(text);
      expect(cost && meetsOwaspMinimum(cost)).toBe(false);
    },
  );
});

describe('a part of a cost, as smaller costs', () => {
  const memoryOf = ({ ln, r }: ScryptCost) => 2 ** ln * r;
  const cost = { ln: 14, r: 8, p: 5 };

  test.each<[string, ScryptCost, ScryptCost[]]>([
    ['p was raised', { ln: 14, r: 8, p: 1 }, [{ ln: 14, r: 8, p: 4 }]],
    [
      'ln was raised',
      { ln: 13, r: 8, p: 5 },
      [
        { ln: 14, r: 8, p: 2 },
        { ln: 13, r: 8, p: 1 },
      ],
    ],
    [
      'ln was raised and p lowered',
      { ln: 12, r: 8, p: 6 },
      [
        { ln: 14, r: 8, p: 3 },
        { ln: 13, r: 8, p: 1 },
      ],
    ],
    ['r was raised', { ln: 14, r: 4, p: 2 }, [{ ln: 14, r: 8, p: 4 }]],
  ])('is what a stored hash lacks where %s, to the call', (_what, stored, lacking) => {
    const costs = costsOfPart(cost, 1 - workOf(stored) / workOf(cost));
    expect(costs).toEqual(lacking);
    expect(costs.reduce((sum, one) => sum + workOf(one), workOf(stored))).toBe(workOf(cost));
  });

  test('is nothing of nothing and the whole of all', () => {
    expect(costsOfPart(cost, 0)).toEqual([]);
    expect(costsOfPart(cost, 1)).toEqual([cost]);
  });

  test('is at most half of its smallest step off, and takes no more memory than the whole', () => {
    const integer = (min: number, max: number) => fc.integer({ min, max });
    const anyCost = fc.record({ ln: integer(4, 16), r: integer(1, 32), p: integer(1, 16) });
    const anyPart = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(anyCost, anyPart, (whole, part) => {
        const costs = costsOfPart(whole, part);
        const laneWork = workOf(whole) / whole.p;
        const off = costs.reduce((sum, one) => sum + workOf(one), 0) - part * workOf(whole);
        expect(Math.abs(off)).toBeLessThanOrEqual(laneWork / 2 ** Math.min(6, whole.ln - 1) / 2 + 1e-6);
        for (const one of costs) {
          expect(memoryOf(one)).toBeLessThanOrEqual(memoryOf(whole));
          expect(one.ln).toBeGreaterThanOrEqual(1);
        }
      }),
    );
  });
});
