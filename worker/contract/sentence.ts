/** A sentence of the catalogue (words/), and how it is filled in. Page and letters use the same. */
import type { Language } from './languages.ts';

/**
 * With `{name}` where something goes in. One that counts has a form for each plural category that the language uses
 * (Unicode CLDR), and `{count}` decides between them.
 */
export type Sentence = string | { readonly [Category in Intl.LDMLPluralRule]?: string };

/** Numbers are written as the language writes them; text goes in as it is. */
export type Given = Readonly<Record<string, string | number>>;

export const fillSentence = (sentence: Sentence, language: Language, given: Given = {}): string => {
  const form =
    typeof sentence === 'string'
      ? sentence
      : (sentence[new Intl.PluralRules(language).select(Number(given.count))] ?? sentence.other ?? '');
  return form.replace(/\{(\w+)\}/g, (gap, name: string) => {
    const value = given[name];
    return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : (value ?? gap);
  });
};
