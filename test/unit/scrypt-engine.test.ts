/** The two engines of scrypt: each against the standard and against the other. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashPassword, verifyPassword } from '../../worker/credentials/password-hash.ts';
import { parseScryptCost, type ScryptCost } from '../../worker/credentials/scrypt-cost.ts';
import { SCRYPT_ENGINES, type ScryptEngine } from '../../worker/credentials/scrypt-engine.ts';

const ENGINES: ScryptEngine[] = ['noble', 'native'];
const bytesOf = (text: string) => new TextEncoder().encode(text);
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const withoutPadding = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replaceAll('=', '');

const PLEASE_LET_ME_IN = `7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2
  d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887`.replace(/\s+/g, '');

describe.each(ENGINES)('the engine %s', engine => {
  const { derive, deriveInPart } = SCRYPT_ENGINES[engine];

  // RFC 7914 section 12.
  test.each<[string, string, ScryptCost, string]>([
    [
      '',
      '',
      { ln: 4, r: 1, p: 1 },
      `77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442
       fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906`,
    ],
    [
      'password',
      'NaCl',
      { ln: 10, r: 8, p: 16 },
      `fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162
       2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640`,
    ],
    ['pleaseletmein', 'SodiumChloride', { ln: 14, r: 8, p: 1 }, PLEASE_LET_ME_IN],
  ])(
    'makes of %j and %j at %j what RFC 7914 says (its fourth vector needs 1 GiB and is left out)',
    (password, salt, cost, hex) => {
      expect(hexOf(derive(bytesOf(password), bytesOf(salt), cost, 64))).toBe(hex.replace(/\s+/g, ''));
    },
  );

  test('recognizes the password of the vector of RFC 7914 that fits a stored string', () => {
    const salt = withoutPadding(bytesOf('SodiumChloride'));
    const phc = `$scrypt$ln=14,r=8,p=1$${salt}$${withoutPadding(Buffer.from(PLEASE_LET_ME_IN, 'hex'))}`;
    const cheap = { ln: 4, r: 8, p: 1 };
    expect(verifyPassword('pleaseletmein', phc, cheap, engine)).toBe(true);
    expect(verifyPassword('pleaseletmeinn', phc, cheap, engine)).toBe(false);
  });

  test('takes the dearest cost in memory that a setting may hold, and the dearest in lanes', () => {
    for (const cost of [
      { ln: 16, r: 8, p: 1 },
      { ln: 4, r: 99, p: 16 },
      { ln: 15, r: 1, p: 1 },
    ]) {
      expect(derive(bytesOf('x'), new Uint8Array(16), cost, 32)).toHaveLength(32);
    }
  });

  test.each<[string, ScryptCost]>([
    ['N is 1', { ln: 0, r: 8, p: 1 }],
    ['N is no whole number', { ln: 4.5, r: 8, p: 1 }],
    ['r is no number', { ln: 4, r: Number.NaN, p: 1 }],
  ])('throws where %s: no cost is taken for another one', (_what, cost) => {
    expect(() => derive(bytesOf('x'), new Uint8Array(16), cost, 32)).toThrow();
  });

  test('does any part of a hash, and none, without an answer', () => {
    for (const part of [0, 0.001, 0.2, 0.5, 0.97, 1]) {
      expect(deriveInPart(bytesOf('x'), { ln: 6, r: 8, p: 3 }, part)).toBeUndefined();
    }
  });
});

/** Any cost that a setting or a stored hash may hold, as far as a test can wait for it. */
const someCost = fc
  .record({ ln: fc.integer({ min: 4, max: 9 }), r: fc.integer({ min: 1, max: 12 }), p: fc.integer({ min: 1, max: 4 }) })
  .filter(({ ln, r, p }) => parseScryptCost(`ln=${ln},r=${r},p=${p}`) !== null);
/** No surrogate alone: what a browser sends has none, and each encoder replaces them. */
const somePassword = fc.string({ unit: 'grapheme', maxLength: 40 });

describe('the two engines', () => {
  test('make the same bytes at any cost, of any password, salt and length', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.uint8Array({ maxLength: 40 }),
        someCost,
        fc.integer({ min: 16, max: 64 }),
        (password, salt, cost, length) => {
          const [one, other] = ENGINES.map(engine =>
            hexOf(SCRYPT_ENGINES[engine].derive(password, salt, cost, length)),
          );
          expect(one).toBe(other);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("verify each other's stored hashes, and refuse each other's wrong passwords", () => {
    fc.assert(
      fc.property(somePassword, someCost, someCost, fc.constantFrom(...ENGINES), (password, cost, present, maker) => {
        const reader = maker === 'noble' ? 'native' : 'noble';
        const phc = hashPassword(password, cost, maker);
        expect(verifyPassword(password, phc, present, reader)).toBe(true);
        expect(verifyPassword(`${password}x`, phc, present, reader)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  test('write strings that do not tell which of them it was', () => {
    const [one, other] = ENGINES.map(engine => hashPassword('correct horse battery', { ln: 4, r: 8, p: 1 }, engine));
    expect(one?.replace(/\$[^$]+\$[^$]+$/, '')).toBe(other?.replace(/\$[^$]+\$[^$]+$/, ''));
    expect(one).toHaveLength(other?.length ?? 0);
  });

  test('know the same password however its characters were composed', () => {
    for (const maker of ENGINES) {
      for (const reader of ENGINES) {
        const phc = hashPassword('Café Ångström', { ln: 4, r: 8, p: 1 }, maker);
        expect(verifyPassword('Cafe\u0301 A\u030angstro\u0308m', phc, { ln: 4, r: 8, p: 1 }, reader)).toBe(true);
      }
    }
  });

  test('are chosen by their names: only to node:crypto is an r of 0 its default', () => {
    const tell = { ln: 4, r: 0, p: 1 };
    expect(() => hashPassword('x', tell, 'native')).not.toThrow();
    expect(() => hashPassword('x', tell, 'noble')).toThrow();
    expect(() => verifyPassword('x', null, tell, 'native')).not.toThrow();
    expect(() => verifyPassword('x', null, tell, 'noble')).toThrow();
    expect(() => hashPassword('x', tell)).toThrow();
  });

  test('hash all the same where there is no stored hash', () => {
    // scrypt refuses N = 1: whoever hashes at this cost throws, and so shows that it hashes.
    const impossible = { ln: 0, r: 8, p: 1 };
    for (const engine of ENGINES) expect(() => verifyPassword('x', null, impossible, engine)).toThrow();
  });
});
