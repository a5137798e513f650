/** Where a request came from, in words of our own list: what the header says is never kept or mailed. */
import type { Visitor } from '../visitor.ts';
import type { AppContext } from './app-env.ts';
import { remembered } from './remembered.ts';

/** The product that each browser names, behind those that it only claims to be. */
const BROWSERS: readonly [products: RegExp, name: string][] = [
  [/^(Edg|EdgA|EdgiOS|Edge)$/, 'Edge'],
  [/^(OPR|OPT|OPiOS)$/, 'Opera'],
  [/^SamsungBrowser$/, 'Samsung Internet'],
  [/^Vivaldi$/, 'Vivaldi'],
  [/^(DuckDuckGo|Ddg)$/, 'DuckDuckGo'],
  [/^(Firefox|FxiOS)$/, 'Firefox'],
  [/^Chromium$/, 'Chromium'],
  [/^(Chrome|CriOS|HeadlessChrome)$/, 'Chrome'],
  [/^Safari$/, 'Safari'],
];
/** Android says that it is Linux, and an iPhone that it is like a Mac. */
const SYSTEMS: readonly [words: RegExp, name: string][] = [
  [/Windows NT/, 'Windows'],
  [/iPhone|iPad|iPod|iOS\//, 'iOS'],
  [/Macintosh/, 'macOS'],
  [/Android/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];
/** What browsers name for no other reason than that others do. */
const EVERYBODY = /^(Mozilla|AppleWebKit|Gecko|Version|Mobile)$/;
const APPLE = ['macOS', 'iOS'];

/** Longer ones are no browser's. */
const MAX_HEADER_LENGTH = 512;

export const visitorOf = (c: AppContext): Visitor => {
  const { country, timezone } = (c.req.raw.cf ?? {}) as { country?: unknown; timezone?: unknown };
  return {
    userAgent: userAgentWords(c.req.header('User-Agent') ?? ''),
    country: typeof country === 'string' && /^[A-Z]{2}$/.test(country) && country !== 'XX' ? country : null,
    timeZone: typeof timezone === 'string' && isTimeZone(timezone) ? timezone : null,
  };
};

/** Whether times can be said in it. */
const isTimeZone = remembered((name: string): boolean => {
  try {
    return name.length <= 64 && new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
});

/** Such as `Firefox on Windows`; null where neither is known. */
export const userAgentWords = (header: string): string | null => {
  if (header.length > MAX_HEADER_LENGTH) return null;
  const system = SYSTEMS.find(([words]) => words.test(header))?.[1];
  const browser = browserOf(header, system);
  return browser && system ? `${browser} on ${system}` : (browser ?? system ?? null);
};

/** Undefined for one that names a product we do not know: many are built on Chrome, claim to be it and are not. */
const browserOf = (header: string, system: string | undefined): string | undefined => {
  const products = productsIn(header).filter(product => !EVERYBODY.test(product));
  const isKnown = (product: string) => BROWSERS.some(([own]) => own.test(product));
  if (!products.every(isKnown)) return undefined;
  const name = BROWSERS.find(([own]) => products.some(product => own.test(product)))?.[1];
  // Elsewhere it is an engine of that family.
  return name === 'Safari' && !APPLE.includes(system ?? '') ? undefined : name;
};

/** The names in a header's `name/version` pairs, comments left out (RFC 9110 10.1.5). */
const productsIn = (header: string): string[] =>
  header
    .replace(/\([^()]*\)/g, ' ')
    .split(' ')
    .flatMap(word => /^([^/]+)\//.exec(word)?.[1] ?? []);
