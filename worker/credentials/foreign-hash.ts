/**
 * Password hashes that other systems made, as they stand in their databases. They are verified and never made: after a
 * sign-in one of ours takes their place. Costs are bounded when a string is read, so no row can hang or starve the Worker.
 */
import { argon2id } from '@noble/hashes/argon2.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { fromBase64, fromPaddedBase64 } from './base64.ts';
import { bcrypt } from './bcrypt.ts';
import { equalInConstantTime } from './equal-in-constant-time.ts';
import { firebaseScrypt } from './firebase-scrypt.ts';
import { formatScryptCost, parseScryptCost, type ScryptCost } from './scrypt-cost.ts';
import { SCRYPT_ENGINES, type ScryptEngine } from './scrypt-engine.ts';

/** SHA-512 is left out: 2 KB of the bundle for what no system does unless it is told to. */
const DIGESTS = { sha1, sha256 };

type Salted = { salt: Uint8Array; hash: Uint8Array };
type Bcrypt = Salted & { scheme: 'bcrypt'; cost: number };
type Scrypt = Salted & { scheme: 'scrypt'; cost: ScryptCost; form: 'typed' | 'NFKC' };
type Pbkdf2 = Salted & { scheme: 'pbkdf2'; digest: keyof typeof DIGESTS; rounds: number };
type Argon2id = Salted & { scheme: 'argon2id'; m: number; t: number; p: number };
type Firebase = Salted & { scheme: 'firebase-scrypt'; cost: ScryptCost };
export type ForeignHash = Bcrypt | Scrypt | Pbkdf2 | Argon2id | Firebase;

/** What a hash is computed with, beside what stands in it. `firebaseKey` null: such hashes match nothing. */
export type Means = { engine: ScryptEngine; firebaseKey: Uint8Array | null };

/** The bounds: the dearest hash within them takes about 2 s of a core, in the lane of its account. */
const MAX_MEMORY_BYTES = 32 * 1024 * 1024;
const MAX_BCRYPT_COST = 13;
const MAX_PBKDF2_ROUNDS = 1_000_000;
const MAX_ARGON2_PASSES = 4;
const MAX_ARGON2_LANES = 4;

/** What a stored string of another system says, or null where it is none that we would compute. */
export const parseForeignHash = (text: string): ForeignHash | null => {
  const parts = text.split('$');
  return (
    parseBcrypt(parts) ??
    parseArgon2id(parts) ??
    parseFirebase(parts) ??
    parseWerkzeug(parts) ??
    parseDjango(parts) ??
    parseBetterAuth(text)
  );
};

/**
 * Whether the password is the one that was hashed: as it was typed, which is what the others hashed, and not in NFC as
 * ours are. bcrypt reads 72 bytes of UTF-8: what follows does not count, until the whole is hashed anew as it was typed.
 * Blocks, and does not throw.
 */
export const verifyForeignHash = (foreign: ForeignHash, password: string, means: Means): boolean =>
  equalInConstantTime(derive(foreign, password, means), foreign.hash);

/** Its cost in words that are the same for equal costs. */
export const foreignCostOf = (foreign: ForeignHash): string => {
  switch (foreign.scheme) {
    case 'bcrypt':
      return `bcrypt ${foreign.cost}`;
    case 'scrypt':
    case 'firebase-scrypt':
      return `${foreign.scheme} ${formatScryptCost(foreign.cost)}`;
    case 'pbkdf2':
      return `pbkdf2 ${foreign.digest} ${foreign.rounds}`;
    case 'argon2id':
      return `argon2id m=${foreign.m},t=${foreign.t},p=${foreign.p}`;
  }
};

const derive = (foreign: ForeignHash, password: string, { engine, firebaseKey }: Means): Uint8Array => {
  const { salt, hash } = foreign;
  const dkLen = hash.length;
  switch (foreign.scheme) {
    case 'bcrypt':
      return bcrypt(bytesOf(password), salt, foreign.cost);
    case 'scrypt': {
      const given = foreign.form === 'NFKC' ? password.normalize('NFKC') : password;
      return SCRYPT_ENGINES[engine].derive(bytesOf(given), salt, foreign.cost, dkLen);
    }
    // Not by WebCrypto: in a deployed Worker it refuses more than 100,000 rounds.
    case 'pbkdf2':
      return pbkdf2(DIGESTS[foreign.digest], bytesOf(password), salt, { c: foreign.rounds, dkLen });
    case 'argon2id':
      return argon2id(bytesOf(password), salt, { m: foreign.m, t: foreign.t, p: foreign.p, dkLen });
    case 'firebase-scrypt': {
      const signerKey = firebaseKey ?? new Uint8Array();
      return firebaseScrypt(bytesOf(password), salt, foreign.cost, { engine, signerKey });
    }
  }
};

/** `$2b$12$` and 53 characters. `$2x$` is none: it marks hashes of a faulty implementation, which many passwords match. */
const parseBcrypt = ([empty, version = '', costText = '', text = '', ...rest]: string[]): Bcrypt | null => {
  if (empty !== '' || !/^2[aby]$/.test(version) || !/^\d\d$/.test(costText) || rest.length > 0) return null;
  const cost = Number(costText);
  if (cost < 4 || cost > MAX_BCRYPT_COST || !/^[./A-Za-z0-9]{53}$/.test(text)) return null;
  const salted = readSalted(fromBcryptBase64(text.slice(0, 22)), fromBcryptBase64(text.slice(22)));
  return salted && { scheme: 'bcrypt', cost, ...salted };
};

