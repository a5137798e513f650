/** Our mails as they are read: every letter in every language, as text and as HTML. */
import { describe, expect, test } from 'vitest';
import { directionOf, LANGUAGES, type Language } from '../../worker/contract/languages.ts';
import { renderLetter } from '../../worker/mail/letter-layout.ts';
import { withoutIsolates } from '../../worker/mail/letter-words.ts';
import { noticeLetter } from '../../worker/mail/letters.ts';
import { AT_MS, type Letter, OCCASION, readWords, sampleLetters } from '../support/sample-letters.ts';
import { wordsOf } from './rendered.ts';

const languages = Object.keys(LANGUAGES) as Language[];
const english = readWords('en');

const IGNORE = 'If you did not make this request then simply ignore this email and no changes will be made.';
const ASKED = 'This was asked on 23 November 2026 at 14:05 GMT+1 from Firefox on Windows, Germany.';
const HAPPENED = 'It happened on 23 November 2026 at 14:05 GMT+1, from Firefox on Windows, Germany.';
const endsOn = (day: string) => `The link works until ${day} at 14:05 GMT+1.`;
const IN_HALF_AN_HOUR = 'The link works until 23 November 2026 at 14:35 GMT+1.';

/** The sentences of every notice, beside its own: what to do if it was not the owner, and what that does. */
const NOT_ME = [
  HAPPENED,
  'If it was you, there is nothing to do.',
  'logs out every browser, makes the password unusable, puts back an address that was changed in the last 7 days',
  'mails you a link for a new password',
  endsOn('30 November 2026'),
];

/** What every letter has to say, in English. */
const SAYS: Record<Letter['kind'], string[]> = {
  registration: ['visit the following link:', endsOn('24 November 2026'), ASKED, IGNORE],
  account_exists: [
    'which has an account already.',
    'visit the following link to reset it:',
    IN_HALF_AN_HOUR,
    ASKED,
    IGNORE,
  ],
  reset: ['To reset your password, visit the following link:', IN_HALF_AN_HOUR, ASKED, IGNORE],
  no_account: [
    'There is no account with that email. You must register first.',
    'visit the following link:',
    endsOn('24 November 2026'),
    ASKED,
    IGNORE,
  ],
  change_email: [
    'visit the following link in a browser that is logged in to that account:',
    endsOn('24 November 2026'),
    ASKED,
    IGNORE,
  ],
  email_taken: ['It has an account already, so nothing was changed.', ASKED, IGNORE],
  secured: [
    'Every browser was logged out',
    'its password no longer works',
    'To reset your password, visit the following link:',
    IN_HALF_AN_HOUR,
    'If this link has ended, ask for a new one under "Forgot Password?".',
  ],
  account_deleted: [HAPPENED, 'all that belonged to it are gone', 'the last mail'],
  password_reset: [
    'was reset through a link in a mail to this address. Every browser',
    'has been logged out.',
    ...NOT_ME,
  ],
  password_changed: ['account was changed. Every other browser', 'has been logged out.', ...NOT_ME],
  email_change_asked: ['asked to change its email address.', ...NOT_ME],
  email_changed: ['has another email address now, and this one no longer opens it.', ...NOT_ME],
  new_browser: ['from a browser that was not known before.', ...NOT_ME],
};

describe('in English', () => {
  test.each(sampleLetters(english))('the letter $kind says what it has to in text and in HTML', letter => {
    const { text, html } = renderLetter(letter, 'Rekey');
    for (const sentence of SAYS[letter.kind]) {
      expect(text).toContain(sentence);
      expect(wordsOf(html)).toContain(sentence);
    }
  });

  test('there is a sample of every letter', () => {
    expect(sampleLetters(english).map(({ kind }) => kind)).toEqual(Object.keys(SAYS));
  });

  test('the reset mail has the subject of the contract', () => {
    expect(sampleLetters(english).find(({ kind }) => kind === 'reset')?.subject).toBe('Password Reset Request');
  });

  test('every subject is plain ASCII', () => {
    for (const { subject } of sampleLetters(english)) expect(subject).toMatch(/^[\x20-\x7e]{5,60}$/);
  });
});

