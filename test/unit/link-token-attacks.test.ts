/** Link tokens that somebody else made or changed (RFC 8725): every one is bad, none makes the Worker throw. */
import { createHmac, createSign, generateKeyPairSync, hkdfSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createLinkTokens, type LinkClaims, type LinkPurpose } from '../../worker/credentials/link-token.ts';
import { configWith, SECRET_A, SECRET_B } from './settings.ts';

const AT = 1_800_000_000;
const tokens = createLinkTokens(configWith());

const CLAIMS: LinkClaims = {
  register: { email: 'ada@example.com' },
  reset: { userId: 'u', stamp: 's' },
  change: { userId: 'u', stamp: 's', email: 'ada@example.com' },
  secure: { userId: 'u', atMs: AT * 1000 },
};
const PAGES: Record<LinkPurpose, string> = {
  register: '/complete-registration',
  reset: '/reset-password',
  change: '/change-email',
  secure: '/secure-account',
};
const PURPOSES = Object.keys(CLAIMS) as LinkPurpose[];

type Json = Record<string, unknown>;
const read = (part: string): Json => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The real key: only whoever holds TOKEN_SECRET has it. */
const keyOf = (secret: string, purpose: LinkPurpose) =>
  Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'base64url'), '', `rekey link ${purpose}`, 32));
const seal = (head: Json, body: unknown, key: Buffer | string, hash = 'sha256') => {
  const input = `${encode(head)}.${typeof body === 'string' ? body : encode(body)}`;
  return `${input}.${createHmac(hash, key).update(input).digest('base64url')}`;
};

/** A claim that is not as this purpose has it: of another kind, or not there. */
const wrongClaimsOf = (purpose: LinkPurpose): [string, Json][] =>
  Object.entries(CLAIMS[purpose]).flatMap(([name, value]): [string, Json][] => [
    [`no ${name}`, { [name]: undefined }],
    [`a ${name} of another kind`, { [name]: typeof value === 'number' ? String(value) : 7 }],
    [`a ${name} in a list`, { [name]: [value] }],
    [`a ${name} that is nothing`, { [name]: null }],
  ]);

const issued = await Promise.all(PURPOSES.map(purpose => tokens.issue(purpose, CLAIMS[purpose], AT)));
const GOOD_TOKENS = PURPOSES.map((purpose, at) => [purpose, issued[at]?.url.split('#')[1] ?? ''] as const);

