/**
 * Keyed hashes under LOOKUP_SECRET: what the database remembers of an address that has no account. Without the secret
 * nobody can test a guess against a stolen table. Not replaced together with the links' secrets.
 */
import type { Config } from '../config.ts';
import { fromBase64Url, toBase64Url } from './base64.ts';

type Keyed = Pick<Config, 'lookupSecret'>;

const HMAC = { name: 'HMAC', hash: 'SHA-256' };

const keyOf = (config: Keyed, usage: 'sign' | 'verify'): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', config.lookupSecret, HMAC, false, [usage]);

const inputOf = (use: string, text: string) => new TextEncoder().encode(`${use}\0${text}`);

/** HMAC-SHA-256 of the use and the text, in base64url. `use` keeps one table's hashes from matching another's. */
export const lookupKey = async (config: Keyed, use: string, text: string): Promise<string> =>
  toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(config, 'sign'), inputOf(use, text))));

/** Whether it is the keyed hash of this text for this use. Compares in constant time. */
export const isLookupKey = async (config: Keyed, use: string, text: string, mac: string): Promise<boolean> => {
  const bytes = fromBase64Url(mac);
  return bytes !== null && crypto.subtle.verify('HMAC', await keyOf(config, 'verify'), bytes, inputOf(use, text));
};

/** A username as it rests after its account is gone. */
export const restingNameKey = (config: Keyed, username: string): Promise<string> =>
  lookupKey(config, 'resting username', username.toLowerCase());

/** An address as wrong passwords for it are counted: as it is, since a tag may be another account's. */
export const guessedAddressKey = (config: Keyed, email: string): Promise<string> =>
  lookupKey(config, 'guessed address', email.toLowerCase());

/** An address as the records of mails and suppressions know it: as it is, since a tag may be another mailbox. */
export const mailAddressKey = (config: Keyed, email: string): Promise<string> =>
  lookupKey(config, 'mail address', email.trim().toLowerCase());

/** An address as strangers' mails are counted: lowercase, without a `+tag`, so tags do not multiply the allowance. */
export const foldAddress = (email: string): string => {
  const [local = '', domain = ''] = email.toLowerCase().split('@');
  return `${local.replace(/(?<=.)\+.*$/, '')}@${domain}`;
};
