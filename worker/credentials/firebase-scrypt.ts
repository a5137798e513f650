/**
 * Firebase's scrypt: what scrypt derives from a password encrypts the project's signer key, and the outcome is the hash
 * (the reference is firebase/scrypt on GitHub). So without that key, which stands in no row, no password can be tried.
 */
import { createCipheriv } from 'node:crypto';
import type { ScryptCost } from './scrypt-cost.ts';
import { SCRYPT_ENGINES, type ScryptEngine } from './scrypt-engine.ts';

const AES_KEY_BYTES = 32;
const NO_COUNTER = new Uint8Array(16);

/** The hash, of as many bytes as the signer key has. Not by Web Crypto, which would not answer at once. */
export const firebaseScrypt = (
  password: Uint8Array,
  salt: Uint8Array,
  cost: ScryptCost,
  { engine, signerKey }: { engine: ScryptEngine; signerKey: Uint8Array },
): Uint8Array => {
  const key = SCRYPT_ENGINES[engine].derive(password, salt, cost, AES_KEY_BYTES);
  return createCipheriv('aes-256-ctr', key, NO_COUNTER).update(signerKey);
};
