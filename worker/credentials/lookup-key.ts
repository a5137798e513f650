/**
 * Keyed hashes under LOOKUP_SECRET: what the database remembers of an address that has no account. Without the secret
 * nobody can test a guess against a stolen table. Not replaced together with the links' secrets.
 */
import type { Config } from '../config.ts';
import { toBase64Url } from './base64.ts';

/** HMAC-SHA-256 of the use and the text, in base64url. `use` keeps one table's hashes from matching another's. */
export const lookupKey = async (config: Config, use: string, text: string): Promise<string> => {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', config.lookupSecret, hmac, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${use}\0${text}`));
  return toBase64Url(new Uint8Array(mac));
};

/** An address as strangers' mails are counted: lowercase, without a `+tag`, so tags do not multiply the allowance. */
export const foldAddress = (email: string): string => {
  const [local = '', domain = ''] = email.toLowerCase().split('@');
  return `${local.replace(/(?<=.)\+.*$/, '')}@${domain}`;
};
