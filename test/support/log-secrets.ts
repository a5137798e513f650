/**
 * What no log may hold, looked for in all that a test made the Worker log: addresses, tokens, passwords, hashes, cookies
 * and the parameters of a query.
 */
import { NEW_PASSWORD, PASSWORD } from './people.ts';

const SECRETS: Record<string, RegExp> = {
  'an address': /[\w.+-]+@[\w-]+\.[a-z]{2,}/i,
  'a link token': /eyJ[\w-]+\.[\w-]+/,
  'a password': new RegExp(`${PASSWORD}|${NEW_PASSWORD}`, 'i'),
  'a hash': /\$(scrypt|argon2id|2[aby])\$|(scrypt|pbkdf2)(:|_\w+\$)/,
  'a cookie': /(rekey-|__Host-)(session|browser)/i,
  "a query's parameters": /\bparams:/i,
};

/** The lines that hold what no log may, each with what it is. */
export const secretsIn = (log: string): string[] =>
  log.split('\n').flatMap(line =>
    Object.entries(SECRETS)
      .filter(([, pattern]) => pattern.test(line))
      .map(([what]) => `${what}: ${line.slice(0, 300)}`),
  );
