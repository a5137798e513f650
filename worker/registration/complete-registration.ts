/**
 * A person finishes a registration through a link: verify the token, look, judge the fields, hash, write. The account and
 * its first session are made in one transaction, and the unique indexes decide who wins a race.
 */
import { brokenUsernameRule, type FieldRule } from '../contract/fields.ts';
import { isLanguage } from '../contract/languages.ts';
import { guessedAddressKey, restingNameKey } from '../credentials/lookup-key.ts';
import { refusedByLists, refusedByRules } from '../credentials/new-password.ts';
import type { LaneFull } from '../credentials/password-hasher.ts';
import { newSession, newStamp, type SessionCookie } from '../credentials/session-secret.ts';
import type { Services } from '../services.ts';
import { type Availability, findAvailability, insertUserWithSession, type NewUser } from '../store/users.ts';
import type { Visitor } from '../visitor.ts';

export type RegistrationLink =
  | { kind: 'good'; email: string; expiresAtMs: number; usernameTaken: boolean }
  /** `reason` is for the log: the world reads one answer for all of them. */
  | { kind: 'bad_link'; reason: string };

/** Is this registration link still good? Dead as soon as its address has an account. One round trip. */
export const verifyRegistrationLink = async (
  { config, linkTokens, db, clock }: Pick<Services, 'config' | 'linkTokens' | 'db' | 'clock'>,
  token: string,
  username = '',
): Promise<RegistrationLink> => {
  const nowMs = clock.now();
  const link = await linkTokens.verify('register', token, nowMs);
  if (link.kind === 'bad') return { kind: 'bad_link', reason: link.reason };
  const name = { username, nameKey: await restingNameKey(config, username) };
  const { emailTaken, usernameTaken } = await findAvailability(db, link.claims.email, name, nowMs);
  if (emailTaken) return { kind: 'bad_link', reason: 'used' };
  return { kind: 'good', email: link.claims.email, expiresAtMs: link.expiresAtMs, usernameTaken };
};

type BrokenRule = { field: 'username' | 'password' | 'language'; rule: FieldRule };

export type CompleteRegistrationOutcome =
  | { kind: 'registered'; user: NewUser; cookie: SessionCookie }
  | { kind: 'bad_link'; reason: string }
  | { kind: 'refused_fields'; broken: BrokenRule[] }
  | { kind: 'username_taken' }
  | LaneFull;

export const completeRegistration = async (
  services: Services,
  { token, username, password, language }: { token: string; username: string; password: string; language: string },
  { visitor, previousSecretHash }: { visitor: Visitor; previousSecretHash: string | null },
): Promise<CompleteRegistrationOutcome> => {
  const { config, db, hasher, clock } = services;
  const link = await verifyRegistrationLink(services, token, username);
  if (link.kind === 'bad_link') return link;

  const { email } = link;
  const broken = await judgeFields(services, { username, password, email });
  if (!isLanguage(language)) {
    return { kind: 'refused_fields', broken: [...broken, { field: 'language', rule: 'language_unknown' }] };
  }
  if (broken.length > 0) return { kind: 'refused_fields', broken };
  if (link.usernameTaken) return { kind: 'username_taken' };

  const hashed = await hasher.hash({ lane: 'registration' }, password, config.scrypt);
  if (hashed.kind === 'lane_full') return hashed;

  const createdAt = clock.now();
  const stamps = { securityStamp: newStamp(), browserStamp: newStamp() };
  const user = { id: crypto.randomUUID(), username, email, passwordHash: hashed.phc, createdAt, language, ...stamps };
  const session = await newSession(config, { stamp: user.securityStamp, remember: false, visitor, nowMs: createdAt });
  const keys = { nameKey: await restingNameKey(config, username), addressKey: await guessedAddressKey(config, email) };
  const written = await insertUserWithSession(db, user, keys, session.row, previousSecretHash);
  if (written.kind === 'taken') return lostRace(written.taken);
  return { kind: 'registered', user, cookie: session.cookie };
};

const lostRace = (taken: Availability): CompleteRegistrationOutcome =>
  taken.emailTaken ? { kind: 'bad_link', reason: 'used' } : { kind: 'username_taken' };

const judgeFields = async (
  services: Pick<Services, 'config' | 'commonPasswords'>,
  given: { username: string; password: string; email: string },
): Promise<BrokenRule[]> => {
  const usernameRule = brokenUsernameRule(given.username);
  const passwordRule =
    refusedByRules(services.config, given.password, given) ?? (await refusedByLists(services, given.password));
  return [
    ...(usernameRule ? [{ field: 'username' as const, rule: usernameRule }] : []),
    ...(passwordRule ? [{ field: 'password' as const, rule: passwordRule }] : []),
  ];
};
