/** Our mails as they are read: every letter, as text and as HTML. */
import { describe, expect, test } from 'vitest';
import {
  accountDeletedLetter,
  accountExistsLetter,
  changeEmailLetter,
  emailTakenLetter,
  noAccountLetter,
  noticeLetter,
  registrationLetter,
  resetLetter,
  securedLetter,
} from '../../worker/mail/letters.ts';
import { type Letter, renderLetter } from './rendered.ts';

const AT_MS = Date.UTC(2027, 0, 5, 9, 7, 30);
const ENDS_MS = Date.UTC(2027, 0, 12, 9, 7, 30);
const URL_OF_LINK = `https://app.example.com/reset-password#${'eyJhbGciOiJIUzI1NiJ9.'.repeat(8)}abc_-XYZ`;
const FROM = 'Firefox on Windows, Germany';

const IGNORE = 'If you did not make this request then simply ignore this email and no changes will be made.';
const ENDS = 'The link works until 12 January 2027 at 09:07 UTC.';
const HAPPENED = `It happened on 5 January 2027 at 09:07 UTC, from ${FROM}.`;

/** The sentences of every notice, beside its own: what to do if it was not the owner, and what that does. */
const NOT_ME = [
  HAPPENED,
  'If it was you, there is nothing to do.',
  'logs out every browser, makes the password unusable, puts back an address that was changed in the last 7 days',
  'mails you a link for a new password',
  ENDS,
];

/** Every letter: its name, itself, and what it has to say. */
const lettersOf = (appName: string): [string, Letter, string[]][] => {
  const link = { appName, url: URL_OF_LINK, expiresAtMs: ENDS_MS };
  const told = { appName, happenedAtMs: AT_MS, from: FROM };
  const notice = { ...told, ...link };
  return [
    ['registration', registrationLetter(link), ['visit the following link:', ENDS, IGNORE]],
    [
      'account exists',
      accountExistsLetter(link),
      ['which has an account already.', 'visit the following link to reset it:', ENDS, IGNORE],
    ],
    ['reset', resetLetter(link), ['To reset your password, visit the following link:', ENDS, IGNORE]],
    [
      'no account',
      noAccountLetter(link),
      ['There is no account with that email. You must register first.', 'visit the following link:', ENDS, IGNORE],
    ],
    [
      'change of address',
      changeEmailLetter(link),
      ['visit the following link in a browser that is logged in to that account:', ENDS, IGNORE],
    ],
    ['address taken', emailTakenLetter(link), ['It has an account already, so nothing was changed.', IGNORE]],
    [
      'account secured',
      securedLetter(link),
      [
        'Every browser was logged out',
        'its password no longer works',
        'To reset your password, visit the following link:',
        ENDS,
        'If this link has ended, ask for a new one under "Forgot Password?".',
      ],
    ],
    ['account deleted', accountDeletedLetter(told), [HAPPENED, 'all that belonged to it are gone', 'the last mail']],
    [
      'notice of a reset',
      noticeLetter('password_reset', notice),
      ['was reset through a link in a mail to this address. Every browser', 'has been logged out.', ...NOT_ME],
    ],
    [
      'notice of a changed password',
      noticeLetter('password_changed', notice),
      ['account was changed. Every other browser', 'has been logged out.', ...NOT_ME],
    ],
    [
      'notice of a change of address that is asked for',
      noticeLetter('email_change_asked', notice),
      ['asked to change its email address.', ...NOT_ME],
    ],
    [
      'notice of a changed address',
      noticeLetter('email_changed', notice),
      ['has another email address now, and this one no longer opens it.', ...NOT_ME],
    ],
    [
      'notice of a new browser',
      noticeLetter('new_browser', notice),
      ['from a browser that was not known before.', ...NOT_ME],
    ],
  ];
};

/** The letters that have nothing to open. */
const WITHOUT_LINK = ['address taken', 'account deleted'];

