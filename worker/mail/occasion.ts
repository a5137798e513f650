/** When and from where, in the words of a language. The same moment and visitor always give the same text. */
import type { Language } from '../contract/languages.ts';
import type { Visitor } from '../visitor.ts';
import type { Words } from './letter-words.ts';

export type Occasion = Visitor & { atMs: number };

/** Days and hours as the language writes them. English here is Britain's: 24 hours, day before month. */
const localeOf = (language: Language): string => (language === 'en' ? 'en-GB' : language);

/** Such as `23 November 2026 at 14:05 GMT+1`; in UTC where the time zone is not known, or unknown to this runtime. */
export const sayMoment = (language: Language, ms: number, timeZone: string | null): string => {
  const format = (zone: string) =>
    new Intl.DateTimeFormat(localeOf(language), {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      timeZone: zone,
      timeZoneName: zone === 'UTC' ? 'short' : 'shortOffset',
    }).format(ms);
  try {
    return format(timeZone ?? 'UTC');
  } catch {
    return format('UTC');
  }
};

/** Such as `Firefox on Windows, Germany`: words of our own list. Null where nothing is known. */
const sayPlace = (words: Words, { userAgent, country }: Visitor): string | null => {
  const [name, system] = userAgent?.split(' on ') ?? [];
  const browser = name && system ? words.say('browser-on-system', { browser: name, system }) : name;
  const region = country && sayCountry(words.language, country);
  if (browser && region) return words.say('browser-and-country', { browser, country: region });
  return browser || region || null;
};

const sayCountry = (language: Language, code: string): string | null => {
  try {
    return new Intl.DisplayNames(localeOf(language), { type: 'region', fallback: 'none' }).of(code) ?? null;
  } catch {
    return null;
  }
};

/** A sentence that says when it was, and from where, if that is known. */
export const sayOccasion = (words: Words, key: 'asked' | 'happened', { atMs, ...visitor }: Occasion): string => {
  const moment = sayMoment(words.language, atMs, visitor.timeZone);
  const place = sayPlace(words, visitor);
  return place === null ? words.say(key, { moment }) : words.say(`${key}-from`, { moment, place });
};