/** A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, with the version that RFC 9106 describes. */
const parseArgon2id = ([empty, scheme, version, costs, salt, hash, ...rest]: string[]): Argon2id | null => {
  if (empty !== '' || scheme !== 'argon2id' || version !== 'v=19' || rest.length > 0) return null;
  const [, m, t, p] = (/^m=([1-9]\d{0,4}),t=([1-9]),p=([1-9])$/.exec(costs ?? '') ?? []).map(Number);
  if (!m || !t || !p || m * 1024 > MAX_MEMORY_BYTES || t > MAX_ARGON2_PASSES || p > MAX_ARGON2_LANES) return null;
  // RFC 9106 3.1: memory is at least 8 blocks a lane.
  const salted = m >= 8 * p ? readSalted(fromBase64(salt ?? ''), fromBase64(hash ?? '')) : null;
  return salted && { scheme: 'argon2id', m, t, p, ...salted };
};

/**
 * `$firebase-scrypt$ln=14,r=8$salt$separator$hash`: the project's memory cost, rounds and salt separator, the user's salt and
 * hash, each in base64 as Firebase writes it.
 */
const parseFirebase = ([
  empty,
  scheme,
  costText,
  salt = '',
  separator = '',
  hash = '',
  ...rest
]: string[]): Firebase | null => {
  if (empty !== '' || scheme !== 'firebase-scrypt' || rest.length > 0) return null;
  const [salted, separated] = [fromWholeBase64(salt), fromWholeBase64(separator)];
  const parsed = salted && separated && readSalted(Uint8Array.of(...salted, ...separated), fromWholeBase64(hash));
  const cost = parseCheapCost(`${costText},p=1`);
  return parsed && cost && { scheme, cost, ...parsed };
};

/** `scrypt:32768:8:1$salt$hash` and `pbkdf2:sha256:600000$salt$hash`, the hash in hex. */
const parseWerkzeug = ([method = '', salt = '', hash = '', ...rest]: string[]): Scrypt | Pbkdf2 | null => {
  const [scheme, ...numbers] = method.split(':');
  const salted = rest.length > 0 ? null : readSalted(bytesOf(salt), fromHex(hash));
  if (scheme === 'scrypt' && numbers.length === 3) return scryptOf(numbers, salted);
  if (scheme === 'pbkdf2' && numbers.length === 2) return pbkdf2Of(numbers, salted);
  return null;
};

/** `pbkdf2_sha256$rounds$salt$hash` and `scrypt$N$salt$r$p$hash`, the hash in base64 with padding. */
const parseDjango = ([method = '', cost = '', salt = '', ...rest]: string[]): Scrypt | Pbkdf2 | null => {
  const salted = readSalted(bytesOf(salt), fromWholeBase64(rest.at(-1) ?? ''));
  const [scheme, ...digest] = method.split('_');
  if (scheme === 'pbkdf2' && digest.length === 1 && rest.length === 1) return pbkdf2Of([...digest, cost], salted);
  if (method === 'scrypt' && rest.length === 3) return scryptOf([cost, ...rest.slice(0, 2)], salted);
  return null;
};

/** `salt:hash` in hex, as better-auth and Lucia 3 write it. What they salt with is the hex, not the bytes that it stands for. */
const parseBetterAuth = (text: string): Scrypt | null => {
  const [, salt = '', hash = ''] = /^([0-9a-f]{32}):([0-9a-f]{128})$/.exec(text) ?? [];
  return scryptOf(['16384', '16', '1'], readSalted(bytesOf(salt), fromHex(hash)), 'NFKC');
};

const scryptOf = ([n = '', r, p]: string[], salted: Salted | null, form: Scrypt['form'] = 'typed'): Scrypt | null => {
  // No power of two leaves no whole number, which parseScryptCost refuses. It bounds p, too.
  const ln = /^[1-9]\d{1,5}$/.test(n) ? Math.log2(Number(n)) : 0;
  const cost = parseCheapCost(`ln=${ln},r=${r},p=${p}`);
  return salted && cost && { scheme: 'scrypt', cost, form, ...salted };
};

const parseCheapCost = (text: string): ScryptCost | null => {
  const cost = parseScryptCost(text);
  return cost && 128 * 2 ** cost.ln * cost.r <= MAX_MEMORY_BYTES ? cost : null;
};

const pbkdf2Of = ([digest = '', roundsText = '']: string[], salted: Salted | null): Pbkdf2 | null => {
  const rounds = /^[1-9]\d{0,6}$/.test(roundsText) ? Number(roundsText) : 0;
  if (!salted || !isDigest(digest) || rounds < 1 || rounds > MAX_PBKDF2_ROUNDS) return null;
  // A longer hash would multiply the rounds.
  return salted.hash.length === DIGESTS[digest].outputLen ? { scheme: 'pbkdf2', digest, rounds, ...salted } : null;
};

const isDigest = (name: string): name is Pbkdf2['digest'] => Object.hasOwn(DIGESTS, name);

/** A short hash would match many passwords, and an empty one all. */
const readSalted = (salt: Uint8Array | null, hash: Uint8Array | null): Salted | null => {
  const isSound = salt && hash && salt.length >= 8 && salt.length <= 64 && hash.length >= 16 && hash.length <= 64;
  return isSound ? { salt, hash } : null;
};

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const fromHex = (text: string): Uint8Array | null =>
  /^([0-9a-f]{2})*$/.test(text) ? Uint8Array.from(text.match(/../g) ?? [], byte => Number.parseInt(byte, 16)) : null;

/** With its padding and not without: none of them writes it so. */
const fromWholeBase64 = (text: string): Uint8Array | null => (text.length % 4 === 0 ? fromPaddedBase64(text) : null);

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** bcrypt's has the same characters as base64, `.` for `+`, in another order: `./` stand first. */
const fromBcryptBase64 = (text: string): Uint8Array | null =>
  fromBase64(text.replace(/./g, char => `${BASE64}+/`[`./${BASE64}`.indexOf(char)] ?? ''));
