/**
 * An owner changes the address, in two steps: asking with the current password mails a link to the new one, and using it
 * in a browser that is signed in to the same account makes the change. Mailbox and person must agree, so nobody can walk
 * another person into their own account.
 */
import { guessedAddressKey } from '../credentials/lookup-key.ts';
import { newStamp, renewSession, type SessionCookie } from '../credentials/session-secret.ts';
import type { Services } from '../services.ts';
import { recordEmailChange, replaceEmail } from '../store/email-changes.ts';
import { forgetPasswordTries, takeBackPasswordTry } from '../store/password-tries.ts';
import { TAKE_BACK_MS } from '../store/records.ts';
import type { SessionRow } from '../store/sessions.ts';
import { findUserByStamp, type UserRow } from '../store/users.ts';
import type { Visitor } from '../visitor.ts';
import { checkCurrentPassword, type PasswordCheck } from './current-password.ts';

/** Each asking mails the owner a notice: so many a day are enough for every honest slip of the keyboard. */
const ASKED_PER_DAY = 5;

type DueNotice = { id: string; createdAt: number };

/** Whether the last change of address can still be taken back, which forbids another one and a deletion. */
export const isChangePending = (user: UserRow, nowMs: number): boolean =>
  user.emailChangedAt !== null && user.emailChangedAt > nowMs - TAKE_BACK_MS;

export type AskEmailChangeOutcome =
  | { kind: 'asked'; notices: DueNotice[] }
  | { kind: 'same_address' }
  | { kind: 'change_pending' }
  | { kind: 'limited'; retryAfterSeconds: number }
  | Exclude<PasswordCheck, { kind: 'right' }>;

/** Asks for a change. Whether the new address has an account is not told here: the mail to it says so. */
export const askEmailChange = async (
  services: Services,
  signedIn: SessionRow,
  given: { email: string; currentPassword: string },
  visitor: Visitor,
): Promise<AskEmailChangeOutcome> => {
  const { db, clock } = services;
  const { user } = signedIn;
  if (given.email.toLowerCase() === user.email.toLowerCase()) {
    await takeBackPasswordTry(db, signedIn.session.secretHash);
    return { kind: 'same_address' };
  }
  const check = await checkCurrentPassword(services, signedIn, given.currentPassword);
  if (check.kind !== 'right') return check;
  const nowMs = clock.now();
  if (isChangePending(user, nowMs)) {
    await forgetPasswordTries(db, signedIn.session.secretHash);
    return { kind: 'change_pending' };
  }

  const link = { id: crypto.randomUUID(), createdAt: nowMs };
  const notice = { id: crypto.randomUUID(), createdAt: nowMs };
  const ids = { linkId: link.id, noticeId: notice.id };
  const asked = { email: given.email, stamp: user.securityStamp, ...ids, limit: ASKED_PER_DAY };
  const happened = { userId: user.id, nowMs, visitor };
  const recorded = await recordEmailChange(db, asked, signedIn.session.secretHash, happened);
  return recorded.kind === 'limited' ? recorded : { kind: 'asked', notices: [link, notice] };
};

export type ChangeLink = { kind: 'good'; email: string; expiresAtMs: number } | { kind: 'bad_link'; reason: string };

/** Is this change link still good? Changes nothing. One round trip. */
export const verifyChangeLink = async ({ linkTokens, db, clock }: Services, token: string): Promise<ChangeLink> => {
  const link = await linkTokens.verify('change', token, clock.now());
  if (link.kind === 'bad') return { kind: 'bad_link', reason: link.reason };
  const { userId, stamp, email } = link.claims;
  if (!(await findUserByStamp(db, userId, stamp))) return { kind: 'bad_link', reason: 'used' };
  return { kind: 'good', email, expiresAtMs: link.expiresAtMs };
};

export type ConfirmEmailChangeOutcome =
  | { kind: 'changed'; user: UserRow; cookie: SessionCookie; notice: DueNotice }
  | { kind: 'bad_link'; reason: string }
  | { kind: 'other_account' }
  | { kind: 'change_pending' }
  | { kind: 'email_taken' };

export const confirmEmailChange = async (
  { config, linkTokens, db, clock }: Services,
  { user, session }: SessionRow,
  token: string,
  visitor: Visitor,
): Promise<ConfirmEmailChangeOutcome> => {
  const nowMs = clock.now();
  const link = await linkTokens.verify('change', token, nowMs);
  if (link.kind === 'bad') return { kind: 'bad_link', reason: link.reason };
  if (link.claims.userId !== user.id) return { kind: 'other_account' };
  if (link.claims.stamp !== user.securityStamp) return { kind: 'bad_link', reason: 'used' };
  if (isChangePending(user, nowMs)) return { kind: 'change_pending' };

  const stamp = newStamp();
  const notice = { id: crypto.randomUUID(), createdAt: nowMs };
  const renewed = await renewSession(session, { stamp, visitor, nowMs });
  const outcome = await replaceEmail(db, {
    userId: user.id,
    stamp: user.securityStamp,
    newStamp: stamp,
    email: link.claims.email,
    addressKey: await guessedAddressKey(config, link.claims.email),
    session: renewed.row,
    noticeId: notice.id,
    nowMs,
    visitor,
  });
  if (outcome.kind === 'taken') return { kind: 'email_taken' };
  if (outcome.kind === 'stale') return { kind: 'bad_link', reason: 'used' };
  return { kind: 'changed', user: outcome.user, cookie: renewed.cookie, notice };
};
