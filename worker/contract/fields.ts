/**
 * The fields that people fill in, with the rules that page and Worker both apply. The page applies them to help;
 * the Worker's verdict counts. A broken rule is told by its name: the pages have words for it in words/, the API's own
 * sentences are in http/field-errors.ts. Plain functions, for the page; field-schemas.ts has the same for valibot.
 */

/** RFC 5321 4.5.3.1.3 allows a path of 256 characters, two of which are its angle brackets. */
export const EMAIL_MAX_LENGTH = 254;

/** What a browser's `input type=email` accepts: the HTML standard, 4.10.5.1.5, "valid email address". */
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
export const EMAIL = new RegExp(`^[a-zA-Z0-9.!#$%&'*+/=?^_\`{|}~-]+@${LABEL}(?:\\.${LABEL})*$`);

export const USERNAME_MIN_LENGTH = 2;
export const USERNAME_MAX_LENGTH = 20;
export const USERNAME = /^[A-Za-z0-9._-]*$/;
export const PASSWORD_MAX_LENGTH = 256;

/** Every rule that a field can break, by the name that the API answers and the pages have words for. */
export type FieldRule =
  | 'email_empty'
  | 'email_too_long'
  | 'email_not_an_address'
  | 'email_taken'
  | 'email_unknown'
  | 'email_yours_already'
  | 'username_empty'
  | 'username_characters'
  | 'username_too_short'
  | 'username_too_long'
  | 'password_missing'
  | 'current_password_empty'
  | 'password_empty'
  | 'password_too_short'
  | 'password_too_long'
  | 'password_broken_character'
  | 'password_like_email'
  | 'password_like_username'
  | 'password_like_app'
  | 'password_common'
  | 'password_breached'
  | 'language_unknown';

/** The rule that an address breaks, or null. Space around it does not count. */
export const brokenEmailRule = (email: string): FieldRule | null => {
  const trimmed = email.trim();
  if (trimmed === '') return 'email_empty';
  if (trimmed.length > EMAIL_MAX_LENGTH) return 'email_too_long';
  return EMAIL.test(trimmed) ? null : 'email_not_an_address';
};

/** The rule that a username breaks, or null: 2 to 20 ASCII letters, digits, dots, underscores and hyphens. */
export const brokenUsernameRule = (username: string): FieldRule | null => {
  if (username === '') return 'username_empty';
  if (!USERNAME.test(username)) return 'username_characters';
  if (username.length < USERNAME_MIN_LENGTH) return 'username_too_short';
  return username.length > USERNAME_MAX_LENGTH ? 'username_too_long' : null;
};

/** A password as it is compared and hashed: Unicode NFC (NIST SP 800-63B-4, 3.1.1.2), nothing else changed. */
export const normalizePassword = (password: string): string => password.normalize('NFC');

/** The length that the rules speak of, in code points after NFC: one emoji of one code point counts as one. */
export const passwordLength = (password: string): number => [...normalizePassword(password)].length;

/** The rule that a new password breaks by itself, or null. `minLength` in code points. */
export const brokenPasswordRule = (password: string, minLength: number): FieldRule | null => {
  const length = passwordLength(password);
  if (length === 0) return 'password_empty';
  if (length < minLength) return 'password_too_short';
  if (length > PASSWORD_MAX_LENGTH) return 'password_too_long';
  // A lone surrogate has no UTF-8 form: every one of them would hash alike.
  if (!password.isWellFormed()) return 'password_broken_character';
  return null;
};