describe.each(GOOD_TOKENS)('of a link to %s', (purpose, GOOD_TOKEN) => {
  const others = PURPOSES.filter(other => other !== purpose);
  const verify = (token: string, nowMs = AT * 1000) => tokens.verify(purpose, token, nowMs);
  const [GOOD_HEADER = '', GOOD_PAYLOAD = '', GOOD_SIGNATURE = ''] = GOOD_TOKEN.split('.');
  const header = read(GOOD_HEADER);
  const payload = read(GOOD_PAYLOAD);
  const ownKey = keyOf(SECRET_A, purpose);

  test('the tools of this file make a good token where nothing is forged', async () => {
    expect(seal(header, payload, ownKey)).toBe(GOOD_TOKEN);
    expect(await verify(GOOD_TOKEN)).toMatchObject({ kind: 'good' });
  });

  describe('a changed token', () => {
    test('in any one character is bad', async () => {
      // The very last character carries two bits that belong to no byte.
      for (let at = 0; at < GOOD_TOKEN.length - 1; at += 1) {
        const other = GOOD_TOKEN[at] === 'A' ? 'B' : 'A';
        const changed = GOOD_TOKEN.slice(0, at) + other + GOOD_TOKEN.slice(at + 1);
        expect((await verify(changed)).kind, `character ${at}`).toBe('bad');
      }
    });

    test.each(['', '.', '=', '+', '/', ' ', '\0', '\n', '%', '-', '_', 'é', '🔒', '\ud800', '\u200b'])(
      'with %j put into what is signed, or a character missing there, is bad',
      async piece => {
        for (const at of [
          0,
          5,
          GOOD_HEADER.length - 1,
          GOOD_HEADER.length + 5,
          GOOD_HEADER.length + GOOD_PAYLOAD.length,
        ]) {
          const changed = GOOD_TOKEN.slice(0, at) + piece + GOOD_TOKEN.slice(at + (piece === '' ? 1 : 0));
          expect((await verify(changed)).kind, `at ${at}`).toBe('bad');
        }
      },
    );

    test.each(['', '.', '=', '+', '/', '\0', '%', '-', '_', 'é', '🔒', '\ud800', '\u200b'])(
      'with %j put into its signature is bad',
      async piece => {
        const at = GOOD_TOKEN.length - 10;
        const changed = GOOD_TOKEN.slice(0, at) + piece + GOOD_TOKEN.slice(at + (piece === '' ? 1 : 0));
        expect((await verify(changed)).kind).toBe('bad');
      },
    );

    test.each([
      ['its signature cut off', `${GOOD_HEADER}.${GOOD_PAYLOAD}.`],
      ['no signature', `${GOOD_HEADER}.${GOOD_PAYLOAD}`],
      ['half of its signature', GOOD_TOKEN.slice(0, -20)],
      ['its signature twice', `${GOOD_TOKEN}${GOOD_SIGNATURE}`],
      ['a fourth part', `${GOOD_TOKEN}.${GOOD_SIGNATURE}`],
      ['five parts, as if it were encrypted', `${GOOD_HEADER}..${GOOD_PAYLOAD}.${GOOD_SIGNATURE}.`],
      ['its parts in another order', `${GOOD_PAYLOAD}.${GOOD_HEADER}.${GOOD_SIGNATURE}`],
      ['nothing but dots', '..'],
      ['a signature of zeros', `${GOOD_HEADER}.${GOOD_PAYLOAD}.${Buffer.alloc(32).toString('base64url')}`],
    ])('with %s is bad', async (_what, token) => {
      expect((await verify(token)).kind).toBe('bad');
    });

    test.each([
      ...Object.keys(CLAIMS[purpose]).map((name): [string, Json] => [
        name,
        { [name]: name === 'atMs' ? 1 : 'another' },
      ]),
      ['end', { exp: AT + 10 ** 9 }],
    ])('that names another %s is forged', async (_what, change) => {
      const token = `${GOOD_HEADER}.${encode({ ...payload, ...change })}.${GOOD_SIGNATURE}`;
      expect(await verify(token)).toEqual({ kind: 'bad', reason: 'forged' });
    });
  });

  describe('another algorithm', () => {
    test.each(['none', 'None', 'NONE', 'nOnE', ''])('alg %j is bad, with a signature and without', async alg => {
      const head = encode({ ...header, alg });
      for (const signature of ['', GOOD_SIGNATURE]) {
        expect((await verify(`${head}.${GOOD_PAYLOAD}.${signature}`)).kind).toBe('bad');
      }
    });

    test.each([
      ['HS384', 'sha384'],
      ['HS512', 'sha512'],
      ['hs256', 'sha256'],
    ])('%s under the right key is bad: there is one algorithm', async (alg, hash) => {
      expect((await verify(seal({ ...header, alg }, payload, ownKey, hash))).kind).toBe('bad');
    });

    test('a signature by a key pair of its own is bad, also where the header brings the key', async () => {
      const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const jwk = rsa.publicKey.export({ format: 'jwk' });
      for (const head of [
        { ...header, alg: 'RS256' },
        { ...header, alg: 'RS256', jwk },
      ]) {
        const input = `${encode(head)}.${GOOD_PAYLOAD}`;
        const signature = createSign('sha256').update(input).sign(rsa.privateKey).toString('base64url');
        expect((await verify(`${input}.${signature}`)).kind).toBe('bad');
      }
      // The public key's text as the HMAC's secret: the confusion of algorithms.
      const pem = rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString();
      expect(await verify(seal(header, payload, pem))).toEqual({ kind: 'bad', reason: 'forged' });
    });

    test('an EdDSA signature is bad', async () => {
      const { privateKey } = generateKeyPairSync('ed25519');
      const input = `${encode({ ...header, alg: 'EdDSA' })}.${GOOD_PAYLOAD}`;
      const token = `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`;
      expect((await verify(token)).kind).toBe('bad');
    });
  });

  describe('a key of somebody else', () => {
    test.each([
      ['an empty one', Buffer.alloc(1)],
      ['zeros', Buffer.alloc(32)],
      ['a word', Buffer.from('secret')],
      ['the secret itself in place of its HKDF key', Buffer.from(SECRET_A, 'base64url').fill(7)],
      ...others.map((other): [string, Buffer] => [`the key of a link to ${other}`, keyOf(SECRET_A, other)]),
      ['the key of another deployment', keyOf(SECRET_B, purpose)],
      ['the key id', Buffer.from(String(header.kid))],
    ])('%s signs nothing that is taken', async (_what, key) => {
      expect(await verify(seal(header, payload, key))).toEqual({ kind: 'bad', reason: 'forged' });
    });

    test('another key id, or none, finds no key, even over the right signature', async () => {
      const kids = GOOD_TOKENS.filter(([other]) => other !== purpose).map(
        ([, token]) => read(token.split('.')[0] ?? '').kid,
      );
      expect(new Set([...kids, header.kid]).size).toBe(PURPOSES.length);
      for (const kid of [undefined, '', 'x', '../../dev/null', "' OR 1=1 --", 0, null, {}, ...kids]) {
        expect((await verify(seal({ ...header, kid }, payload, ownKey))).kind).toBe('bad');
      }
    });

    test.each([
      ['jku', 'https://attacker.example/keys.json'],
      ['x5u', 'https://attacker.example/cert.pem'],
      ['jwk', { kty: 'oct', k: Buffer.alloc(32).toString('base64url') }],
      ['x5c', ['MIIB']],
    ])('a header with %s brings none', async (name, value) => {
      expect((await verify(seal({ ...header, [name]: value }, payload, Buffer.alloc(32)))).kind).toBe('bad');
    });
  });

  describe('under the right key, so made by a bug of ours or of somebody who holds the secret', () => {
    const sealed = (head: Json, body: unknown) => seal({ ...header, ...head }, body, ownKey);

    test.each([
      ...others.map((other): [string, Json] => [`the type of a link to ${other}`, { typ: `rekey-${other}+jwt` }]),
      ['a plain type', { typ: 'JWT' }],
      ['no type', { typ: undefined }],
      ['a critical header that is not known', { crit: ['x'], x: 1 }],
      ['an unencoded payload (RFC 7797)', { crit: ['b64'], b64: false }],
      ['an empty list of critical headers', { crit: [] }],
      ['compression', { crit: ['zip'], zip: 'DEF' }],
    ])('%s is bad', async (_what, head) => {
      expect((await verify(sealed(head, payload))).kind).toBe('bad');
    });

    test.each([
      ['another issuer', { iss: 'https://other.example.com' }],
      ['no issuer', { iss: undefined }],
      ...others.map((other): [string, Json] => [
        `the page ${PAGES[other]}`,
        { aud: `https://app.example.com${PAGES[other]}` },
      ]),
      ['another deployment', { aud: `https://other.example.com${PAGES[purpose]}` }],
      ['no audience', { aud: undefined }],
      ['no end', { exp: undefined }],
      ['an end that is text', { exp: String(AT + 100) }],
      ['no beginning', { nbf: undefined }],
      ['a beginning that is text', { nbf: 'now' }],
      ['no moment', { iat: undefined }],
      ...wrongClaimsOf(purpose),
    ])('%s is bad', async (_what, change) => {
      expect(await verify(sealed({}, { ...payload, ...change }))).toMatchObject({ kind: 'bad' });
    });

    test.each([['text'], [7], [null], [[]], [true]])('a payload that is %j is bad', async body => {
      const part = Buffer.from(JSON.stringify(body)).toString('base64url');
      expect((await verify(sealed({}, part))).kind).toBe('bad');
    });

    test('a link of the same secret in another deployment is bad here', async () => {
      const elsewhere = createLinkTokens(configWith({ APP_URL: 'https://other.example.com' }));
      const [, token = ''] = (await elsewhere.issue(purpose, CLAIMS[purpose], AT)).url.split('#');
      expect(await verify(token)).toEqual({ kind: 'bad', reason: 'wrong_claims' });
    });
  });

  test('what is no token at all is bad and never throws', async () => {
    // A generator with a seed: a failure can be had again.
    let state = 1;
    const random = (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
    const alphabet = [
      ...'ABCxyz019-_.=+/ {}":,[]\\\n\0%é🔒',
      '\ud800',
      GOOD_HEADER,
      GOOD_PAYLOAD,
      GOOD_SIGNATURE,
      'e30',
      'bnVsbA',
    ];
    const strings = ['', '.', '..', '...', '{}', 'null', GOOD_HEADER, '\0', 'a'.repeat(16_384), '.'.repeat(16_384)];
    for (let count = 0; count < 500; count += 1) {
      strings.push(
        Array.from({ length: random(12) }, () => alphabet[random(alphabet.length)]).join(random(3) ? '' : '.'),
      );
    }
    for (const text of strings) {
      if (text === GOOD_TOKEN) continue;
      expect(await verify(text), JSON.stringify(text)).toMatchObject({ kind: 'bad' });
    }
  });
});
