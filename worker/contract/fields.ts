/**
 * The fields that people fill in, with the rules that page and Worker both apply. The page applies them to help;
 * the Worker's verdict counts. Every rule has a message of our own: valibot's default messages repeat the input.
 */
import * as v from 'valibot';

/** RFC 5321 4.5.3.1.3 allows a path of 256 characters, two of which are its angle brackets. */
const EMAIL_MAX_LENGTH = 254;

/** What a browser's `input type=email` accepts: the HTML standard, 4.10.5.1.5, "valid email address". */
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const EMAIL = new RegExp(`^[a-zA-Z0-9.!#$%&'*+/=?^_\`{|}~-]+@${LABEL}(?:\\.${LABEL})*$`);

const USERNAME_MIN_LENGTH = 2;
const USERNAME_MAX_LENGTH = 20;
export const PASSWORD_MAX_LENGTH = 256;

/** An email address: trimmed, 1 to 254 characters. Compared without case wherever it is looked up. */
export const emailField = v.pipe(
  v.string('This must be text.'),
  v.trim(),
  v.nonEmpty('Enter your email address.'),
  v.maxLength(EMAIL_MAX_LENGTH, `An email address has at most ${EMAIL_MAX_LENGTH} characters.`),
  v.regex(EMAIL, 'Enter an email address like name@example.com.'),
);

/** A username: 2 to 20 ASCII letters, digits, dots, underscores and hyphens. Unique without case. */
export const usernameField = v.pipe(
  v.string('This must be text.'),
  v.nonEmpty('Choose a username.'),
  v.regex(/^[A-Za-z0-9._-]*$/, 'Use only the letters A to Z, digits, dots, underscores and hyphens.'),
  v.minLength(USERNAME_MIN_LENGTH, `Use at least ${USERNAME_MIN_LENGTH} characters.`),
  v.maxLength(USERNAME_MAX_LENGTH, `Use at most ${USERNAME_MAX_LENGTH} characters.`),
);

/** A password as it is compared and hashed: Unicode NFC (NIST SP 800-63B-4, 3.1.1.2), nothing else changed. */
export const normalizePassword = (password: string): string => password.normalize('NFC');

/** The length that the rules speak of, in code points after NFC: one emoji of one code point counts as one. */
export const passwordLength = (password: string): number => [...normalizePassword(password)].length;

/** What is wrong with a new password by itself, in words for the person, or null. `minLength` in code points. */
export const newPasswordProblem = (password: string, minLength: number): string | null => {
  const length = passwordLength(password);
  if (length === 0) return 'Choose a password.';
  if (length < minLength) return `Use at least ${minLength} characters. This has ${length}.`;
  if (length > PASSWORD_MAX_LENGTH) return `Use at most ${PASSWORD_MAX_LENGTH} characters. This has ${length}.`;
  // A lone surrogate has no UTF-8 form: every one of them would hash alike.
  if (!password.isWellFormed()) return 'This holds a broken character. Type it again.';
  return null;
};
