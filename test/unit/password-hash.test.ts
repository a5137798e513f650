/** Password hashes: the strings that are stored, made and read by either engine. */
import { scryptSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hashPassword, needsRehash, verifyPassword } from '../../worker/credentials/password-hash.ts';
import type { ScryptCost } from '../../worker/credentials/scrypt-cost.ts';

const CHEAP: ScryptCost = { ln: 4, r: 8, p: 1 };
/** scrypt refuses N = 1: whoever hashes at this cost throws, and so shows that it hashes, and at which cost. */
const IMPOSSIBLE: ScryptCost = { ln: 0, r: 8, p: 1 };

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replaceAll('=', '');

/** A stored string as node:crypto makes it. */
const madeElsewhere = (password: string, { ln, r, p }: ScryptCost, salt = Buffer.from('0123456789abcdef')) => {
  const hash = scryptSync(password, salt, 32, { N: 2 ** ln, r, p, maxmem: 128 * 1024 * 1024 });
  return `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(hash)}`;
};

const COSTS: ScryptCost[] = [CHEAP, { ln: 5, r: 1, p: 3 }, { ln: 10, r: 8, p: 16 }, { ln: 14, r: 8, p: 5 }];
const PASSWORDS = [
  'correct horse battery',
  ' spaces at both ends ',
  'Grüße, Żółw und 東京',
  '🗝️🔒 emoji',
  '\0nul\0',
  'x'.repeat(256),
];

describe('what is hashed here and what node:crypto hashes', () => {
  const cases = COSTS.flatMap(cost =>
    // The dear costs once each: the password does not change the arithmetic.
    (cost.ln < 10 ? PASSWORDS : PASSWORDS.slice(2, 3)).map(password => ({ ...cost, password })),
  );

  test.each(cases)('are the same at ln=$ln, r=$r, p=$p of $password', ({ password, ...cost }) => {
    const [, , , salt = '', hash = ''] = hashPassword(password, cost).split('$');
    const elsewhere = madeElsewhere(password, cost, Buffer.from(salt, 'base64'));
    expect(elsewhere.split('$')[4]).toBe(hash);
    expect(verifyPassword(password, madeElsewhere(password, cost), CHEAP)).toBe(true);
  });
});

