/** Where a request came from, in words of our own list: what the header says is never kept or mailed. */
import Bowser from 'bowser';
import type { Visitor } from '../visitor.ts';
import type { AppContext } from './app-env.ts';
import { remembered } from './remembered.ts';

const BROWSERS: Record<string, string> = {
  Chrome: 'Chrome',
  Chromium: 'Chromium',
  Firefox: 'Firefox',
  Safari: 'Safari',
  'Microsoft Edge': 'Edge',
  Opera: 'Opera',
  'Opera Touch': 'Opera',
  'Samsung Internet for Android': 'Samsung Internet',
  Vivaldi: 'Vivaldi',
  DuckDuckGo: 'DuckDuckGo',
};
const SYSTEMS: Record<string, string> = {
  Windows: 'Windows',
  macOS: 'macOS',
  Linux: 'Linux',
  Android: 'Android',
  iOS: 'iOS',
  'Chrome OS': 'ChromeOS',
};

/** Longer ones are no browser's, and parsing is by many expressions. */
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

/** Bowser makes a name of whatever stands first in the header: `constructor` is no word of a list. */
const wordFor = (list: Record<string, string>, name = ''): string | undefined =>
  Object.hasOwn(list, name) ? list[name] : undefined;

/** Such as `Firefox on Windows`; null where neither is known. */
export const userAgentWords = (header: string): string | null =>
  header === '' || header.length > MAX_HEADER_LENGTH ? null : wordsOf(header);

const wordsOf = remembered((header: string): string | null => {
  const { browser, os } = Bowser.parse(header);
  const browserName = wordFor(BROWSERS, browser.name);
  const systemName = wordFor(SYSTEMS, os.name);
  if (browserName && systemName) return `${browserName} on ${systemName}`;
  return browserName ?? systemName ?? null;
});
