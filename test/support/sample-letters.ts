/** Every letter that we send, in a language, told of one moment: for the tests and for a look (`npm run letters`). */
import { readFileSync } from 'node:fs';
import type { Language } from '../../worker/contract/languages.ts';
import { type Words, wordsOf } from '../../worker/mail/letter-words.ts';
import {
  accountDeletedLetter,
  askedLetter,
  emailTakenLetter,
  noticeLetter,
  securedLetter,
} from '../../worker/mail/letters.ts';
import type { Occasion } from '../../worker/mail/occasion.ts';

export type Letter = ReturnType<typeof emailTakenLetter>;

export const AT_MS = Date.UTC(2026, 10, 23, 13, 5, 30);
const DAY_MS = 24 * 3600 * 1000;
export const OCCASION: Occasion = {
  atMs: AT_MS,
  userAgent: 'Firefox on Windows',
  country: 'DE',
  timeZone: 'Europe/Berlin',
};
export const TOKEN = `${'eyJhbGciOiJIUzI1NiJ9.'.repeat(8)}abc_-XYZ`;
const linkTo = (page: string) => `https://app.example.com/${page}#${TOKEN}`;

/** The words that a language's file holds. */
export const readWords = (language: Language): Words =>
  wordsOf(language, JSON.parse(readFileSync(new URL(`../../words/${language}/letters.json`, import.meta.url), 'utf8')));

export const sampleLetters = (words: Words, appName = 'Rekey', occasion = OCCASION): Letter[] => {
  const told = { appName, occasion };
  const soon = { ...told, expiresAtMs: occasion.atMs + 30 * 60_000 };
  const reset = { ...soon, url: linkTo('reset-password') };
  const register = { ...told, url: linkTo('complete-registration'), expiresAtMs: occasion.atMs + DAY_MS };
  const change = { ...told, url: linkTo('change-email'), expiresAtMs: occasion.atMs + DAY_MS };
  const secure = { ...told, url: linkTo('secure-account'), expiresAtMs: occasion.atMs + 7 * DAY_MS };
  return [
    askedLetter('registration', words, register),
    askedLetter('account_exists', words, reset),
    askedLetter('reset', words, reset),
    askedLetter('no_account', words, register),
    askedLetter('change_email', words, change),
    emailTakenLetter(words, told),
    securedLetter(words, reset),
    accountDeletedLetter(words, told),
    noticeLetter('password_reset', words, secure),
    noticeLetter('password_changed', words, secure),
    noticeLetter('email_change_asked', words, secure),
    noticeLetter('email_changed', words, secure),
    noticeLetter('new_browser', words, secure),
  ];
};
