/**
 * Tokens made to be taken for a reset link. Some need nothing but a real one; others are made under Rekey's own key, as a
 * mistake of ours or a link of another purpose would be.
 */
import { createHmac, generateKeyPairSync, hkdfSync, sign } from 'node:crypto';
import { type Rekey, TOKEN_SECRET } from '../../support/harness.ts';
import { makeToken, resetClaims } from '../../support/link-tokens.ts';
import type { Forgery } from '../driver.ts';

type Json = Record<string, unknown>;

/** 32 bytes each: a signing key that still verifies, and one that was taken away. */
export const REPLACED_SECRET = 'Y29uZm9ybWFuY2Utb2xkZXIta2V5LTAwMDAwMDAwMDA';
export const REMOVED_SECRET = 'Y29uZm9ybWFuY2UtcmVtb3ZlZC1rZXktMDAwMDAwMDA';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string): Json => JSON.parse(Buffer.from(part, 'base64url').toString()) as Json;

const sealed = (header: Json, payload: Json, key: Buffer, hash = 'sha256'): string => {
  const content = `${encode(header)}.${encode(payload)}`;
  return `${content}.${createHmac(hash, key).update(content).digest('base64url')}`;
};

export const forgeriesFor = async (rekey: Rekey, email: string): Promise<Forgery[]> => {
  const claims = await resetClaims(rekey, { email });
  const real = await makeToken('reset', claims);
  const [headerPart = '', payloadPart = '', signature = ''] = real.split('.');
  const [header, payload] = [decode(headerPart), decode(payloadPart)];
  const secret = Buffer.from(TOKEN_SECRET, 'base64url');
  const ownKey = Buffer.from(hkdfSync('sha256', secret, '', 'rekey link reset', 32));
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const foreignKey = Buffer.alloc(32, 7);
  const publicKey = rsa.publicKey.export({ type: 'spki', format: 'pem' });

  const forged = (kind: Forgery['kind'], what: string, token: string): Forgery => ({ kind, what, token });
  // Were this not Rekey's own key, every forgery under it would be refused for the wrong reason.
  if (sealed(header, payload, ownKey) !== real) throw new Error('the bench no longer signs as Rekey does');

  const rs256 = (head: Json) => {
    const content = `${encode(head)}.${payloadPart}`;
    return `${content}.${sign('sha256', Buffer.from(content), rsa.privateKey).toString('base64url')}`;
  };
  const none = ['none', 'None', 'NONE'].flatMap(alg => [
    forged('unsigned', `alg ${alg}, no signature`, `${encode({ ...header, alg })}.${payloadPart}.`),
    forged('unsigned', `alg ${alg}, the real signature`, `${encode({ ...header, alg })}.${payloadPart}.${signature}`),
  ]);
  const underKey = (kind: Forgery['kind'], what: string, head: Json, body: Json) =>
    forged(kind, what, sealed({ ...header, ...head }, { ...payload, ...body }, ownKey));
  const others = [
    ['register', await makeToken('register', { email })],
    ['change', await makeToken('change', { ...claims, email })],
    ['secure', await makeToken('secure', { userId: claims.userId, atMs: Date.now() })],
  ] as const;

  return [
    ...none,
    forged('unsigned', 'no signature under the real header', `${headerPart}.${payloadPart}.`),
    forged('other algorithm', 'RS256 by a key of our own', rs256({ ...header, alg: 'RS256' })),
    forged('other algorithm', 'HS256 keyed with a public key', sealed(header, payload, Buffer.from(publicKey))),
    forged(
      'other algorithm',
      'HS512 under the right key',
      sealed({ ...header, alg: 'HS512' }, payload, ownKey, 'sha512'),
    ),
    forged('foreign key', 'another key', sealed(header, payload, foreignKey)),
    forged('foreign key', 'an empty key', sealed(header, payload, Buffer.alloc(0))),
    forged('foreign key', 'the secret itself instead of the key made of it', sealed(header, payload, secret)),
    forged(
      'foreign key',
      'a key that was removed',
      await makeToken('reset', claims, { settings: { TOKEN_SECRET: REMOVED_SECRET } }),
    ),
    forged(
      'tampered',
      'a longer life under the old signature',
      `${headerPart}.${encode({ ...payload, exp: Number(payload.exp) + 9 })}.${signature}`,
    ),
    forged('tampered', 'a signature cut short', `${headerPart}.${payloadPart}.${signature.slice(0, -2)}`),
    ...['kid', 'jku', 'x5u', 'jwk', 'x5c'].map(name => {
      const values: Json = {
        kid: '../../../../dev/null',
        jku: 'https://attacker.example/keys.json',
        x5u: 'https://attacker.example/cert.pem',
        jwk: { kty: 'oct', k: foreignKey.toString('base64url') },
        x5c: ['MIIB'],
      };
      return forged(
        'key header',
        `${name} that brings its own key`,
        sealed({ ...header, [name]: values[name] }, payload, foreignKey),
      );
    }),
    forged(
      'key header',
      "kid with SQL in it, under the right key's signature",
      sealed({ ...header, kid: "' OR 1=1 --" }, payload, ownKey),
    ),
    ...others.map(([purpose, token]) => forged('other purpose', `a link to ${purpose}`, token)),
    ...others.map(([purpose]) =>
      underKey('other purpose', `the type of a link to ${purpose}`, { typ: `rekey-${purpose}+jwt` }, {}),
    ),
    underKey('other purpose', 'no type', { typ: undefined }, {}),
    underKey('wrong claims', 'another issuer', {}, { iss: 'https://other.example' }),
    underKey('wrong claims', 'no issuer', {}, { iss: undefined }),
    underKey('wrong claims', 'the audience of another deployment', {}, { aud: 'https://other.example/reset-password' }),
    underKey('wrong claims', 'no audience', {}, { aud: undefined }),
    underKey('wrong claims', 'another stamp', {}, { stamp: 'AAAAAAAAAAAAAAAAAAAAAA' }),
    underKey('wrong claims', 'nobody', {}, { userId: '00000000-0000-4000-8000-000000000000' }),
    underKey('ended', 'an end a second ago', {}, { exp: Math.floor(Date.now() / 1000) - 1 }),
    underKey('ended', 'no end', {}, { exp: undefined }),
    underKey('ended', 'not yet good', {}, { nbf: Math.floor(Date.now() / 1000) + 600 }),
  ];
};
