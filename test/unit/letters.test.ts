/** Our mails as they are read: every letter, as text and as HTML. */
import { describe, expect, test } from 'vitest';
import {
  accountExistsLetter,
  noAccountLetter,
  passwordResetNotice,
  registrationLetter,
  resetLetter,
} from '../../worker/mail/letters.ts';
import { type Letter, renderLetter } from './rendered.ts';

const AT_MS = Date.UTC(2027, 0, 5, 9, 7, 30);
const URL_OF_LINK = `https://app.example.com/reset-password#${'eyJhbGciOiJIUzI1NiJ9.'.repeat(8)}abc_-XYZ`;
const IGNORE = 'If you did not make this request then simply ignore this email and no changes will be made.';
const ENDS = 'The link works until 5 January 2027 at 09:07 UTC.';

const lettersOf = (appName: string): [string, Letter, string[]][] => {
  const link = { appName, url: URL_OF_LINK, expiresAtMs: AT_MS };
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
      'notice of a reset',
      passwordResetNotice({ appName, url: URL_OF_LINK, happenedAtMs: AT_MS }),
      ['It happened on 5 January 2027 at 09:07 UTC.', 'Every browser that was signed in has been signed out.'],
    ],
  ];
};

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

describe.each(lettersOf('Rekey'))('the letter: %s', (_name, letter, sentences) => {
  const { subject, text, html } = renderLetter(letter, 'Rekey');

  test('says what it has to in text and in HTML', () => {
    for (const sentence of sentences) {
      expect(text).toContain(sentence);
      expect(wordsOf(html)).toContain(sentence);
    }
  });

  test('has the link once in the text, alone on its line', () => {
    const lines = text.split('\n');
    expect(lines.filter(line => line.includes('://'))).toEqual([URL_OF_LINK]);
    const at = lines.indexOf(URL_OF_LINK);
    expect([lines[at - 1], lines[at + 1]]).toEqual(['', '']);
  });

  test('has the link in the HTML to press and to copy, and no other address at all', () => {
    expect([...html.matchAll(/href="([^"]*)"/g)].map(match => match[1])).toEqual([URL_OF_LINK, URL_OF_LINK]);
    expect(wordsOf(html)).toContain(URL_OF_LINK);
    expect(html.replaceAll(URL_OF_LINK, '')).not.toMatch(/https?:|\/\/|www\./);
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
  expect(resetLetter({ appName: 'Rekey', url: URL_OF_LINK, expiresAtMs: AT_MS }).subject).toBe(
    'Password Reset Request',
  );
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
  const letter = resetLetter({ appName: hostile, url: `https://app.example.com/#${hostile}`, expiresAtMs: AT_MS });
  const { html } = renderLetter({ ...letter, subject: hostile, heading: hostile, paragraphs: [hostile] }, hostile);
  expect(html).not.toMatch(/<script|<b /);
  expect(html.match(/<title>(.*?)<\/title>/)?.[1]).not.toMatch(/[<>]/);
});
