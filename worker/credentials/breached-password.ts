/**
 * Has this password leaked? Asks a range API by k-anonymity: five hex digits of a SHA-1 leave the house, padded answers
 * hide how many matched. The call may fail without stopping anyone.
 */
import type { Config } from '../config.ts';
import { errorClasses, log } from '../log.ts';

const TIMEOUT_MS = 1000;

/** Whether the list holds the password (normalized). False where no API is configured or it does not answer in 1 s. */
export const isBreached = async (config: Config, password: string): Promise<boolean> => {
  if (config.breachApiUrl === null) return false;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-1', new TextEncoder().encode(password)));
  const hex = [...digest]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
  const [prefix, suffix] = [hex.slice(0, 5), hex.slice(5)];
  try {
    const response = await fetch(`${config.breachApiUrl}/range/${prefix}`, {
      headers: { 'Add-Padding': 'true', 'User-Agent': 'Rekey' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error('not ok');
    // Lines of `SUFFIX:COUNT`; a padding line counts zero.
    return new RegExp(`^${suffix}:0*[1-9]`, 'm').test(await response.text());
  } catch (error) {
    log('warn', 'breach_api_failed', { error: errorClasses(error) });
    return false;
  }
};
