/**
 * Is this password fit to be set? Length first, then the words of this account (ASVS 5.0 6.2.11: the address, the username,
 * the application's name), then the built-in list of what is tried first (6.2.4), then the leaked ones (6.2.12).
 */

import type { Config } from '../config.ts';
import { newPasswordProblem, normalizePassword } from '../contract/fields.ts';
import { isBreached } from './breached-password.ts';
import { type CommonPasswords, isSimplePattern } from './password-list.ts';

export type NewPasswordContext = { email: string; username: string };

/** What is wrong with it by the rules, in words for the person, or null. Asks nobody. */
export const refusedByRules = (config: Config, password: string, context: NewPasswordContext): string | null => {
  const problem = newPasswordProblem(password, config.passwordMinLength);
  if (problem) return problem;
  const [localPart = ''] = context.email.split('@');
  if (isPadded(password, context.email) || isPadded(password, localPart)) {
    return 'This is little more than your email address. Choose something that others would not guess.';
  }
  if (isPadded(password, context.username)) {
    return 'This is little more than your username. Choose something that others would not guess.';
  }
  if (isPadded(password, config.appName)) {
    return `This is little more than the name ${config.appName}. Choose something that others would not guess.`;
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
): Promise<string | null> => {
  if (isSimplePattern(password) || (await commonPasswords.has(password))) {
    return 'This is one of the first passwords that an attacker tries. Choose something that others would not guess.';
  }
  return (await isBreached(config, normalizePassword(password)))
    ? 'This password is in a list of leaked passwords, so others will try it. Choose a different one.'
    : null;
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
