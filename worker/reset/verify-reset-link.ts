/** Is this reset link still good? Changes nothing; the completing call decides anew in its one UPDATE. */
import type { Services } from '../services.ts';
import { findUserByStamp, type UserRow } from '../store/users.ts';

export type ResetLink =
  | { kind: 'good'; user: UserRow; expiresAtMs: number }
  /** `reason` is for the log: the world reads one answer for all of them. */
  | { kind: 'bad_link'; reason: string };

/** Verifies the token, then looks whether its user still stands under its stamp. One round trip. */
export const verifyResetLink = async (
  { linkTokens, db, clock }: Pick<Services, 'linkTokens' | 'db' | 'clock'>,
  token: string,
): Promise<ResetLink> => {
  const link = await linkTokens.verify('reset', token, clock.now());
  if (link.kind === 'bad') return { kind: 'bad_link', reason: link.reason };
  const user = await findUserByStamp(db, link.claims.userId, link.claims.stamp);
  return user ? { kind: 'good', user, expiresAtMs: link.expiresAtMs } : { kind: 'bad_link', reason: 'used' };
};
