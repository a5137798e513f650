/**
 * A person signs in. Every try is counted and then hashed, in the same lane: an address without an account costs what one
 * with does, and the route keeps every refusal back to one floor.
 */
import { isKnownTo, type KnownBrowser } from '../credentials/known-browser.ts';
import { guessedAddressKey } from '../credentials/lookup-key.ts';
import { needsRehash } from '../credentials/password-hash.ts';
import type { LaneFull, Place } from '../credentials/password-hasher.ts';
import { newSession, type SessionCookie } from '../credentials/session-secret.ts';
import type { Services } from '../services.ts';
import { recordAtMostHourly } from '../store/activity.ts';
import { countGuess, settleGuess, takeBackGuess } from '../store/guesses.ts';
import { replacePasswordHash } from '../store/passwords.ts';
import { insertSession } from '../store/sessions.ts';
import type { UserRow } from '../store/users.ts';
import type { Visitor } from '../visitor.ts';
import { orTakeBack } from './counted-try.ts';

export type SignInOutcome =
  /** `notice` is due where the browser was not known. */
  | { kind: 'signed_in'; user: UserRow; cookie: SessionCookie; notice: { id: string; createdAt: number } | null }
  /** `userId` is for what only a known account needs, after the answer. */
  | { kind: 'refused'; userId: string | null }
  /** The password was right, and the operator lets nobody in by it: told to nobody who does not know it. */
  | { kind: ClosedState; user: UserRow }
  /** `retryAfterSeconds` is null where only a known browser or a reset leads in. */
  | { kind: 'too_many_guesses'; retryAfterSeconds: number | null }
  | LaneFull;

type ClosedState = 'suspended' | 'reset_required';

/** The suspension first: no reset ends it. */
const closedStateOf = ({ suspendedAt, resetRequiredAt }: UserRow): ClosedState | null => {
  if (suspendedAt !== null) return 'suspended';
  return resetRequiredAt === null ? null : 'reset_required';
};

export const signIn = async (
  { config, db, hasher, clock }: Services,
  given: {
    email: string;
    password: string;
    remember: boolean;
    previousSecretHash: string | null;
    browser: KnownBrowser;
    visitor: Visitor;
  },
): Promise<SignInOutcome> => {
  const { email, browser } = given;
  const guesser = {
    email,
    addressKey: await guessedAddressKey(config, email),
    browserId: browser.id,
    browserStamps: browser.accounts.map(([, browserStamp]) => browserStamp),
  };
  const counted = await countGuess(db, guesser, clock.now());
  if (counted.kind === 'refused') return { ...counted, kind: 'too_many_guesses' };

  const { user, guess } = counted;
  // A flood of strangers' tries fills their own lane.
  const isOwners = user !== null && guess.browserId !== '';
  const place: Place = isOwners ? { lane: 'known-browser', accountId: user.id } : { lane: 'sign-in' };
  const verified = await orTakeBack(
    () => hasher.verify(place, given.password, user?.passwordHash ?? null, config.scrypt),
    () => takeBackGuess(db, guess),
  );
  if (verified.kind === 'lane_full') return verified;
  if (!user || !verified.matches) return { kind: 'refused', userId: user?.id ?? null };

  const closed = closedStateOf(user);
  if (closed) {
    // As after any right password: its owner goes on reading why, and by the waits no stranger tells this account from others.
    await settleGuess(db, guess, user);
    return { kind: closed, user };
  }

  // Under the stamp that was read before the hash: a reset that came between leaves no session behind.
  const nowMs = clock.now();
  const { remember, visitor, previousSecretHash } = given;
  const session = await newSession(config, { stamp: user.securityStamp, remember, visitor, nowMs });
  const isKnown = await isKnownTo(config, browser, user);
  const notice = isKnown ? null : { id: crypto.randomUUID(), createdAt: nowMs };
  const terms = { previousSecretHash, noticeId: notice?.id ?? null, guess };
  const isStarted = await insertSession(db, user.id, session.row, terms);
  if (!isStarted) return { kind: 'refused', userId: user.id };
  return { kind: 'signed_in', user, cookie: session.cookie, notice };
};

/** Lets the owner see that somebody was refused. With no user's id it notes nothing, at the same pains. */
export const noteRefusal = ({ db, clock }: Services, userId: string, visitor: Visitor): Promise<void> =>
  recordAtMostHourly(db, 'sign_in_refused', { userId, nowMs: clock.now(), visitor });

/** Hashes the password anew where the cost was changed since. After the answer; a full lane leaves it for next time. */
export const upgradePasswordHash = async (
  { config, db, hasher }: Services,
  user: UserRow,
  password: string,
): Promise<void> => {
  if (!needsRehash(user.passwordHash, config.scrypt)) return;
  const hashed = await hasher.hash({ lane: 'sign-in' }, password, config.scrypt);
  if (hashed.kind === 'hashed') await replacePasswordHash(db, user, hashed.phc);
};
