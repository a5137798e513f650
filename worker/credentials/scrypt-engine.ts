/**
 * scrypt (RFC 7914) twice: noble's, which is audited JavaScript, and the runtime's own by node:crypto. They agree to the
 * byte, so a hash of one is verified by the other. Synchronous on purpose: noble's async scrypt yields by a clock that
 * stands still in a Worker.
 */
import { scryptSync } from 'node:crypto';
import { scrypt } from '@noble/hashes/scrypt.js';
import { costsOfPart, type ScryptCost } from './scrypt-cost.ts';

/** What the setting SCRYPT_ENGINE names. */
export type ScryptEngine = 'noble' | 'native';

type Engine = {
  derive(password: Uint8Array, salt: Uint8Array, cost: ScryptCost, length: number): Uint8Array;
  /** Does so much of a hash's work (0 to 1) and throws it away: what makes a cheap hash take as long as a dear one. */
  deriveInPart(password: Uint8Array, cost: ScryptCost, part: number): void;
};

const SALT_OF_WASTE = new Uint8Array(16);
const LENGTH_OF_WASTE = 32;

const ENOUGH = new Error('enough');

const noble: Engine = {
  derive: (password, salt, { ln, r, p }, length) => scrypt(password, salt, { N: 2 ** ln, r, p, dkLen: length }),

  // At the cost itself, broken off: in JavaScript another cost with the same product of its numbers takes another time,
  // since memory is slower the more of it is used.
  deriveInPart(password, { ln, r, p }, part) {
    const onProgress = (done: number) => {
      if (done >= part) throw ENOUGH;
    };
    try {
      scrypt(password, SALT_OF_WASTE, { N: 2 ** ln, r, p, onProgress });
    } catch (error) {
      if (error !== ENOUGH) throw error;
    }
  },
};

const native: Engine = {
  // Without `maxmem` it refuses more than 32 MiB. This is what it counts: V, the lanes' blocks and two to work with. A 0
  // among the numbers would be the default to it; parseScryptCost lets none through.
  derive: (password, salt, { ln, r, p }, length) =>
    scryptSync(password, salt, length, { N: 2 ** ln, r, p, maxmem: 128 * r * (2 ** ln + p + 2) }),

  // It cannot be broken off, so smaller hashes take the place of the part. Their time is nearly in proportion to their
  // work, less so the more memory there is: in workerd a wrong password against a cheaper stored hash took from 5 % less to
  // 5 % more than one against none, 12 % less on a busy machine, and at 64 MiB 20 % less. REFUSAL_FLOOR_MS lies above it.
  deriveInPart(password, cost, part) {
    for (const smaller of costsOfPart(cost, part)) native.derive(password, SALT_OF_WASTE, smaller, LENGTH_OF_WASTE);
  },
};

export const SCRYPT_ENGINES: Readonly<Record<ScryptEngine, Engine>> = { noble, native };
