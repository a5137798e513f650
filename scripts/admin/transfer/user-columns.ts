/**
 * The one format of users that come and go: a CSV with these names in its first line, or JSON lines with these keys. An
 * empty field says nothing; times are ISO 8601.
 */

import type { UserRow } from '../../../worker/store/users.ts';
import { iso } from '../told.ts';

export const USER_COLUMNS = [
  'id',
  'username',
  'email',
  'email_verified',
  'password_hash',
  'created_at',
  'language',
  'suspended_at',
  'reset_required_at',
] as const;
export type UserColumn = (typeof USER_COLUMNS)[number];

/** A user as text. */
export type UserFields = Readonly<Record<UserColumn, string>>;

export const isUserColumn = (name: string): name is UserColumn => (USER_COLUMNS as readonly string[]).includes(name);

const isoOrEmpty = (ms: number | null): string => (ms === null ? '' : iso(ms));

/** Whoever needs a reset may have come with an address that nobody has proved since. */
export const fieldsOf = (user: UserRow): UserFields => ({
  id: user.id,
  username: user.username,
  email: user.email,
  email_verified: String(user.resetRequiredAt === null),
  password_hash: user.passwordHash,
  created_at: iso(user.createdAt),
  language: user.language,
  suspended_at: isoOrEmpty(user.suspendedAt),
  reset_required_at: isoOrEmpty(user.resetRequiredAt),
});

/** RFC 4180: quoted where it has to be. */
export const csvLine = (fields: readonly string[]): string =>
  `${fields.map(field => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')}\n`;
