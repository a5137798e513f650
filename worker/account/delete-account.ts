/** An owner deletes the account: the row and all that hangs on it go in one transaction, and a last mail says so. */
import { restingNameKey } from '../credentials/lookup-key.ts';
import type { Services } from '../services.ts';
import { forgetPasswordTries } from '../store/password-tries.ts';
import { deleteUser } from '../store/profiles.ts';
import type { SessionRow } from '../store/sessions.ts';
import type { Visitor } from '../visitor.ts';
import { isChangePending } from './change-email.ts';
import { checkCurrentPassword, type PasswordCheck } from './current-password.ts';

/** For so long nobody takes over the name that others know somebody by. */
const NAME_RESTS_MS = 30 * 24 * 3600 * 1000;

export type DeleteAccountOutcome =
  | { kind: 'deleted'; notice: { id: string; createdAt: number } }
  | { kind: 'change_pending' }
  /** Something else changed the account meanwhile: the session is over. */
  | { kind: 'stale' }
  | Exclude<PasswordCheck, { kind: 'right' }>;

export const deleteAccount = async (
  services: Services,
  signedIn: SessionRow,
  currentPassword: string,
  visitor: Visitor,
): Promise<DeleteAccountOutcome> => {
  const { config, db, clock } = services;
  const { user } = signedIn;
  const check = await checkCurrentPassword(services, signedIn, currentPassword);
  if (check.kind !== 'right') return check;
  const nowMs = clock.now();
  if (isChangePending(user, nowMs)) {
    await forgetPasswordTries(db, signedIn.session.secretHash);
    return { kind: 'change_pending' };
  }

  const notice = { id: crypto.randomUUID(), createdAt: nowMs };
  const terms = {
    nameKey: await restingNameKey(config, user.username),
    restsUntil: nowMs + NAME_RESTS_MS,
    noticeId: notice.id,
  };
  const isDeleted = await deleteUser(db, user, terms, { userId: user.id, nowMs, visitor });
  return isDeleted ? { kind: 'deleted', notice } : { kind: 'stale' };
};
