/**
 * Sessions as they are made: 256 random bits that only the cookie holds, and a row under their SHA-256. A hash without a
 * salt is enough for a random secret, and the row found by it is one search by index.
 */
import type { Config } from '../config.ts';
import type { NewSession } from '../store/sessions.ts';
import type { Visitor } from '../visitor.ts';
import { randomBase64Url, toBase64Url } from './base64.ts';

/** Without "remember me" the row ends after half a day, should the browser never be closed. */
const UNREMEMBERED_SECONDS = 43_200;

/** What the cookie needs. `maxAgeSeconds` null: it ends with the browser. */
export type SessionCookie = { secret: string; maxAgeSeconds: number | null };

/** A new session under a security stamp: its row and its cookie. */
export const newSession = async (
  config: Config,
  { stamp, remember, visitor, nowMs }: { stamp: string; remember: boolean; visitor: Visitor; nowMs: number },
): Promise<{ row: NewSession; cookie: SessionCookie }> => {
  const lifeSeconds = remember ? config.sessionTtlSeconds : UNREMEMBERED_SECONDS;
  return rowAndCookie({
    stamp,
    visitor,
    createdAt: nowMs,
    expiresAt: nowMs + lifeSeconds * 1000,
    remembered: remember,
  });
};

/** The same session under a new stamp and a new secret: it ends when the old one would have. */
export const renewSession = (
  old: Pick<NewSession, 'expiresAt' | 'remembered'>,
  { stamp, visitor, nowMs }: { stamp: string; visitor: Visitor; nowMs: number },
): Promise<{ row: NewSession; cookie: SessionCookie }> =>
  rowAndCookie({ stamp, visitor, createdAt: nowMs, expiresAt: old.expiresAt, remembered: old.remembered });

const rowAndCookie = async (row: Omit<NewSession, 'id' | 'secretHash'>) => {
  const secret = randomBase64Url(32);
  const maxAgeSeconds = row.remembered ? Math.floor((row.expiresAt - row.createdAt) / 1000) : null;
  return {
    row: { id: crypto.randomUUID(), secretHash: await hashSessionSecret(secret), ...row },
    cookie: { secret, maxAgeSeconds },
  };
};

/** SHA-256 of a secret, base64url. */
export const hashSessionSecret = async (secret: string): Promise<string> =>
  toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))));

/** A new security or browser stamp: 128 random bits, base64url. */
export const newStamp = (): string => randomBase64Url(16);
