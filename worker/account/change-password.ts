/** An owner sets a new password by the current one: every other session ends, this one goes on under a new cookie. */
import type { FieldRule } from '../contract/fields.ts';
import { refusedByLists, refusedByRules } from '../credentials/new-password.ts';
import { newStamp, renewSession, type SessionCookie } from '../credentials/session-secret.ts';
import type { Services } from '../services.ts';
import { takeBackPasswordTry } from '../store/password-tries.ts';
import { changePassword } from '../store/passwords.ts';
import type { SessionRow } from '../store/sessions.ts';
import type { Visitor } from '../visitor.ts';
import { orTakeBack } from './counted-try.ts';
import { checkCurrentPassword, type PasswordCheck } from './current-password.ts';

/** So that somebody with a stolen session and the password cannot keep changing it against the owner's resets. */
const CHANGES_PER_DAY = 3;

export type ChangePasswordOutcome =
  | { kind: 'changed'; cookie: SessionCookie; notice: { id: string; createdAt: number } }
  | { kind: 'refused_password'; rule: FieldRule }
  | { kind: 'limited'; retryAfterSeconds: number }
  /** Something else changed the account meanwhile: the session is over. */
  | { kind: 'stale' }
  | Exclude<PasswordCheck, { kind: 'right' }>;

export const changeOwnPassword = async (
  services: Services,
  signedIn: SessionRow,
  given: { currentPassword: string; password: string },
  visitor: Visitor,
): Promise<ChangePasswordOutcome> => {
  const { config, db, hasher, clock } = services;
  const { user, session } = signedIn;
  const takeBack = () => takeBackPasswordTry(db, session.secretHash);
  const refusal =
    refusedByRules(config, given.password, user) ??
    (await refusedByLists(services, given.password).catch(async error => {
      await takeBack();
      throw error;
    }));
  if (refusal) {
    await takeBack();
    return { kind: 'refused_password', rule: refusal };
  }

  const check = await checkCurrentPassword(services, signedIn, given.currentPassword);
  if (check.kind !== 'right') return check;
  const place = { lane: 'known-browser', accountId: user.id } as const;
  const hashed = await orTakeBack(() => hasher.hash(place, given.password, config.scrypt), takeBack);
  if (hashed.kind === 'lane_full') return hashed;

  const nowMs = clock.now();
  const stamp = newStamp();
  const notice = { id: crypto.randomUUID(), createdAt: nowMs };
  const renewed = await renewSession(session, { stamp, visitor, nowMs });
  const outcome = await changePassword(db, {
    userId: user.id,
    stamp: user.securityStamp,
    newStamp: stamp,
    passwordHash: hashed.phc,
    noticeId: notice.id,
    session: renewed.row,
    oldSecretHash: session.secretHash,
    limit: CHANGES_PER_DAY,
    nowMs,
    visitor,
  });
  return outcome.kind === 'changed' ? { ...outcome, cookie: renewed.cookie, notice } : outcome;
};
