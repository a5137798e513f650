/**
 * The headers of every answer that the Worker gives. web/public/_headers says the same for the pages, with a policy that
 * lets them load themselves; a test holds the two together.
 */
import type { AppContext } from './app-env.ts';

const FEATURES =
  'accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation gyroscope hid idle-detection ' +
  'magnetometer microphone midi payment picture-in-picture screen-wake-lock serial usb xr-spatial-tracking';

const SECURITY_HEADERS = Object.entries({
  'Content-Security-Policy':
    "default-src 'none'; form-action 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': FEATURES.replaceAll(/\S+/g, '$&=()').replaceAll(' ', ', '),
});

/**
 * On every answer, whoever gave it; a page that the Worker passes on keeps its own policy. Set on the answer itself: Hono's
 * `c.header` would copy a finished one for each header.
 */
export const setHeaders = (c: AppContext): void => {
  const { headers } = c.res;
  const hasPolicy = headers.has('Content-Security-Policy');
  for (const [name, value] of SECURITY_HEADERS) {
    if (!(hasPolicy && headers.has(name))) headers.set(name, value);
  }
  if (c.req.path.startsWith('/api/')) headers.set('Cache-Control', 'no-store');
  headers.set('X-Request-Id', c.get('requestId'));
};
