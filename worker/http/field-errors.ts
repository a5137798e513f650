/**
 * Broken rules as the API tells them: by name for programs, and in a sentence for people. The API speaks English; the
 * pages have words of their own for each rule (words/).
 */
import type { Config } from '../config.ts';
import {
  EMAIL_MAX_LENGTH,
  type FieldRule,
  PASSWORD_MAX_LENGTH,
  passwordLength,
  USERNAME_MAX_LENGTH,
  USERNAME_MIN_LENGTH,
} from '../contract/fields.ts';
import type { FieldError } from '../contract/problems.ts';
import type { AppContext } from './app-env.ts';

type Facts = Pick<Config, 'appName' | 'passwordMinLength'> & {
  /** Of the password that was refused, in code points. */
  length: number;
};

/** None repeats the input. */
const MESSAGES: Record<FieldRule, string | ((facts: Facts) => string)> = {
  email_empty: 'Enter your email address.',
  email_too_long: `An email address has at most ${EMAIL_MAX_LENGTH} characters.`,
  email_not_an_address: 'Enter an email address like name@example.com.',
  email_taken: 'That email is taken. Please choose a different one.',
  email_unknown: 'There is no account with that email. You must register first.',
  email_yours_already: 'That is your address already.',
  username_empty: 'Choose a username.',
  username_characters: 'Use only the letters A to Z, digits, dots, underscores and hyphens.',
  username_too_short: `Use at least ${USERNAME_MIN_LENGTH} characters.`,
  username_too_long: `Use at most ${USERNAME_MAX_LENGTH} characters.`,
  password_missing: 'Enter your password.',
  current_password_empty: 'Enter your current password.',
  password_empty: 'Choose a password.',
  password_too_short: ({ passwordMinLength, length }) =>
    `Use at least ${passwordMinLength} characters. This has ${length}.`,
  password_too_long: ({ length }) => `Use at most ${PASSWORD_MAX_LENGTH} characters. This has ${length}.`,
  password_broken_character: 'This holds a broken character. Type it again.',
  password_like_email: 'This is little more than your email address. Choose something that others would not guess.',
  password_like_username: 'This is little more than your username. Choose something that others would not guess.',
  password_like_app: ({ appName }) =>
    `This is little more than the name ${appName}. Choose something that others would not guess.`,
  password_common:
    'This is one of the first passwords that an attacker tries. Choose something that others would not guess.',
  password_breached: 'This password is in a list of leaked passwords, so others will try it. Choose a different one.',
  language_unknown: 'This is none of our languages.',
};

/** `password`: the one that was judged, where one was. */
export const fieldError = (c: AppContext, field: string, rule: FieldRule, password = ''): FieldError => {
  const message = MESSAGES[rule];
  const facts = { ...c.var.services.config, length: passwordLength(password) };
  return { field, rule, message: typeof message === 'string' ? message : message(facts) };
};
