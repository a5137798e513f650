/**
 * Passwords as PHC strings, `$scrypt$ln=14,r=8,p=5$salt$hash`: salt and cost stand with the hash, so both can change from
 * one row to the next. Synchronous on purpose: noble's async scrypt yields by a clock that stands still in a Worker.
 */
import { scrypt } from '@noble/hashes/scrypt.js';
import { normalizePassword } from '../contract/fields.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { formatScryptCost, parseScryptCost, type ScryptCost } from './scrypt-cost.ts';

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** What a stored string says, or null where it is no scrypt hash that we would compute. */
const parsePasswordHash = (phc: string) => {
  const [empty, scheme, costText, saltText, hashText, ...rest] = phc.split('$');
  if (empty !== '' || scheme !== 'scrypt' || rest.length > 0) return null;
  const cost = parseScryptCost(costText ?? '');
  const salt = fromBase64(saltText ?? '');
  const hash = fromBase64(hashText ?? '');
  const isSound = cost && salt && hash && salt.length >= 8 && hash.length >= 16 && hash.length <= 64;
  return isSound ? { cost, salt, hash } : null;
};

const derive = (password: string, salt: Uint8Array, { ln, r, p }: ScryptCost, dkLen: number): Uint8Array =>
  scrypt(new TextEncoder().encode(normalizePassword(password)), salt, { N: 2 ** ln, r, p, dkLen });

/** Hashes a password under a new 128-bit salt. Blocks for as long as the cost says: 0.25 s at the default. */
export const hashPassword = (password: string, cost: ScryptCost): string => {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const hash = derive(password, salt, cost, HASH_BYTES);
  return `$scrypt$${formatScryptCost(cost)}$${toBase64(salt)}$${toBase64(hash)}`;
};

/**
 * Whether the password is the stored one. With no usable stored hash it still hashes once, at `cost`, and answers false;
 * a hash stored at a lower cost is made up for. So an address without an account takes as long as one with.
 */
export const verifyPassword = (password: string, phc: string | null, cost: ScryptCost): boolean => {
  const stored = phc === null ? null : parsePasswordHash(phc);
  if (!stored) {
    derive(password, new Uint8Array(SALT_BYTES), cost, HASH_BYTES);
    return false;
  }
  const matches = equalInConstantTime(derive(password, stored.salt, stored.cost, stored.hash.length), stored.hash);
  if (!matches) deriveInPart(password, cost, 1 - workOf(stored.cost) / workOf(cost));
  return matches;
};

const ENOUGH = new Error('enough');

/**
 * Does so much of a hash's work (0 to 1) and throws it away. At the present cost itself, broken off: another cost with the
 * same product of its numbers takes another time, since memory is slower the more of it is used.
 */
const deriveInPart = (password: string, { ln, r, p }: ScryptCost, part: number): void => {
  if (part <= 0) return;
  const onProgress = (done: number) => {
    if (done >= part) throw ENOUGH;
  };
  try {
    scrypt(new TextEncoder().encode(password), new Uint8Array(SALT_BYTES), { N: 2 ** ln, r, p, onProgress });
  } catch (error) {
    if (error !== ENOUGH) throw error;
  }
};

/** What a cost takes, in calls of the block mix: proportional to its time. */
const workOf = ({ ln, r, p }: ScryptCost): number => 2 ** ln * r * p;

/** Whether a stored hash was made at another cost than the present one, and should be made anew at sign-in. */
export const needsRehash = (phc: string, cost: ScryptCost): boolean =>
  !phc.startsWith(`$scrypt$${formatScryptCost(cost)}$`);

const equalInConstantTime = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i += 1) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
};