/** The visible words of the HTML, as a reader without styles has them. */
const wordsOf = (html: string): string =>
  html
    .replace(/<(style|title)>.*?<\/\1>/gs, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');

describe.each(lettersOf('Rekey'))('the letter: %s', (name, letter, sentences) => {
  const links = WITHOUT_LINK.includes(name) ? [] : [URL_OF_LINK];
  const { subject, text, html } = renderLetter(letter, 'Rekey');

  test('says what it has to in text and in HTML', () => {
    for (const sentence of sentences) {
      expect(text).toContain(sentence);
      expect(wordsOf(html)).toContain(sentence);
    }
  });

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
    expect(html.replaceAll(URL_OF_LINK, '')).not.toMatch(/https?:|\/\/|www\./);
  });

  test('says when its link ends, and nothing of a link where it has none', () => {
    expect(text.split(ENDS)).toHaveLength(links.length + 1);
    for (const body of [text, wordsOf(html)]) {
      if (links.length > 0) expect(body).toContain(ENDS);
      else expect(body).not.toMatch(/\blinks?\b/i);
    }
  });

  test('loads nothing and tracks nobody: no image, script, frame, form, font or import', () => {
    expect(html).not.toMatch(/<(img|picture|video|script|iframe|object|embed|form|link|base)\b/i);
    expect(html).not.toMatch(/\b(src|srcset|background|ping|on[a-z]+)=|url\(|@import|@font-face/i);
  });

  test('says the same words in both, so that nobody is shown another mail', () => {
    const paragraphs = text.split('\n\n').map(paragraph => paragraph.replace(/^-- \n/, '').trim());
    for (const paragraph of paragraphs) expect(wordsOf(html)).toContain(paragraph);
  });

  test('says its language and direction, and is a whole page', () => {
    expect(html).toMatch(/^<!doctype html><html lang="en" dir="ltr"><head><meta charset="utf-8"/);
    expect(html).toMatch(/<\/body><\/html>$/);
    expect(html).toContain(`<title>${subject}</title>`);
  });

  test('has a subject of plain ASCII on one line, short enough for a phone', () => {
    expect(subject).toMatch(/^[\x20-\x7e]{5,60}$/);
  });

  test('stays far below the 102 KB at which Gmail clips a mail', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(100 * 1024);
    expect(Buffer.byteLength(html)).toBeLessThan(20 * 1024);
  });

  test('holds nothing that was left unfilled', () => {
    expect(subject + text + html).not.toMatch(/undefined|null\b|NaN|\[object|Invalid Date|\$\{|\{\{/);
  });

  test('signs with the name in the text, under the mark that mail clients know', () => {
    expect(text).toMatch(/\n-- \nRekey\n$/);
  });
});

test('the reset mail has the subject of the contract', () => {
  expect(resetLetter({ appName: 'Rekey', url: URL_OF_LINK, expiresAtMs: ENDS_MS }).subject).toBe(
    'Password Reset Request',
  );
});

test('a letter whose visitor is not known says when, and nothing of where from', () => {
  const told = { appName: 'Rekey', url: URL_OF_LINK, expiresAtMs: ENDS_MS, happenedAtMs: AT_MS, from: null };
  for (const letter of [noticeLetter('new_browser', told), accountDeletedLetter(told)]) {
    const { text, html } = renderLetter(letter, 'Rekey');
    for (const body of [text, wordsOf(html)]) {
      expect(body).toContain('It happened on 5 January 2027 at 09:07 UTC.');
      expect(body).not.toContain('UTC, from');
    }
  }
});

test('no two letters share a subject', () => {
  const subjects = lettersOf('Rekey').map(([, { subject }]) => subject);
  expect(new Set(subjects).size).toBe(subjects.length);
});

test('the same letter renders to the same bytes', () => {
  const once = lettersOf('Rekey').map(([, letter]) => renderLetter(letter, 'Rekey'));
  const again = lettersOf('Rekey').map(([, letter]) => renderLetter(letter, 'Rekey'));
  expect(again).toEqual(once);
});

describe.each(["Tom & Jerry's", 'a&amp;b', '東京 🔒', 'Ünï'])('an application named %s', appName => {
  test.each(lettersOf(appName))('is named as it is in the letter: %s', (_name, letter) => {
    const { text, html } = renderLetter(letter, appName);
    expect(text).toContain(`-- \n${appName}\n`);
    expect(wordsOf(html)).toContain(appName);
    // Every ampersand begins an entity.
    expect(html).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)/);
  });
});

test('markup in whatever a letter is made of is text', () => {
  const hostile = '"><script>alert(1)</script><b a=\'';
  const url = `https://app.example.com/#${hostile}`;
  const told = { appName: hostile, url, expiresAtMs: ENDS_MS, happenedAtMs: AT_MS, from: hostile };
  const letter = noticeLetter('new_browser', told);
  const parts = { subject: hostile, heading: hostile, paragraphs: [hostile], closing: [hostile] };
  const { html } = renderLetter({ ...letter, ...parts }, hostile);
  expect(html).not.toMatch(/<script|<b /);
  expect(html.match(/<title>(.*?)<\/title>/)?.[1]).not.toMatch(/[<>]/);
});
