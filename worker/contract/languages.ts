/**
 * The languages that pages and letters speak, as BCP 47 tags. Their words are in words/: adding a language is a line here
 * and a folder there.
 */

/** Each in its own words, for whoever cannot read the one that is shown. */
export const LANGUAGES = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  'pt-BR': 'Português (Brasil)',
  ja: '日本語',
  'zh-Hans': '简体中文',
  ar: 'العربية',
} as const;
export type Language = keyof typeof LANGUAGES;

export const USUAL_LANGUAGE: Language = 'en';

export const isLanguage = (tag: unknown): tag is Language => typeof tag === 'string' && Object.hasOwn(LANGUAGES, tag);

/** The HTML standard's `dir`. */
export const directionOf = (language: Language): 'ltr' | 'rtl' => (language === 'ar' ? 'rtl' : 'ltr');

/**
 * The first of these tags that we speak, or null: `de-AT` is served by `de`, any Portuguese by Brazil's (RFC 4647 3.4, by
 * primary language). Traditional Chinese is left to the person's next choice, since it is another script.
 */
export const matchLanguage = (tags: readonly string[]): Language | null => {
  for (const tag of tags) {
    const [primary, ...rest] = tag.toLowerCase().split('-');
    const isTraditional =
      rest.some(part => part === 'hant') || (!rest.includes('hans') && /tw|hk|mo/.test(rest.join()));
    if (primary === 'zh' && isTraditional) continue;
    const found = Object.keys(LANGUAGES).find(known => known.toLowerCase().split('-')[0] === primary);
    if (isLanguage(found)) return found;
  }
  return null;
};
