/** Where something came from, in words. */
import { inLanguage, say } from '../words.ts';

const regions = inLanguage(language => new Intl.DisplayNames(language, { type: 'region', fallback: 'none' }));

/** T1 is what Cloudflare calls the Tor network; it is no region, and asking Intl for it throws. */
const countryName = (code: string): string | undefined => {
  if (code === 'T1') return say('account.tor');
  return /^[A-Z]{2}$/.test(code) ? regions().of(code) : undefined;
};

/** The API's `Firefox on Windows` is two names of its own list (worker/http/visitor.ts), or one of them alone. */
export const browserName = (userAgent: string | null): string => {
  const [browser, system] = userAgent?.split(' on ') ?? [];
  if (browser && system) return say('account.browser-on-system', { browser, system });
  return userAgent ?? say('account.unknown-browser');
};

export const countryText = (code: string | null): string | undefined => (code ? countryName(code) : undefined);
