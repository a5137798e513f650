/** The words of the letters: their files, how the Worker reads them, and what is put into a sentence. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { LANGUAGES, type Language } from '../../worker/contract/languages.ts';
import { createLetterWords, withoutIsolates, wordsOf } from '../../worker/mail/letter-words.ts';
import { sayMoment, sayOccasion } from '../../worker/mail/occasion.ts';
import { Unavailable } from '../../worker/unavailable.ts';
import { AT_MS, OCCASION, readWords } from '../support/sample-letters.ts';

const languages = Object.keys(LANGUAGES) as Language[];
const fileOf = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(`words/${language}/letters.json`, 'utf8'));
const english = fileOf('en');

describe.each(languages)('the words in %s', language => {
  const sentences = fileOf(language);

  test('are those of English, each under its name, in the order of names', () => {
    expect(Object.keys(sentences)).toEqual(Object.keys(english).sort());
  });

  test('leave the same gaps in each sentence', () => {
    const gapsOf = (sentence = '') => [...new Set(sentence.match(/\{\w+\}/g))].sort();
    for (const [key, sentence] of Object.entries(sentences)) {
      expect([key, gapsOf(sentence)]).toEqual([key, gapsOf(english[key])]);
    }
  });

  test('are one clean line each', () => {
    for (const sentence of Object.values(sentences)) {
      expect(sentence).toBe(sentence.trim().normalize('NFC'));
      expect(sentence).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]| {2}|[<>&]/u);
    }
  });

  test('are sentences of their own, all of them', () => {
    const same = Object.keys(english).filter(key => sentences[key] === english[key]);
    expect(same.filter(key => key !== 'browser-and-country')).toHaveLength(
      language === 'en' ? Object.keys(english).length - 1 : 0,
    );
  });
});

test.each(languages)('in %s the letter names the way to another link as the page does', language => {
  const read = (group: string) => JSON.parse(readFileSync(`words/${language}/${group}.json`, 'utf8'));
  expect(read('letters')['secured-new-link']).toContain(read('sign-in')['forgot-password']);
});

test('every language has its folder, and every folder its language', () => {
  const folders = readdirSync('words', { withFileTypes: true }).filter(entry => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...languages].sort());
});

describe('reading them', () => {
  afterEach(() => vi.restoreAllMocks());

  const answer = (language: string, sentences: unknown) => async () =>
    new Response(JSON.stringify({ language, sentences }));
  const good = answer('de', fileOf('de'));
  const assetsThat = (...answers: (() => Promise<Response>)[]) => ({
    fetch: vi.fn(
      (_url: string) => (answers.length > 1 ? answers.shift() : answers[0])?.() ?? Promise.reject(new Error()),
    ),
  });

  test('reads the language that is asked for, once, and no other', async () => {
    const assets = assetsThat(good);
    const letterWords = createLetterWords(assets);
    for (let at = 0; at < 3; at += 1)
      expect((await letterWords.in('de')).say('not-me-button')).toBe('Das war ich nicht');
    expect(assets.fetch).toHaveBeenCalledExactlyOnceWith('https://assets.local/api/letters/de.json');
  });

  test('reads the usual ones for a language that is spoken no more', async () => {
    const letterWords = createLetterWords(assetsThat(answer('en', english)));
    expect((await letterWords.in('tlh' as Language)).language).toBe('en');
  });

  test('waits for no other mail to read it: that one may be gone', async () => {
    const letterWords = createLetterWords(assetsThat(() => new Promise<Response>(() => undefined), good));
    void letterWords.in('de');
    expect((await letterWords.in('de')).language).toBe('de');
  });

  test.each<[string, () => Promise<Response>, number | null]>([
    ['are not there', async () => new Response('{}', { status: 404 }), 404],
    ['are a page', async () => new Response('<!doctype html>'), 200],
    ['are those of another language', answer('en', english), 200],
    ['are empty', async () => new Response(''), 200],
    ['are cut off', async () => new Response((await (await good()).text()).slice(0, -1)), 200],
    ['are no object', answer('de', null), 200],
    ['hold what is no sentence', answer('de', { ...fileOf('de'), ignore: 1 }), 200],
    ['hold forms that are no text', answer('de', { ...fileOf('de'), ignore: { other: null } }), 200],
    ['cannot be asked for', () => Promise.reject(new TypeError('Network connection lost.')), null],
  ])('throws where they %s, says so in the log, and reads again for the next mail', async (_what, bad, status) => {
    const error = vi.spyOn(console, 'error').mockReturnValue();
    const letterWords = createLetterWords(assetsThat(bad, good));
    const asked = letterWords.in('de');
    await expect(asked).rejects.toThrow(Unavailable);
    await expect(asked).rejects.toMatchObject({ service: 'letter words' });
    expect(JSON.parse(String(error.mock.calls[0]?.[0]))).toMatchObject({
      level: 'error',
      event: 'letter_words_unreadable',
      language: 'de',
      status,
    });
    expect((await letterWords.in('de')).language).toBe('de');
  });

  test('a sentence that is missing throws, so that no mail goes out with a hole', () => {
    for (const sentences of [{}, { Ignore: 'x' }]) {
      expect(() => wordsOf('en', sentences).say('ignore')).toThrow(Unavailable);
    }
  });

  test('a sentence may count', () => {
    const words = wordsOf('en', { ignore: { one: 'a day', other: '{count} days' } });
    expect(words.say('ignore', { count: '1' })).toBe('a day');
    expect(words.say('ignore', { count: '7' })).toBe('7 days');
  });
});

describe('a moment', () => {
  test.each<[Language, string | null, string]>([
    ['en', 'Europe/Berlin', '23 November 2026 at 14:05 GMT+1'],
    ['en', 'America/New_York', '23 November 2026 at 08:05 GMT-5'],
    ['en', 'Asia/Kolkata', '23 November 2026 at 18:35 GMT+5:30'],
    ['en', 'Pacific/Auckland', '24 November 2026 at 02:05 GMT+13'],
    ['en', null, '23 November 2026 at 13:05 UTC'],
    ['en', 'UTC', '23 November 2026 at 13:05 UTC'],
    ['de', 'Europe/Berlin', '23. November 2026 um 14:05 GMT+1'],
  ])('in %s at %s is said as %s', (language, timeZone, said) => {
    expect(sayMoment(language, AT_MS, timeZone)).toBe(said);
  });

  test.each(['Mars/Olympus', '', '<b>', 'x'.repeat(1000)])(
    'is said in UTC where this runtime does not know the time zone %j',
    timeZone => {
      for (const language of languages) {
        expect(sayMoment(language, AT_MS, timeZone)).toBe(sayMoment(language, AT_MS, null));
      }
    },
  );

  test.each(languages)('in %s names day, hour and offset', language => {
    const said = sayMoment(language, AT_MS, 'Europe/Berlin');
    for (const part of ['2026', '23', ':05', '+1']) expect(said).toContain(part);
  });
});

describe('from where', () => {
  const say = (language: Language, visitor: Partial<typeof OCCASION>) =>
    withoutIsolates(
      sayOccasion(readWords(language), 'asked', {
        atMs: AT_MS,
        userAgent: null,
        country: null,
        timeZone: null,
        ...visitor,
      }),
    );

  test.each([
    [OCCASION, '14:05 GMT+1 from Firefox on Windows, Germany.'],
    [{ userAgent: 'Samsung Internet on Android' }, '13:05 UTC from Samsung Internet on Android.'],
    [{ userAgent: 'Firefox' }, '13:05 UTC from Firefox.'],
    [{ country: 'DE' }, '13:05 UTC from Germany.'],
    [{}, '13:05 UTC.'],
    [{ country: 'not a country' }, '13:05 UTC.'],
    [{ country: 'ZQ', userAgent: 'Edge on Windows' }, '13:05 UTC from Edge on Windows.'],
  ])('%j is told as it is known', (visitor, said) => {
    expect(say('en', visitor)).toBe(`This was asked on 23 November 2026 at ${said}`);
  });

  test.each(languages)('is told in %s with the names of that language', language => {
    const country = new Intl.DisplayNames(language, { type: 'region' }).of('DE') ?? '';
    const said = say(language, OCCASION);
    for (const name of ['Firefox', 'Windows', country]) expect(said).toContain(name);
    if (language !== 'en') expect(said).not.toContain(' on Windows');
  });

  test('in Arabic each name and time keeps its own direction', () => {
    expect(sayOccasion(readWords('ar'), 'asked', OCCASION)).toMatch(
      /\u2068[^\u2068\u2069]*2026[^\u2068\u2069]*\u2069 من \u2068Firefox\u2069 على \u2068Windows\u2069، \u2068ألمانيا\u2069\.$/,
    );
  });
});
