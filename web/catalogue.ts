/**
 * The words of words/, loaded by language and group: only the language in use, only what the page at hand says. Knows
 * nothing of Solid, so that first-words.ts can start the loading before anything else is there.
 */
import { isLanguage, type Language, matchLanguage, USUAL_LANGUAGE } from '../worker/contract/languages.ts';
import type { Sentence } from '../worker/contract/sentence.ts';

/** `choosing`: where a username, a password or an address is chosen. `links`: the pages that mailed links open. */
export type Group = 'every-page' | 'home' | 'sign-in' | 'waiting' | 'choosing' | 'links' | 'account';
export type Words = Readonly<Record<string, Sentence>>;

const FILES = import.meta.glob<Words>(['../words/*/*.json', '!../words/*/letters.json'], { import: 'default' });
const fileOf = (language: Language, group: Group) => `../words/${language}/${group}.json`;

const loaded: { [file: string]: Words } = {};

/** The words, where they are there. */
export const wordsOf = (language: Language, group: Group): Words | undefined => loaded[fileOf(language, group)];

/** Rejects where the words do not come. A try that failed can be made again. */
export const loadWords = async (language: Language, groups: Iterable<Group>): Promise<void> => {
  await Promise.all(
    [...groups].map(async group => {
      const file = fileOf(language, group);
      const load = FILES[file];
      // The account's language may be a newer release's.
      if (!load) throw new Error(`no words ${file}`);
      loaded[file] ??= await load();
    }),
  );
};

const GROUPS: { [path: string]: Group[] } = {
  '/': ['home'],
  '/login': ['sign-in'],
  '/register': ['sign-in'],
  '/forgot-password': ['sign-in'],
  '/complete-registration': ['links', 'choosing'],
  '/reset-password': ['links', 'choosing'],
  '/change-email': ['links', 'choosing'],
  '/secure-account': ['links', 'choosing'],
  '/account': ['account', 'choosing'],
};

/** Whether a page of ours is at this path: others on this host belong to other Workers, or to nobody. */
export const isOwnPage = (path: string): boolean => Object.hasOwn(GROUPS, path);

/** What the page at this path says, beside what every page says. Any other path is the not-found page's. */
export const groupsOf = (path: string): Group[] => GROUPS[path] ?? ['home'];

/** The language until it is known who is signed in: the one that was chosen here, else what the browser asks for. */
export const likelyLanguage = (): Language => {
  const chosen = /(?:^|; )language=([\w-]+)/.exec(document.cookie)?.[1];
  const language = isLanguage(chosen) ? chosen : matchLanguage(navigator.languages);
  return language ?? USUAL_LANGUAGE;
};
