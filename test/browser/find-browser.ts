/**
 * The browser of the tests. On Linux an npm package holds a whole Chromium, so `npm ci` has brought it; elsewhere an
 * installed Chrome. The package's own arguments are left out: they switch off what we test (`--disable-web-security`).
 */
import chromium from '@sparticuz/chromium';

export const findBrowser = async () =>
  process.platform === 'linux' && process.arch === 'x64'
    ? { executablePath: await chromium.executablePath(), args: ['--no-sandbox'] }
    : { channel: 'chrome' };
