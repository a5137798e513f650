/** Whether a row is a user that Rekey can take in as it stands, and everything that is wrong with it where it is not. */
import { createHash } from 'node:crypto';
import { brokenEmailRule, brokenUsernameRule, type FieldRule } from '../../../worker/contract/fields.ts';
import { LANGUAGES, matchLanguage, USUAL_LANGUAGE } from '../../../worker/contract/languages.ts';
import { hashCostOf } from '../../../worker/credentials/password-hash.ts';
import { newStamp } from '../../../worker/credentials/session-secret.ts';
import type { TransferredUser } from '../../../worker/store/transfer.ts';
import { iso } from '../told.ts';
import { readTime } from './read-time.ts';
import type { UserFields } from './user-columns.ts';

export type Checked =
  /** `hashCost` null: the row has no hash. */
  { kind: 'good'; user: TransferredUser; hashCost: string | null } | { kind: 'refused'; reasons: string[] };

type Terms = {
  /** Of rows without an id: the same each time that the same import is taken up again. */
  newId: string;
  /** Gives a new name to whoever has none that Rekey takes. */
  rename: boolean;
  nowMs: number;
};

const SENTENCES: Partial<Record<FieldRule, string>> = {
  email_empty: 'email is empty',
  email_too_long: 'email has more than 254 characters',
  email_not_an_address: 'email is no address',
  username_characters: 'username may have the letters A to Z, digits, dots, underscores and hyphens (or give --rename)',
  username_too_short: 'username has less than 2 characters (or give --rename)',
  username_too_long: 'username has more than 20 characters (or give --rename)',
};

/** Usernames have at most 20 characters, so none is taken for an id. */
const ID = /^[A-Za-z0-9_-]{21,64}$/;
const YES = ['true', 't', '1', 'yes'];
const NO = ['false', 'f', '0', 'no', ''];

export const checkUser = (fields: UserFields, terms: Terms): Checked => {
  const reasons: string[] = [];
  const { password_hash: passwordHash } = fields;
  const email = fields.email.trim();
  const id = fields.id === '' ? terms.newId : fields.id;
  if (!ID.test(id)) reasons.push('id should have 21 to 64 letters, digits, underscores and hyphens, or be empty');
  const emailRule = brokenEmailRule(email);
  if (emailRule) reasons.push(SENTENCES[emailRule] ?? emailRule);

  const usernameRule = fields.username === '' ? null : brokenUsernameRule(fields.username);
  const isUnnamed = fields.username === '' || (usernameRule !== null && terms.rename);
  if (usernameRule && !terms.rename) reasons.push(SENTENCES[usernameRule] ?? usernameRule);

  const proved = fields.email_verified.toLowerCase();
  const isProved = YES.includes(proved);
  if (!isProved && !NO.includes(proved)) reasons.push('email_verified should be true or false');
  const hashCost = passwordHash === '' ? null : hashCostOf(passwordHash);
  if (passwordHash !== '' && hashCost === null) reasons.push(whyNot(passwordHash));
  const language = fields.language === '' ? USUAL_LANGUAGE : matchLanguage([fields.language]);
  if (!language) reasons.push(`language should be one of ${Object.keys(LANGUAGES).join(', ')}, or empty`);

  const time = (name: 'created_at' | 'suspended_at' | 'reset_required_at'): number | null => {
    const read = readTime(fields[name], terms.nowMs);
    if (Number.isNaN(read)) reasons.push(`${name} should be a time that has been, such as ${iso(0)}`);
    return read;
  };
  const [createdAt, suspendedAt, resetRequiredAt] = [
    time('created_at'),
    time('suspended_at'),
    time('reset_required_at'),
  ];

  if (reasons.length > 0 || !language) return { kind: 'refused', reasons };
  const user = {
    id,
    username: isUnnamed ? madeName(id) : fields.username,
    email,
    passwordHash,
    securityStamp: newStamp(),
    browserStamp: newStamp(),
    createdAt: createdAt ?? terms.nowMs,
    language,
    suspendedAt,
    // Whoever typed somebody else's address where it was not proved has a password there, and not the mailbox.
    resetRequiredAt: resetRequiredAt ?? (isProved ? null : terms.nowMs),
  };
  return { kind: 'good', user, hashCost };
};

/** A name that says nothing of its owner, who can change it; the same each time for the same id. */
export const madeName = (id: string): string => `user-${createHash('sha256').update(id).digest('hex').slice(0, 12)}`;

/** An id of the form of a UUID (RFC 9562, version 8) for a row of an import. */
export const idOfRow = (seed: string, row: number): string => {
  const bytes = createHash('sha256').update(`${seed}:${row}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

const WHOLE = 'a salt of 8 to 64 bytes and a hash of 16 to 64';

/** What is taken of each kind of hash, for whoever has another of that kind. */
const TAKEN: readonly (readonly [RegExp, string])[] = [
  [/^\$2/, 'bcrypt is taken as $2a$, $2b$ or $2y$ with a cost of 4 to 13'],
  [/^\$argon2/, `Argon2 is taken as Argon2id, v=19, with at most 32 MiB (m=32768), t=4 and p=4, ${WHOLE}`],
  [
    /^\$firebase/,
    `Firebase's scrypt is taken as $firebase-scrypt$ln=14,r=8$salt$separator$hash, in base64, of at most 32 MiB`,
  ],
  [/scrypt/, `scrypt is taken with N*r*128 of at most 32 MiB, p of at most 16, ${WHOLE}`],
  [/pbkdf2/, `PBKDF2 is taken with sha1 or sha256, at most 1,000,000 rounds, ${WHOLE}, the digest's whole length`],
];

const whyNot = (hash: string): string => {
  const taken = TAKEN.find(([kind]) => kind.test(hash))?.[1];
  return taken ? `password_hash: ${taken}` : 'password_hash is of no kind that Rekey takes';
};
