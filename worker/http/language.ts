/**
 * The language of a request that no account speaks for: the cookie that the page's switcher sets, else what the browser
 * says. It picks the words of a mail to an address without an account, and never those of an owner's mail.
 */
import { getCookie } from 'hono/cookie';
import { isLanguage, type Language, matchLanguage, USUAL_LANGUAGE } from '../contract/languages.ts';
import type { MailAsked } from '../mail/job.ts';
import type { AppContext } from './app-env.ts';
import { visitorOf } from './visitor.ts';

/** Longer ones are no browser's. */
const MAX_HEADER_LENGTH = 512;

export const languageOf = (c: AppContext): Language => {
  const chosen = getCookie(c, 'language');
  if (isLanguage(chosen)) return chosen;
  return matchLanguage(acceptedLanguages(c.req.header('Accept-Language') ?? '')) ?? USUAL_LANGUAGE;
};

/** Who asks for a mail, as its job keeps it. */
export const askedBy = (c: AppContext): MailAsked => ({ ...visitorOf(c), language: languageOf(c) });

/** The tags of an Accept-Language header, the most wanted first (RFC 9110 12.5.4); refused ones (`q=0`) are left out. */
export const acceptedLanguages = (header: string): string[] => {
  if (header.length > MAX_HEADER_LENGTH) return [];
  return header
    .split(',')
    .map(part => {
      const [tag = '', ...parameters] = part.split(';').map(text => text.trim());
      const weight = parameters.find(text => /^q=/i.test(text))?.slice(2) ?? '1';
      return { tag, weight: /^[01](\.\d{0,3})?$/.test(weight) ? Number(weight) : 0 };
    })
    .filter(({ tag, weight }) => /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/i.test(tag) && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
};
