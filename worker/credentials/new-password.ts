/**
 * Is this password fit to be set? Length first, then the words of this account (ASVS 5.0 6.2.11: the address, the username,
 * the application's name), then the built-in list of what is tried first (6.2.4), then the leaked ones (6.2.12).
 */

import type { Config } from '../config.ts';
import { brokenPasswordRule, type FieldRule, normalizePassword } from '../contract/fields.ts';
import { isBreached } from './breached-password.ts';
import { type CommonPasswords, isSimplePattern } from './password-list.ts';

export type NewPasswordContext = { email: string; username: string };

/** The rule that it breaks, or null. Asks nobody. */
export const refusedByRules = (config: Config, password: string, context: NewPasswordContext): FieldRule | null => {
  const problem = brokenPasswordRule(password, config.passwordMinLength);
  if (problem) return problem;
  const [localPart = ''] = context.email.split('@');
  if (isPadded(password, context.email) || isPadded(password, localPart)) {
    return 'password_like_email';
  }
  if (isPadded(password, context.username)) {
    return 'password_like_username';
  }
  if (isPadded(password, config.appName)) {
    return 'password_like_app';
  }
  return null;
};

/**
 * The same for what others would try: the built-in list, which has to be there (throws `Unavailable` where it is not),
 * then the range API of leaked passwords, which lets the password pass where it does not answer.
 */
export const refusedByLists = async (
  { config, commonPasswords }: { config: Config; commonPasswords: CommonPasswords },
  password: string,
): Promise<FieldRule | null> => {
  if (isSimplePattern(password) || (await commonPasswords.has(password))) {
    return 'password_common';
  }
  return (await isBreached(config, normalizePassword(password))) ? 'password_breached' : null;
};

/** A word so short stands in many passwords by chance, and counts only where it makes up half of one. */
const SHORT_WORD = 4;

/** Whether nothing but digits, ASCII punctuation and the word itself is left of the password. */
const isPadded = (password: string, word: string): boolean => {
  const inner = normalizePassword(word).toLowerCase();
  const whole = normalizePassword(password).toLowerCase();
  const rest = inner === '' ? whole : whole.replaceAll(inner, '');
  if (rest.length === whole.length) return false;
  if (inner.length < SHORT_WORD && rest.length > whole.length / 2) return false;
  return /^[\x20-\x40\x5b-\x60\x7b-\x7e]*$/.test(rest);
};
