/** Other systems' password hashes: what their own libraries made is verified, and nothing else is. */
import { hashSync } from 'bcryptjs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseForeignHash, verifyForeignHash } from '../../worker/credentials/foreign-hash.ts';
import { hashPassword, needsRehash, verifyPassword } from '../../worker/credentials/password-hash.ts';
import type { ScryptCost } from '../../worker/credentials/scrypt-cost.ts';
import { FIREBASE_KEY, FOREIGN_VECTORS, ONE_OF_EACH, REFUSED_HASHES } from '../support/foreign-hashes.ts';

const CHEAP: ScryptCost = { ln: 4, r: 8, p: 1 };
/** scrypt refuses N = 1: whoever hashes at this cost throws, and so shows that it hashes, and at which cost. */
const IMPOSSIBLE: ScryptCost = { ln: 0, r: 8, p: 1 };

const verified = (
  hash: string,
  password: string,
  engine: 'noble' | 'native' = 'noble',
  firebaseKey: Uint8Array | null = FIREBASE_KEY,
) => {
  const foreign = parseForeignHash(hash);
  if (!foreign) throw new Error(`${hash} was not read`);
  return verifyForeignHash(foreign, password, { engine, firebaseKey });
};

describe('a hash by the library itself', () => {
  test.each(FOREIGN_VECTORS)('takes and refuses what $madeBy does: $scheme, $hash', ({ hash, right, wrong }) => {
    for (const password of right) expect(verified(hash, password), password).toBe(true);
    for (const password of wrong) expect(verified(hash, password), password).toBe(false);
  });

  test.each(ONE_OF_EACH)('of $scheme is verified with the native engine, too', ({ hash, right, wrong }) => {
    expect(verified(hash, right[0] ?? '', 'native')).toBe(true);
    expect(verified(hash, wrong[0] ?? '', 'native')).toBe(false);
  });

  test.each(ONE_OF_EACH)('of $scheme opens to its password, without a hash of ours', ({ hash, right }) => {
    expect(verifyPassword(right[0] ?? '', hash, IMPOSSIBLE, 'noble', FIREBASE_KEY)).toBe(true);
  });

  test.each(ONE_OF_EACH)('of $scheme refuses another password, after a hash of ours', ({ hash, wrong }) => {
    expect(verifyPassword(wrong[0] ?? '', hash, CHEAP)).toBe(false);
    expect(() => verifyPassword(wrong[0] ?? '', hash, IMPOSSIBLE)).toThrow(/N/);
  });

  test.each(ONE_OF_EACH)('of $scheme is made anew at sign-in', ({ hash }) => {
    expect(needsRehash(hash, CHEAP)).toBe(true);
  });
});

describe('bcrypt', () => {
  const bcryptVectors = FOREIGN_VECTORS.filter(({ scheme }) => scheme.startsWith('bcrypt'));

  test('reads 72 bytes: what a long password has behind them does not count, as in the systems that it comes from', () => {
    const long = bcryptVectors.filter(({ right }) => right.length > 1);
    expect(long).toHaveLength(4);
    for (const { hash, right } of long) {
      for (const password of right) expect(verified(hash, `${password}, whatever follows`), hash).toBe(true);
    }
  });

  test('makes of any password what bcryptjs makes of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ maxLength: 90 }), (one, other) => {
        expect(verified(hashSync(one, 4), one)).toBe(true);
        expect(verified(hashSync(other, 4), one)).toBe(one === other);
      }),
      { numRuns: 40 },
    );
  });
});

test("Firebase's is of no use without its project's signer key, or with another's", () => {
  const [{ hash, right } = { hash: '', right: [] }] = ONE_OF_EACH.filter(({ scheme }) => scheme === 'Firebase');
  const password = right[0] ?? '';
  expect(verified(hash, password)).toBe(true);
  for (const key of [null, new Uint8Array(), FIREBASE_KEY.map(byte => byte ^ 1), FIREBASE_KEY.subarray(0, 32)]) {
    expect(verified(hash, password, 'noble', key)).toBe(false);
  }
});

describe('is not read, and refuses after a hash of ours:', () => {
  test.each(REFUSED_HASHES)('%s', (_what, hash) => {
    expect(parseForeignHash(hash)).toBeNull();
    expect(verifyPassword('correct horse battery', hash, CHEAP)).toBe(false);
    expect(() => verifyPassword('correct horse battery', hash, IMPOSSIBLE)).toThrow(/N/);
  });

  test('a hash of ours: it is verified as ours', () => {
    expect(parseForeignHash(hashPassword('correct horse battery', CHEAP))).toBeNull();
  });

  test('anything that is not a hash, and any hash with a change: nothing throws', () => {
    const cheap = ONE_OF_EACH.filter(({ scheme }) => scheme !== 'better-auth' && scheme !== 'Firebase');
    const change = fc.record({ at: fc.nat(), drop: fc.nat({ max: 3 }), put: fc.string({ maxLength: 3 }) });
    fc.assert(
      fc.property(fc.constantFrom(...cheap), change, ({ hash, right }, { at, drop, put }) => {
        const from = at % hash.length;
        const changed = hash.slice(0, from) + put + hash.slice(from + drop);
        const foreign = parseForeignHash(changed);
        if (foreign === null || isDear(foreign)) return;
        expect(() =>
          verifyForeignHash(foreign, right[0] ?? '', { engine: 'noble', firebaseKey: FIREBASE_KEY }),
        ).not.toThrow();
      }),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.string(), text => parseForeignHash(text) === null));
  });
});

/** What would keep a test waiting. */
const isDear = (foreign: NonNullable<ReturnType<typeof parseForeignHash>>): boolean => {
  switch (foreign.scheme) {
    case 'bcrypt':
      return foreign.cost > 5;
    case 'scrypt':
    case 'firebase-scrypt':
      return 2 ** foreign.cost.ln * foreign.cost.r * foreign.cost.p > 32_768;
    case 'pbkdf2':
      return foreign.rounds > 1000;
    case 'argon2id':
      return foreign.m * foreign.t > 1024;
  }
};
