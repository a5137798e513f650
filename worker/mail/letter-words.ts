/**
 * The words of the letters. Each language is a static asset that only the Worker reads (scripts/letter-words.ts makes it):
 * none is in the bundle, and only one that a mail needs is loaded.
 */
import type english from '../../words/en/letters.json';
import { directionOf, isLanguage, type Language, USUAL_LANGUAGE } from '../contract/languages.ts';
import { fillSentence, type Sentence } from '../contract/sentence.ts';
import { errorClasses, log } from '../log.ts';
import { Unavailable } from '../unavailable.ts';

export type SentenceKey = keyof typeof english;
export type Given = Readonly<Record<string, string>>;

/** One language's words. */
export type Words = {
  language: Language;
  /** The sentence, filled in. Throws `Unavailable` where the words hold none of that name. */
  say(key: SentenceKey, given?: Given): string;
};

export type LetterWords = {
  /** Throws `Unavailable` where they cannot be read: the job is tried again later, and no mail is lost. */
  in(language: Language): Promise<Words>;
};

/** Of the ASSETS binding, what is used. Which host it is asked for is all the same to it. */
type Assets = { fetch(url: string): Promise<Response> };
type Sentences = Readonly<Record<string, Sentence>>;

/** Reads a language at its first mail and keeps it as long as the isolate lives. */
export const createLetterWords = (assets: Assets): LetterWords => {
  const known = new Map<Language, Words>();
  return {
    async in(asked) {
      // A row may name a language that this release no longer speaks.
      const language = isLanguage(asked) ? asked : USUAL_LANGUAGE;
      const words = known.get(language) ?? wordsOf(language, await readSentences(assets, language));
      known.set(language, words);
      return words;
    },
  };
};

/** The words of a language, of its sentences. */
export const wordsOf = (language: Language, sentences: Sentences): Words => ({
  language,
  say(key, given = {}) {
    const sentence = Object.hasOwn(sentences, key) ? sentences[key] : undefined;
    if (sentence === undefined) throw new Unavailable('letter words', new Error(`no sentence ${key}`));
    const values = Object.entries(given).map(([name, value]) => [name, isolated(value, language)]);
    return fillSentence(sentence, language, Object.fromEntries(values));
  },
});

const readSentences = async (assets: Assets, language: Language): Promise<Sentences> => {
  let status: number | null = null;
  try {
    const response = await assets.fetch(`https://assets.local/api/letters/${language}.json`);
    status = response.status;
    const text = await response.text();
    if (!response.ok) throw new Error('not ok');
    const file: unknown = JSON.parse(text);
    if (!isRecord(file) || file.language !== language || !isSentences(file.sentences)) throw new Error('not the words');
    return file.sentences;
  } catch (error) {
    log('error', 'letter_words_unreadable', { language, status, error: errorClasses(error) });
    throw new Unavailable('letter words', error);
  }
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isSentences = (value: unknown): value is Sentences =>
  isRecord(value) &&
  Object.values(value).every(
    sentence =>
      typeof sentence === 'string' ||
      (isRecord(sentence) && Object.values(sentence).every(form => typeof form === 'string')),
  );

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/**
 * A name or a time keeps its own direction inside a sentence that runs the other way (Unicode UAX 9, 2.4). Text that is
 * put together of such parts runs as the sentence does.
 */
const isolated = (value: string, language: Language): string => {
  const mayRunOtherwise = directionOf(language) === 'rtl' || /[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(value);
  if (!mayRunOtherwise || value.includes(FIRST_STRONG_ISOLATE)) return value;
  return `${FIRST_STRONG_ISOLATE}${value}${POP_ISOLATE}`;
};

/** The text in parts: every second one is to keep its own direction. For a medium with marks of its own. */
export const splitIsolates = (text: string): string[] => text.split(/\u2068([^\u2069]*)\u2069/);
export const withoutIsolates = (text: string): string => text.replace(/[\u2068\u2069]/g, '');
