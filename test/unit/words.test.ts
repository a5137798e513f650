/** The catalogue of what the pages say is whole, and what is wrong with one that is not is told. */
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { checkWords, readWordsAndSources } from '../../scripts/words.ts';

test('every language says all that English says, with the same gaps, and the pages say nothing else', () => {
  expect(checkWords(readWordsAndSources(join(import.meta.dirname, '../..')))).toEqual([]);
});

describe('what is wrong is told by file and key', () => {
  /** Of two languages. */
  const checkTwo = (two: Parameters<typeof checkWords>[0]) => checkWords(two, ['en', 'de']);
  const files = (given: { en?: object; de?: object | string; source?: string }) => ({
    'words/en/every-page.json': JSON.stringify({
      hello: 'Hello, {name}',
      days: { one: '{count} day', other: '{count} days' },
      ...given.en,
    }),
    'words/de/every-page.json':
      typeof given.de === 'string'
        ? given.de
        : JSON.stringify({ hello: 'Hallo, {name}', days: { one: 'ein Tag', other: '{count} Tage' }, ...given.de }),
    'web/a.tsx':
      given.source ??
      "export const a = (name: string, count: number) => [say('every-page.hello', { name }), say('every-page.days', { count })]",
  });

  test('and nothing is, where all is well', () => {
    expect(checkTwo(files({}))).toEqual([]);
  });

  const using = (more: string) => `${files({})['web/a.tsx']};${more}`;
  test.each<[string, Parameters<typeof files>[0], RegExp]>([
    [
      'a sentence that is missing',
      { en: { x: 'X' }, source: using("say('every-page.x')") },
      /^words\/de\/every-page.json: "x" is missing: translate "X"/,
    ],
    [
      'a sentence that English does not have',
      { de: { x: 'X' } },
      /^words\/de\/every-page.json: "x" is not in words\/en/,
    ],
    ['an empty sentence', { de: { hello: ' ' } }, /"hello" is empty/],
    ['a gap that is left out', { de: { hello: 'Hallo' } }, /"hello" leaves out {name}/],
    ['a gap of another name', { de: { hello: 'Hallo, {Name}' } }, /"hello" has {Name}, which English does not/],
    ['a brace too many', { de: { hello: 'Hallo, {name}}' } }, /"hello" has a brace too many/],
    [
      'a plural form too many',
      { de: { days: { one: 'ein Tag', few: '{count} Tage', other: '{count} Tage' } } },
      /"days" has the forms one, few, other: de needs exactly one, other/,
    ],
    ['a plural form that is missing', { de: { days: { other: '{count} Tage' } } }, /de needs exactly one, other/],
    ['one text for a plural', { de: { days: '{count} Tage' } }, /"days" is one text where English is not/],
    ['a file that is no JSON', { de: '{' }, /^words\/de\/every-page.json is no JSON/],
    [
      'a key that stands there twice',
      { de: '{\n  "hello": "Hallo, {name}",\n  "hello": "Na, {name}"\n}' },
      /"hello" stands there twice/,
    ],
    ['a sentence that nobody says', { en: { x: 'X' }, de: { x: 'X' } }, /"x" is said nowhere/],
    [
      'a key that is said and does not exist',
      { source: using("say('every-page.none')") },
      /^web\/a.tsx says "every-page.none", which is not in/,
    ],
    [
      'a gap that is not filled',
      { source: using("say('every-page.hello')") },
      /says "every-page.hello" with none: the sentence needs {name}/,
    ],
    [
      'a gap of an element that is not filled',
      { source: using('b = <Sentence of="every-page.hello" parts={{ nam: c }} />') },
      /with {nam}: the sentence needs {name}/,
    ],
    ['a text between elements', { source: using('b = <p>Hello</p>') }, /"Hello" is no word of the catalogue/],
    ['a text in an attribute', { source: using('b = <a aria-label="Home" />') }, /"Home" is no word of the catalogue/],
    ['a text in the code', { source: using("show('Log in first.')") }, /"Log in first." is no word of the catalogue/],
  ])('%s', (_what, given, complaint) => {
    expect(checkTwo(files(given)).filter(told => complaint.test(told))).toHaveLength(1);
  });

  test('classes, paths and the names of types are no texts for people', () => {
    const source = using(
      'b = <a class="button button-primary" href="/login" autocomplete="off" />; c = "Content-Type"',
    );
    expect(checkTwo(files({ source }))).toEqual([]);
  });
});

describe('a page says', () => {
  vi.stubGlobal('document', { documentElement: {} });
  // By name: the page is a program of its own.
  const MODULE = '../../web/words.ts';
  type Module = {
    say: (key: string, given?: Record<string, string | number>) => string;
    partsOf: (key: string) => string[];
    needWords: (groups: string[]) => Promise<void>;
    speak: (language: string) => Promise<boolean>;
  };
  const load = async () => (await import(/* @vite-ignore */ MODULE)) as Module;

  test('the words of its language, filled in and counted', async () => {
    const { say, partsOf, needWords, speak } = await load();
    await needWords(['account']);
    expect(say('account.delete-type', { username: 'ada' })).toBe('Type ada to confirm.');
    expect(say('account.log-out-others-confirm', { count: 1 })).toBe('Log out 1 other browser');
    expect(partsOf('account.logged-in')).toEqual(['Logged in ', 'ago', '']);
    expect(await speak('de')).toBe(true);
    expect(say('account.log-out-others-confirm', { count: 2 })).toBe('2 andere Browser abmelden');
    expect(document.documentElement).toMatchObject({ lang: 'de', dir: 'ltr' });
    await speak('en');
  });

  test('something even where no words could be loaded', async () => {
    vi.resetModules();
    const { say } = await load();
    expect(say('every-page.broken-heading')).toBe('Something Went Wrong');
  });
});
