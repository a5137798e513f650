/**
 * Passwords as PHC strings, `$scrypt$ln=14,r=8,p=5$salt$hash`: salt and cost stand with the hash, so both can change from
 * one row to the next. Which engine computed it does not stand there: any engine verifies it.
 */
import { normalizePassword } from '../contract/fields.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { equalInConstantTime } from './equal-in-constant-time.ts';
import { foreignCostOf, parseForeignHash, verifyForeignHash } from './foreign-hash.ts';
import { formatScryptCost, parseScryptCost, type ScryptCost, workOf } from './scrypt-cost.ts';
import { SCRYPT_ENGINES, type ScryptEngine } from './scrypt-engine.ts';

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** What a stored string says, or null where it is no scrypt hash that we would compute. */
const parsePasswordHash = (phc: string) => {
  const [empty, scheme, costText, saltText, hashText, ...rest] = phc.split('$');
  if (empty !== '' || scheme !== 'scrypt' || rest.length > 0) return null;
  const cost = parseScryptCost(costText ?? '');
  const salt = fromBase64(saltText ?? '');
  const hash = fromBase64(hashText ?? '');
  const isSound =
    cost && salt && hash && salt.length >= 8 && salt.length <= 64 && hash.length >= 16 && hash.length <= 64;
  return isSound ? { cost, salt, hash } : null;
};

/** The one form of a password that is ever hashed. */
const bytesOf = (password: string): Uint8Array => new TextEncoder().encode(normalizePassword(password));

/** Hashes a password under a new 128-bit salt. Blocks for as long as the cost says: 0.25 s at the default. */
export const hashPassword = (password: string, cost: ScryptCost, engine: ScryptEngine = 'noble'): string => {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const hash = SCRYPT_ENGINES[engine].derive(bytesOf(password), salt, cost, HASH_BYTES);
  return `$scrypt$${formatScryptCost(cost)}$${toBase64(salt)}$${toBase64(hash)}`;
};

/**
 * Whether the password is the stored one. With no usable stored hash it still hashes once, at `cost`, and answers false;
 * a hash stored at a lower cost is made up for. So an address without an account takes as long as one with. After another
 * system's hash that does not match it hashes, too: that takes longer by its own time, and REFUSAL_FLOOR_MS hides it as
 * long as it lies above both together.
 */
export const verifyPassword = (
  password: string,
  phc: string | null,
  cost: ScryptCost,
  engine: ScryptEngine = 'noble',
  firebaseKey: Uint8Array | null = null,
): boolean => {
  const { derive, deriveInPart } = SCRYPT_ENGINES[engine];
  const given = bytesOf(password);
  const stored = phc === null ? null : parsePasswordHash(phc);
  if (!stored) {
    const foreign = phc === null ? null : parseForeignHash(phc);
    if (foreign && verifyForeignHash(foreign, password, { engine, firebaseKey })) return true;
    derive(given, new Uint8Array(SALT_BYTES), cost, HASH_BYTES);
    return false;
  }
  const matches = equalInConstantTime(derive(given, stored.salt, stored.cost, stored.hash.length), stored.hash);
  const missing = 1 - workOf(stored.cost) / workOf(cost);
  if (!matches && missing > 0) deriveInPart(given, cost, missing);
  return matches;
};

/**
 * The cost of a stored hash, ours or another system's, in words that are the same for equal costs; null for what would
 * never be computed. For imports: Rekey itself reads it with the hash.
 */
export const hashCostOf = (phc: string): string | null => {
  const stored = parsePasswordHash(phc);
  if (stored) return `scrypt ${formatScryptCost(stored.cost)}`;
  const foreign = parseForeignHash(phc);
  return foreign && foreignCostOf(foreign);
};

/** Whether a stored hash was made at another cost than the present one, or elsewhere, and should be made anew at sign-in. */
export const needsRehash = (phc: string, cost: ScryptCost): boolean =>
  !phc.startsWith(`$scrypt$${formatScryptCost(cost)}$`);
