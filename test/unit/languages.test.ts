/** Which language somebody is spoken to in, and how a sentence of it is filled in. */
import { describe, expect, test } from 'vitest';
import { directionOf, LANGUAGES, matchLanguage } from '../../worker/contract/languages.ts';
import { fillSentence } from '../../worker/contract/sentence.ts';
import { acceptedLanguages } from '../../worker/http/language.ts';

describe('of the tags that a browser sends', () => {
  test.each([
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['pt-PT', 'pt-BR'],
    ['zh', 'zh-Hans'],
    ['zh-CN', 'zh-Hans'],
    ['zh-Hans-HK', 'zh-Hans'],
    ['zh-TW,ja;q=0.5', 'ja'],
    ['zh-Hant-CN,fr;q=0.5', 'fr'],
    ['zh-HK', null],
    ['AR-eg', 'ar'],
    ['en-US', 'en'],
    ['da, sv;q=0.8, es;q=0.1', 'es'],
    ['fr;q=0, de;q=0.2', 'de'],
    ['de;q=0.2, fr;q=0.3', 'fr'],
    ['de;q=2, fr;q=0.1', 'fr'],
    ['*', null],
    ['', null],
    ['<script>', null],
    ['dea', null],
    [`de${',de'.repeat(300)}`, null],
  ])('%j is answered in %j', (header, language) => {
    expect(matchLanguage(acceptedLanguages(header))).toBe(language);
  });
});

test('every language that we speak is found by its own tag, and Arabic alone is read from right to left', () => {
  for (const tag of Object.keys(LANGUAGES)) expect(matchLanguage([tag])).toBe(tag);
  const languages = Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[];
  expect(languages.filter(language => directionOf(language) === 'rtl')).toEqual(['ar']);
});

describe('a sentence', () => {
  test('is filled in with text as it is and numbers as the language writes them', () => {
    expect(fillSentence('Hello, {name}', 'en', { name: '{count} $&' })).toBe('Hello, {count} $&');
    expect(fillSentence('{count} Zeichen', 'de', { count: 1234567 })).toBe('1.234.567 Zeichen');
  });

  test('keeps a gap that nothing is given for, so that it is seen', () => {
    expect(fillSentence('Hello, {name}', 'en')).toBe('Hello, {name}');
  });

  test('counts by the plural categories of its language', () => {
    const days = { zero: 'no', one: 'one', two: 'two', few: '{count} few', many: '{count} many', other: '{count}' };
    expect([0, 1, 2, 3, 11, 100].map(count => fillSentence(days, 'ar', { count }).split(' ').at(-1))).toEqual([
      'no',
      'one',
      'two',
      'few',
      'many',
      fillSentence('{count}', 'ar', { count: 100 }),
    ]);
    expect([1, 2].map(count => fillSentence({ one: 'a day', other: '{count} days' }, 'en', { count }))).toEqual([
      'a day',
      '2 days',
    ]);
  });
});
