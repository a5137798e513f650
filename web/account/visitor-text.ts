/** Where something came from, in words. */

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** T1 is what Cloudflare calls the Tor network; it is no region, and asking Intl for it throws. */
const countryName = (code: string): string | undefined => {
  if (code === 'T1') return 'Tor network';
  return /^[A-Z]{2}$/.test(code) ? regions.of(code) : undefined;
};

export const browserName = (userAgent: string | null): string => userAgent ?? 'Unknown browser';

export const countryText = (code: string | null): string | undefined => (code ? countryName(code) : undefined);