const WITHOUT_LINK = ['email_taken', 'account_deleted'];
const everyLetter = languages.flatMap(language => sampleLetters(readWords(language)));

describe.each(everyLetter)('the letter $kind in $language', letter => {
  const { language, kind } = letter;
  const { subject, text, html } = renderLetter(letter, 'Rekey');
  const links = WITHOUT_LINK.includes(kind) ? [] : [letter.link?.url ?? 'none'];

  test('has its link once in the text, alone on its line', () => {
    const lines = text.split('\n');
    expect(lines.filter(line => line.includes('://'))).toEqual(links);
    for (const link of links) {
      const at = lines.indexOf(link);
      expect([lines[at - 1], lines[at + 1]]).toEqual(['', '']);
    }
  });

  test('has its link in the HTML to press and to copy, and no other address at all', () => {
    const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map(match => match[1]);
    expect(hrefs).toEqual([...links, ...links]);
    for (const link of links) expect(wordsOf(html)).toContain(link);
    expect(html.replaceAll(links[0] ?? '', '')).not.toMatch(/https?:|\/\/|www\./);
  });

  test('says when its link ends, with the offset of the clock that it is said by', () => {
    const ends = letter.link?.ends;
    expect(ends === undefined).toBe(links.length === 0);
    if (ends) {
      expect(text.split(ends)).toHaveLength(2);
      expect(withoutIsolates(ends)).toMatch(/\b202[67]\b.*\+1/);
    }
  });

  test('loads nothing and tracks nobody: no image, script, frame, form, font or import', () => {
    expect(html).not.toMatch(/<(img|picture|video|script|iframe|object|embed|form|link|base)\b/i);
    expect(html).not.toMatch(/\b(src|srcset|background|ping|on[a-z]+)=|url\(|@import|@font-face/i);
  });

  test('says the same words in both, so that nobody is shown another mail', () => {
    const paragraphs = withoutIsolates(text)
      .split('\n\n')
      .map(paragraph => paragraph.replace(/^-- \n/, '').trim());
    let seen = wordsOf(html);
    for (const paragraph of paragraphs) {
      expect(seen).toContain(paragraph);
      seen = seen.replace(paragraph, '');
    }
    // What is left over: tile and heading, button, and the link once more with the words before it.
    const { link } = letter;
    const [heading, ...inHtmlAlone] = [letter.heading, ...(link ? [link.label, link.copy, link.url] : [])];
    for (const words of [withoutIsolates(heading ?? ''), ...inHtmlAlone]) seen = seen.replace(words, '');
    expect(seen.replace(/[R ]/g, '')).toBe('');
  });

  test('says its language and direction where a browser looks and where Gmail leaves them', () => {
    const dir = directionOf(language);
    expect(html).toMatch(
      new RegExp(`^<!doctype html><html lang="${language}" dir="${dir}"><head><meta charset="utf-8"`),
    );
    expect(html).toMatch(new RegExp(`<div role="article"[^>]* lang="${language}" dir="${dir}">`));
    expect(html).toMatch(/<\/body><\/html>$/);
    expect(html).toContain(dir === 'rtl' ? 'text-align:right' : 'text-align:left');
    expect(html).not.toContain(dir === 'rtl' ? 'text-align:left' : 'text-align:right');
    for (const link of links) {
      expect(html).toMatch(/<p dir="ltr"[^>]*><a [^>]*>https:/);
      expect(html).toContain(`>${link}</a></p>`);
    }
  });

  test('has a subject on one line, of at most 78 characters, without marks that nobody sees', () => {
    expect([...subject].length).toBeLessThanOrEqual(78);
    expect(subject).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('has a preheader of its own, and nothing of the body behind it', () => {
    const [, preheader] = /<body[^>]*><div style="display:none[^"]*" aria-hidden="true">(.*?)<\/div>/s.exec(html) ?? [];
    const [sentence, padding] = [letter.preheader, preheader?.slice(letter.preheader.length) ?? ''];
    expect(preheader).toMatch(new RegExp(`^${sentence.slice(0, 5)}`));
    expect(text).not.toContain(sentence);
    expect(padding.length).toBeGreaterThan(200);
    expect(padding).not.toMatch(/[\p{L}\p{N}\p{P}]/u);
  });

  test('stays far below the 102 KB at which Gmail clips a mail', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(16 * 1024);
  });

  test('holds nothing that was left unfilled', () => {
    expect(subject + text + html.replace(/<style>.*<\/style>/s, '')).not.toMatch(
      /undefined|null\b|NaN|\[object|Invalid Date|[{}]/,
    );
  });

  test('has marks of direction in pairs, and only where names or times could run the other way', () => {
    const marks = text.replace(/[^\u2066-\u2069\u200e\u200f\u202a-\u202e]/g, '');
    expect(marks).toMatch(/^(\u2068\u2069)*$/);
    expect(marks === '').toBe(language !== 'ar');
    expect(html).not.toMatch(/[\u2066-\u2069\u200e\u200f\u202a-\u202e]/);
    if (language === 'ar' && kind !== 'secured') expect(html).toContain('<span dir="auto">Firefox</span>');
  });

  test('signs with the name in the text, under the mark that mail clients know', () => {
    expect(text).toMatch(/\n-- \nRekey\n$/);
  });
});

test('a letter that is told of a visitor who is not known says when, and nothing of where from', () => {
  const unknown = { atMs: AT_MS, userAgent: null, country: null, timeZone: null };
  for (const letter of sampleLetters(english, 'Rekey', unknown)) {
    const { text, html } = renderLetter(letter, 'Rekey');
    if (letter.kind === 'secured') continue;
    for (const body of [text, wordsOf(html)]) {
      expect(body).toMatch(/(This was asked|It happened) on 23 November 2026 at 13:05 UTC\./);
      expect(body).not.toContain('UTC from');
    }
  }
});

test.each(languages)('no two letters in %s share a subject or a preheader', language => {
  const letters = sampleLetters(readWords(language));
  for (const line of ['subject', 'preheader'] as const) {
    expect(new Set(letters.map(letter => letter[line])).size).toBe(letters.length);
  }
});

test('the same letter renders to the same bytes', () => {
  const render = () => languages.flatMap(language => sampleLetters(readWords(language)).map(l => renderLetter(l, 'X')));
  expect(render()).toEqual(render());
});

describe.each(["Tom & Jerry's", 'a&amp;b', '東京 🔒', 'Ünï', 'مفتاح'])('an application named %s', appName => {
  test.each([...sampleLetters(english, appName), ...sampleLetters(readWords('ar'), appName)])(
    'is named as it is in the letter $kind in $language',
    letter => {
      const { text, html } = renderLetter(letter, appName);
      expect(text).toContain(`-- \n${appName}\n`);
      expect(wordsOf(html)).toContain(appName);
      // Every ampersand begins an entity.
      expect(html.replace(/<!--.*?-->/gs, '')).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)/);
    },
  );
});

test('a name that runs from right to left keeps its direction in a sentence that does not', () => {
  const letter = sampleLetters(english, 'مفتاح')[0];
  if (!letter) throw new Error('no letter');
  expect(letter.subject).toBe('Finish signing up for مفتاح');
  expect(renderLetter(sampleLetters(english, 'مفتاح')[1] ?? letter, 'مفتاح').html).toContain(
    '<span dir="auto">مفتاح</span>',
  );
});

test('markup in whatever a letter is made of is text', () => {
  const hostile = '"><script>alert(1)</script><b a=\'';
  const url = `https://app.example.com/#${hostile}`;
  const occasion = { ...OCCASION, userAgent: hostile, country: hostile, timeZone: hostile };
  const letter = noticeLetter('new_browser', english, { appName: hostile, url, expiresAtMs: AT_MS, occasion });
  const parts = { subject: hostile, heading: hostile, preheader: hostile, paragraphs: [hostile], closing: [hostile] };
  for (const one of [letter, { ...letter, ...parts }]) {
    const { html } = renderLetter(one, hostile);
    expect(html).not.toMatch(/<script|<b /);
    expect(html.match(/<title>(.*?)<\/title>/)?.[1]).not.toMatch(/[<>]/);
  }
});
