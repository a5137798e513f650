/**
 * Sessions as they are made: 256 random bits that only the cookie holds, and a row under their SHA-256. A hash without a
 * salt is enough for a random secret, and the row found by it is one search by index.
 */
import type { Config } from '../config.ts';
import type { NewSession } from '../store/sessions.ts';
import { randomBase64Url, toBase64Url } from './base64.ts';

/** Without "remember me" the row ends after half a day, should the browser never be closed. */
const UNREMEMBERED_SECONDS = 43_200;

/** What the cookie needs. `maxAgeSeconds` null: it ends with the browser. */
export type SessionCookie = { secret: string; maxAgeSeconds: number | null };

/** A new session under a security stamp: its row and its cookie. */
export const newSession = async (
  config: Config,
  stamp: string,
  remember: boolean,
  nowMs: number,
): Promise<{ row: NewSession; cookie: SessionCookie }> => {
  const secret = randomBase64Url(32);
  const maxAgeSeconds = remember ? config.sessionTtlSeconds : null;
  const expiresAt = nowMs + (maxAgeSeconds ?? UNREMEMBERED_SECONDS) * 1000;
  return {
    row: { id: crypto.randomUUID(), secretHash: await hashSessionSecret(secret), stamp, createdAt: nowMs, expiresAt },
    cookie: { secret, maxAgeSeconds },
  };
};

/** SHA-256 of a secret, base64url. */
export const hashSessionSecret = async (secret: string): Promise<string> =>
  toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))));

/** A new security stamp: 128 random bits, base64url. */
export const newSecurityStamp = (): string => randomBase64Url(16);
