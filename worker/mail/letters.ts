/**
 * What our mails say, in the words of a language; letter-layout makes text and HTML of them. A letter to an address that
 * is not proved holds nothing that its asker typed.
 */
import type { Letter, NoticeLetterKind } from './letter-layout.ts';
import { type SentenceKey, type Words, withoutIsolates } from './letter-words.ts';
import { type Occasion, sayMoment, sayOccasion } from './occasion.ts';

type Link = { url: string; expiresAtMs: number };
type Told = { appName: string; occasion: Occasion };

/** Letters that somebody asked for, with a link to go on. */
export type AskedLetterKind = 'registration' | 'account_exists' | 'reset' | 'no_account' | 'change_email';

/** What they say before the link. */
const BEFORE_THE_LINK: Record<AskedLetterKind, SentenceKey[]> = {
  registration: ['registration-visit'],
  account_exists: ['account_exists-text', 'account_exists-visit'],
  reset: ['reset-visit'],
  no_account: ['no_account-text', 'no_account-visit'],
  change_email: ['change_email-visit'],
};

/**
 * Somebody asked: for a registration of an address without an account (`registration`) or with one (`account_exists`), for
 * a reset of one with an account (`reset`) or without (`no_account`), or, signed in, for this address (`change_email`).
 */
export const askedLetter = (
  kind: AskedLetterKind,
  words: Words,
  { appName, occasion, ...link }: Told & Link,
): Letter => ({
  ...headOf(kind, words, appName, `${kind}-heading`),
  paragraphs: BEFORE_THE_LINK[kind].map(key => words.say(key, { appName })),
  link: linkOf(words, link, `${kind}-button`, occasion.timeZone),
  closing: [sayOccasion(words, 'asked', occasion), words.say('ignore')],
});

/** Somebody asked to change their address to this one, which has an account. */
export const emailTakenLetter = (words: Words, { appName, occasion }: Told): Letter => ({
  ...headOf('email_taken', words, appName),
  paragraphs: [words.say('email_taken-text', { appName }), words.say('email_taken-advice')],
  closing: [sayOccasion(words, 'asked', occasion), words.say('ignore')],
});

/** "This was not me" was used: the owner's way back in. */
export const securedLetter = (words: Words, { appName, occasion, ...link }: Told & Link): Letter => ({
  ...headOf('secured', words, appName),
  paragraphs: [words.say('secured-text', { appName }), words.say('secured-visit')],
  link: linkOf(words, link, 'secured-button', occasion.timeZone),
  closing: [words.say('secured-new-link')],
});

/** The last mail: the account is gone. */
export const accountDeletedLetter = (words: Words, { appName, occasion }: Told): Letter => ({
  ...headOf('account_deleted', words, appName),
  paragraphs: [words.say('account_deleted-text', { appName }), sayOccasion(words, 'happened', occasion)],
  closing: [],
});

/** Something happened that its owner should know of. The link undoes it: "this was not me". */
export const noticeLetter = (
  kind: NoticeLetterKind,
  words: Words,
  { appName, occasion, ...link }: Told & Link,
): Letter => ({
  ...headOf(kind, words, appName),
  paragraphs: [words.say(`${kind}-text`, { appName }), sayOccasion(words, 'happened', occasion), words.say('not-me')],
  link: linkOf(words, link, 'not-me-button', occasion.timeZone),
  closing: [words.say('not-me-mailbox')],
});

/** Most letters have their subject as heading. */
const headOf = (
  kind: Letter['kind'],
  words: Words,
  appName: string,
  heading: SentenceKey = `${kind}-subject`,
): Pick<Letter, 'kind' | 'language' | 'subject' | 'preheader' | 'heading'> => ({
  kind,
  language: words.language,
  // A header has no use for marks of direction, and filters of mail take invisible characters ill.
  subject: withoutIsolates(words.say(`${kind}-subject`, { appName })),
  preheader: words.say(`${kind}-preheader`),
  heading: words.say(heading, { appName }),
});

const linkOf = (words: Words, { url, expiresAtMs }: Link, button: SentenceKey, timeZone: string | null) => ({
  url,
  label: words.say(button),
  ends: words.say('link-ends', { moment: sayMoment(words.language, expiresAtMs, timeZone) }),
  copy: words.say('copy-link'),
});
