/**
 * Holds the catalogue of words/ against itself and against the code that says it. The build runs it (vite.config.ts), and
 * so does test/unit/words.test.ts. Each complaint names file and key and says what to do.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Plugin } from 'vite';
import { LANGUAGES } from '../worker/contract/languages.ts';
import { type Said, saidIn } from './said-words.ts';

/** Contents by path from the repository's root: `words/de/home.json`, `web/app.tsx`. */
export type Files = Readonly<Record<string, string>>;

type Sentence = string | Record<string, string>;
type Words = Record<string, Sentence>;

const USUAL = 'en';
/** What mails say: the Worker names these keys without their group, some as a letter's kind and what of it is said. */
const LETTERS = 'letters';
const LETTERS_FOLDER = 'worker/mail/';
/** Keys that are made of a name of the API's: a key is in use where these files hold the name. */
const FAMILIES: Record<string, string[]> = {
  'problem-': ['worker/contract/problems.ts', 'web/api.ts'],
  'rule-': ['worker/contract/fields.ts'],
  'activity-': ['worker/contract/responses.ts'],
};

const gapsIn = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))];
const gapsOf = (sentence: Sentence): string[] =>
  gapsIn(typeof sentence === 'string' ? sentence : Object.values(sentence).join(' ')).sort();
const namesOf = (names: readonly string[]) => names.map(name => `{${name}}`).join(', ') || 'none';
const isEqual = (a: readonly string[], b: readonly string[]) => [...a].sort().join() === [...b].sort().join();

/** What is wrong with one sentence of a language, held against the English one. */
const problemsOf = (sentence: unknown, english: Sentence, language: string): string[] => {
  const isPlural = typeof sentence === 'object' && sentence !== null;
  if (!isPlural && typeof sentence !== 'string') return ['is no sentence: write a text, or an object of plural forms'];
  if (isPlural !== (typeof english === 'object')) {
    return [`is ${isPlural ? 'an object of plural forms' : 'one text'} where English is not: write it as English does`];
  }
  const forms: Record<string, string> = isPlural ? (sentence as Record<string, string>) : { '': String(sentence) };
  const problems = Object.entries(forms).flatMap(([category, text]) => {
    const which = category && ` ("${category}")`;
    if (typeof text !== 'string' || text.trim() === '') return [`is empty${which}: write the sentence`];
    const found: string[] = [];
    if (text !== text.trim()) found.push(`has space around it${which}: take it off`);
    if (/[{}]/.test(text.replace(/\{\w+\}/g, ''))) found.push(`has a brace too many${which}: write gaps as {name}`);
    const [own, due] = [gapsIn(text), gapsOf(english)];
    // "one browser", "two browsers" may do without the number; every other gap stands in every form.
    const isFree = (name: string) => name === 'count' && category !== 'other';
    const missing = due.filter(name => !own.includes(name) && !isFree(name));
    const extra = own.filter(name => !due.includes(name));
    if (missing.length > 0) found.push(`leaves out ${namesOf(missing)}${which}: English has it`);
    if (extra.length > 0) found.push(`has ${namesOf(extra)}${which}, which English does not: use ${namesOf(due)}`);
    return found;
  });
  if (!isPlural) return problems;
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  if (isEqual(Object.keys(forms), categories)) return problems;
  return [
    ...problems,
    `has the forms ${Object.keys(forms).join(', ')}: ${language} needs exactly ${categories.join(', ')}`,
  ];
};

/** Read, or why it cannot be. A file that holds a key twice says less than it seems to. */
const parseWords = (path: string, text: string, complain: (complaint: string) => void): Words => {
  try {
    const words = JSON.parse(text) as Words;
    const keys = [...text.matchAll(/^ {2}"([^"]+)":/gm)].map(([, key = '']) => key);
    for (const key of new Set(keys)) {
      if (keys.indexOf(key) !== keys.lastIndexOf(key)) complain(`${path}: "${key}" stands there twice: keep one`);
    }
    return words;
  } catch (error) {
    complain(`${path} is no JSON: ${error instanceof Error ? error.message : error}`);
    return {};
  }
};

