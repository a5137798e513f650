/**
 * A person signs in. Everyone is hashed, in the same lane: an address without an account costs what one with does, and
 * the route keeps every refusal back to one floor.
 */
import { needsRehash } from '../credentials/password-hash.ts';
import type { LaneFull } from '../credentials/password-hasher.ts';
import { newSession, type SessionCookie } from '../credentials/session-secret.ts';
import type { Services } from '../services.ts';
import { insertSession } from '../store/sessions.ts';
import { findUserByEmail, replacePasswordHash, type UserRow } from '../store/users.ts';

export type SignInOutcome =
  | { kind: 'signed_in'; user: UserRow; cookie: SessionCookie }
  | { kind: 'refused' }
  | LaneFull;

export const signIn = async (
  { config, db, hasher, clock }: Services,
  given: { email: string; password: string; remember: boolean; previousSecretHash: string | null },
): Promise<SignInOutcome> => {
  const user = await findUserByEmail(db, given.email);
  const verified = await hasher.verify('sign-in', given.password, user?.passwordHash ?? null, config.scrypt);
  if (verified.kind === 'lane_full') return verified;
  if (!user || !verified.matches) return { kind: 'refused' };

  // Under the stamp that was read before the hash: a reset that came between leaves no session behind.
  const session = await newSession(config, user.securityStamp, given.remember, clock.now());
  const isStarted = await insertSession(db, user.id, session.row, given.previousSecretHash);
  return isStarted ? { kind: 'signed_in', user, cookie: session.cookie } : { kind: 'refused' };
};

/** Hashes the password anew where the cost was changed since. After the answer; a full lane leaves it for next time. */
export const upgradePasswordHash = async (
  { config, db, hasher }: Services,
  user: UserRow,
  password: string,
): Promise<void> => {
  if (!needsRehash(user.passwordHash, config.scrypt)) return;
  const hashed = await hasher.hash('sign-in', password, config.scrypt);
  if (hashed.kind === 'hashed') await replacePasswordHash(db, user, hashed.phc);
};
