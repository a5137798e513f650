/**
 * The current password, asked for before what cannot be undone easily. A try is counted before it is hashed, for this
 * session alone: strangers' guesses never use up the owner's, and the fifth in a row ends the session.
 */
import type { LaneFull } from '../credentials/password-hasher.ts';
import type { Services } from '../services.ts';
import { deleteExhaustedSession, takeBackPasswordTry } from '../store/password-tries.ts';
import type { SessionRow } from '../store/sessions.ts';
import { orTakeBack } from './counted-try.ts';

export type PasswordCheck = { kind: 'right' } | { kind: 'wrong_password'; sessionEnded: boolean } | LaneFull;

/** Whether it is the account's password. A wrong one that was the last try ends the session. */
export const checkCurrentPassword = async (
  { config, db, hasher }: Services,
  { user, session }: SessionRow,
  password: string,
): Promise<PasswordCheck> => {
  const verified = await orTakeBack(
    () => hasher.verify({ lane: 'known-browser', accountId: user.id }, password, user.passwordHash, config.scrypt),
    () => takeBackPasswordTry(db, session.secretHash),
  );
  if (verified.kind === 'lane_full') return verified;
  if (verified.matches) return { kind: 'right' };
  return { kind: 'wrong_password', sessionEnded: await deleteExhaustedSession(db, session.secretHash) };
};