const checkLanguages = (files: Files, languages: readonly string[], complain: (complaint: string) => void) => {
  const pathOf = (language: string, group: string) => `words/${language}/${group}.json`;
  const groups = Object.keys(files).flatMap(path => /^words\/en\/(.+)\.json$/.exec(path)?.[1] ?? []);
  const folders = [...new Set(Object.keys(files).flatMap(path => /^words\/([^/]+)\//.exec(path)?.[1] ?? []))];
  for (const folder of folders.filter(name => !languages.includes(name))) {
    complain(`words/${folder}/ is the folder of no language: add it to LANGUAGES in worker/contract/languages.ts`);
  }
  for (const language of languages) {
    const has = (group: string) => pathOf(language, group) in files;
    for (const group of groups) {
      const path = pathOf(language, group);
      if (!has(group)) complain(`${path} is missing: translate words/${USUAL}/${group}.json`);
      else compare(path, language, files, pathOf(USUAL, group), complain);
    }
    for (const path of Object.keys(files)) {
      if (!path.startsWith(`words/${language}/`) || groups.some(group => path === pathOf(language, group))) continue;
      complain(`${path} has no file of the same name in words/${USUAL}/: remove it, or add the English one`);
    }
  }
};

const compare = (
  path: string,
  language: string,
  files: Files,
  englishPath: string,
  complain: (complaint: string) => void,
) => {
  const words = parseWords(path, files[path] ?? '', complain);
  const english = path === englishPath ? words : parseWords(englishPath, files[englishPath] ?? '', () => {});
  for (const [key, sentence] of Object.entries(english)) {
    if (!(key in words)) {
      complain(`${path}: "${key}" is missing: translate ${JSON.stringify(sentence)}`);
      continue;
    }
    for (const problem of problemsOf(words[key], sentence, language)) complain(`${path}: "${key}" ${problem}`);
  }
  for (const key of Object.keys(words)) {
    if (!(key in english)) complain(`${path}: "${key}" is not in ${englishPath}: remove it, or add it there`);
  }
};

/** Every key that is said exists and gets what its gaps need; every key that exists is said. */
const checkUse = (files: Files, complain: (complaint: string) => void) => {
  const english = new Map<string, Sentence>();
  for (const [path, text] of Object.entries(files)) {
    const group = /^words\/en\/(.+)\.json$/.exec(path)?.[1];
    for (const [key, sentence] of Object.entries(group ? parseWords(path, text, () => {}) : {})) {
      english.set(`${group}.${key}`, sentence);
    }
  }
  const sources = Object.entries(files).filter(([path]) => /^(web|worker)\/.*\.tsx?$/.test(path));
  const names = new Map<string, ReadonlySet<string>>();
  const literals = new Set<string>();
  const letters: Said[] = [];
  for (const [path, text] of sources) {
    const said: Said = saidIn(path, text);
    names.set(path, said.literals);
    if (path.startsWith(LETTERS_FOLDER)) letters.push(said);
    for (const literal of said.literals) literals.add(literal);
    for (const { key, given } of said.calls) {
      const sentence = english.get(key);
      if (sentence === undefined) complain(`${path} says "${key}", which is not in words/${USUAL}/: add it there`);
      else if (given && !isEqual(given, gapsOf(sentence))) {
        complain(`${path} says "${key}" with ${namesOf(given)}: the sentence needs ${namesOf(gapsOf(sentence))}`);
      }
    }
    for (const text of said.unspoken)
      complain(`${path}: ${JSON.stringify(text)} is no word of the catalogue: say() it`);
  }
  const isOfFamily = (name: string) =>
    Object.entries(FAMILIES).some(
      ([prefix, from]) => name.startsWith(prefix) && from.some(path => names.get(path)?.has(name.slice(prefix.length))),
    );
  const isOfLetter = (name: string) => {
    const [kind = '', part] = name.split('-');
    const isMade = letters.some(said => said.literals.has(kind)) && letters.some(said => said.tails.has(`-${part}`));
    return literals.has(name) || isMade;
  };
  for (const key of english.keys()) {
    const [group = '', name = ''] = key.split('.');
    if (literals.has(key) || isOfFamily(name) || (group === LETTERS && isOfLetter(name))) continue;
    complain(`words/${USUAL}/${group}.json: "${name}" is said nowhere: remove it from every language`);
  }
};

/** What is wrong, sentence by sentence; nothing where all is well. */
export const checkWords = (files: Files, languages: readonly string[] = Object.keys(LANGUAGES)): string[] => {
  const complaints: string[] = [];
  const complain = (complaint: string) => void complaints.push(complaint);
  checkLanguages(files, languages, complain);
  checkUse(files, complain);
  return complaints;
};

export const readWordsAndSources = (root: string): Files => {
  const found = ['words', 'web', 'worker'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(name =>
      posix.join(folder, name.replaceAll('\\', '/')),
    ),
  );
  const isRead = (path: string) => /^words\/.*\.json$|^(web|worker)\/.*\.tsx?$/.test(path);
  return Object.fromEntries(found.filter(isRead).map(path => [path, readFileSync(join(root, path), 'utf8')]));
};

/** No page is built of words that are not there. */
export const wordsAreWhole = ({ root }: { root: string }): Plugin => ({
  name: 'words-are-whole',
  buildStart() {
    const complaints = checkWords(readWordsAndSources(root));
    if (complaints.length > 0) this.error(`The words are not whole:\n${complaints.join('\n')}`);
  },
});