describe('a stored hash', () => {
  test('is a PHC string with the cost, a salt of 16 bytes and a hash of 32, without padding', () => {
    expect(hashPassword('correct horse battery', { ln: 5, r: 4, p: 2 })).toMatch(
      /^\$scrypt\$ln=5,r=4,p=2\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
  });

  test('of the same password differs every time, and both match', () => {
    const [one, two] = [hashPassword('correct horse battery', CHEAP), hashPassword('correct horse battery', CHEAP)];
    expect(one.split('$')[3]).not.toBe(two.split('$')[3]);
    expect(one.split('$')[4]).not.toBe(two.split('$')[4]);
    for (const phc of [one, two]) expect(verifyPassword('correct horse battery', phc, CHEAP)).toBe(true);
  });

  test('is compared at its own cost, whatever the present one is', () => {
    expect(verifyPassword('old', hashPassword('old', { ln: 6, r: 2, p: 1 }), IMPOSSIBLE)).toBe(true);
  });

  test('matches however the same characters were composed, and no other way of writing them', () => {
    const phc = hashPassword('Café Ångström', CHEAP);
    expect(verifyPassword('Cafe\u0301 A\u030angstro\u0308m', phc, CHEAP)).toBe(true);
    expect(verifyPassword('\u212bngstro\u0308m', hashPassword('Ångström', CHEAP), CHEAP)).toBe(true);
    // NFC and not NFKC: a ligature is not its letters.
    expect(verifyPassword('fi', hashPassword('ﬁ', CHEAP), CHEAP)).toBe(false);
  });

  test.each([
    ['another case', 'Correct horse battery'],
    ['a space less', 'correct horsebattery'],
    ['a space after', 'correct horse battery '],
    ['its beginning', 'correct horse batter'],
    ['nothing', ''],
  ])('does not match %s', (_what, password) => {
    expect(verifyPassword(password, hashPassword('correct horse battery', CHEAP), CHEAP)).toBe(false);
  });

  test('does not match once its salt, its cost or one bit of its hash is another', () => {
    const phc = madeElsewhere('correct horse battery', CHEAP);
    const [, , cost, salt = '', hash = ''] = phc.split('$');
    const flipped = Buffer.from(hash, 'base64');
    flipped[31] = (flipped[31] ?? 0) ^ 1;
    expect(verifyPassword('correct horse battery', phc, CHEAP)).toBe(true);
    for (const other of [
      `$scrypt$${cost}$${base64(Buffer.from('0123456789abcdeF'))}$${hash}`,
      `$scrypt$ln=5,r=8,p=1$${salt}$${hash}`,
      `$scrypt$ln=4,r=8,p=2$${salt}$${hash}`,
      `$scrypt$${cost}$${salt}$${base64(flipped)}`,
    ]) {
      expect(verifyPassword('correct horse battery', other, CHEAP), other).toBe(false);
    }
  });
});

describe('without a hash that can be used, a password is hashed all the same, at the present cost, and does not match', () => {
  const salt = base64(Buffer.alloc(16, 1));
  const hash = base64(Buffer.alloc(32, 1));

  test.each([
    ['no account', null],
    ['an empty string', ''],
    ['no PHC string', 'correct horse battery'],
    ['another scheme', `$argon2id$ln=4,r=8,p=1$${salt}$${hash}`],
    ['a part too few', `$scrypt$ln=4,r=8,p=1$${salt}`],
    ['a part too many', `$scrypt$ln=4,r=8,p=1$${salt}$${hash}$`],
    ['something before it', `x$scrypt$ln=4,r=8,p=1$${salt}$${hash}`],
    ['a cost in another order', `$scrypt$r=8,ln=4,p=1$${salt}$${hash}`],
    ['a cost of 1 GiB', `$scrypt$ln=20,r=8,p=1$${salt}$${hash}`],
    ['a cost of hours', `$scrypt$ln=16,r=8,p=99$${salt}$${hash}`],
    ['no salt', `$scrypt$ln=4,r=8,p=1$$${hash}`],
    ['a salt of 7 bytes', `$scrypt$ln=4,r=8,p=1$${base64(Buffer.alloc(7))}$${hash}`],
    ['a salt in base64url', `$scrypt$ln=4,r=8,p=1$${'-_'.repeat(11)}$${hash}`],
    ['a salt that base64 cannot end like', `$scrypt$ln=4,r=8,p=1$${'A'.repeat(21)}$${hash}`],
    ['a salt with half of its padding', `$scrypt$ln=4,r=8,p=1$${salt}=$${hash}`],
    ['a salt with padding too many', `$scrypt$ln=4,r=8,p=1$${'A'.repeat(20)}==$${hash}`],
    ['no hash', `$scrypt$ln=4,r=8,p=1$${salt}$`],
    ['a hash of 15 bytes', `$scrypt$ln=4,r=8,p=1$${salt}$${base64(Buffer.alloc(15))}`],
    ['a hash of 65 bytes', `$scrypt$ln=4,r=8,p=1$${salt}$${base64(Buffer.alloc(65))}`],
    ['a hash with half of its padding', `$scrypt$ln=4,r=8,p=1$${salt}$${base64(Buffer.alloc(16))}=`],
    ['an unusable mark', '!'],
  ])('%s', (_what, phc) => {
    expect(verifyPassword('correct horse battery', phc, CHEAP)).toBe(false);
    expect(() => verifyPassword('correct horse battery', phc, IMPOSSIBLE)).toThrow(/N/);
  });
});

describe('a hash is made anew at sign-in', () => {
  const phc = hashPassword('correct horse battery', { ln: 5, r: 8, p: 1 });

  test.each([
    ['ln', { ln: 6, r: 8, p: 1 }],
    ['r', { ln: 5, r: 9, p: 1 }],
    ['p', { ln: 5, r: 8, p: 2 }],
    ['p that begins alike', { ln: 5, r: 8, p: 11 }],
  ])('when the present cost has another %s', (_what, cost) => {
    expect(needsRehash(phc, cost)).toBe(true);
  });

  test('and is left alone at the present cost', () => {
    expect(needsRehash(phc, { ln: 5, r: 8, p: 1 })).toBe(false);
  });

  test('when the present cost is the beginning of its own', () => {
    expect(needsRehash(hashPassword('correct horse battery', { ln: 5, r: 8, p: 11 }), { ln: 5, r: 8, p: 1 })).toBe(
      true,
    );
  });
});
