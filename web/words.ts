/**
 * What the pages say, in the language in use. Keys are written out (`say('sign-in.remember-me')`), so tsc and
 * scripts/words.ts both see which words are said. Nothing appears before its words are there.
 */
import { createSignal } from 'solid-js';
import type account from '../words/en/account.json';
import type choosing from '../words/en/choosing.json';
import type everyPage from '../words/en/every-page.json';
import type home from '../words/en/home.json';
import type links from '../words/en/links.json';
import type signIn from '../words/en/sign-in.json';
import type waiting from '../words/en/waiting.json';
import { directionOf, type Language, USUAL_LANGUAGE } from '../worker/contract/languages.ts';
import { fillSentence, type Given, type Sentence } from '../worker/contract/sentence.ts';
import { type Group, loadWords, wordsOf } from './catalogue.ts';

type Catalogue = {
  'every-page': typeof everyPage;
  home: typeof home;
  'sign-in': typeof signIn;
  waiting: typeof waiting;
  choosing: typeof choosing;
  links: typeof links;
  account: typeof account;
};

/** `'group.name'`, for every sentence of words/en/. */
export type Key = { [G in Group]: `${G}.${keyof Catalogue[G] & string}` }[Group];
/** The names of these groups, without the group. */
export type NameIn<G extends Group> = { [One in G]: keyof Catalogue[One] & string }[G];

const COOKIE_SECONDS = 365 * 86_400;

/** Bundled: what is said where no words could be loaded. */
const WITHOUT_WORDS: Partial<Catalogue['every-page']> = {
  'broken-heading': 'Something Went Wrong',
  'broken-text': 'This page could not be loaded.',
  'try-again': 'Try Again',
};

const [language, setLanguage] = createSignal<Language>(USUAL_LANGUAGE);
/** All that was ever on show: a switch brings these words along. */
const groups = new Set<Group>(['every-page']);
let wished: Language = USUAL_LANGUAGE;

/** Reactive, as all that is said is. */
export { language };

const use = (chosen: Language) => {
  document.documentElement.lang = chosen;
  document.documentElement.dir = directionOf(chosen);
  setLanguage(chosen);
};

/** Before the first render, with a language whose words are there. */
export const beginIn = (first: Language) => {
  wished = first;
  use(first);
};

/** For a page that is about to appear. Rejects where its words do not come. */
export const needWords = async (needed: Group[]): Promise<void> => {
  for (const group of needed) groups.add(group);
  // Both: a switch may be under way.
  await Promise.all([loadWords(language(), needed), loadWords(wished, needed)]);
};

/** All at once, when the words are there; the newest wish wins. False where they could not be loaded. */
export const speak = async (chosen: Language): Promise<boolean> => {
  wished = chosen;
  try {
    await loadWords(chosen, groups);
  } catch {
    if (wished === chosen) wished = language();
    return false;
  }
  if (wished === chosen) use(chosen);
  return true;
};

/** For the pages of the next visit, and for mails to addresses without an account. */
export const keepLanguage = (chosen: Language) => {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that the pages are for.
  document.cookie = `language=${chosen}; Path=/; Max-Age=${COOKIE_SECONDS}; SameSite=Lax${secure}`;
};

/** Names and addresses keep their own direction inside a sentence that runs the other way (Unicode UAX 9, isolates). */
const isolated = (given: Given): Given =>
  directionOf(language()) === 'ltr'
    ? given
    : Object.fromEntries(
        Object.entries(given).map(([name, value]) => [
          name,
          typeof value === 'string' ? `\u2068${value}\u2069` : value,
        ]),
      );

const sentenceOf = (key: Key): Sentence => {
  const [group, name] = key.split('.') as [Group, string];
  return wordsOf(language(), group)?.[name] ?? (WITHOUT_WORDS as Record<string, string>)[name] ?? '';
};

export const say = (key: Key, given: Given = {}): string => fillSentence(sentenceOf(key), language(), isolated(given));

/** A sentence cut at its gaps: words and names of gaps in turn, beginning with words. */
export const partsOf = (key: Key, given: Given = {}): string[] =>
  fillSentence(sentenceOf(key), language(), given).split(/\{(\w+)\}/);

/**
 * What any loaded group says under this name; undefined where none does, or where it needs something that is not given.
 * For names that the API sends: those of a newer Worker may be unknown here.
 */
export const sayIfKnown = (name: string, given: Given = {}): string | undefined => {
  const sentence = [...groups].map(group => wordsOf(language(), group)?.[name]).find(found => found !== undefined);
  const said = sentence === undefined ? '' : fillSentence(sentence, language(), isolated(given));
  return said === '' || /\{\w+\}/.test(said) ? undefined : said;
};

/** Makes something once for each language that is spoken, as a formatter is. */
export const inLanguage = <Made>(make: (language: Language) => Made): (() => Made) => {
  const made = new Map<Language, Made>();
  return () => {
    const spoken = language();
    const found = made.get(spoken) ?? make(spoken);
    made.set(spoken, found);
    return found;
  };
};
