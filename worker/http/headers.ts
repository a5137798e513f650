/**
 * The headers of every answer that the Worker gives. web/public/_headers says the same for the pages, with a policy that
 * lets them load themselves; a test holds the two together.
 */
import type { MiddlewareHandler } from 'hono';

const FEATURES =
  'accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation gyroscope hid idle-detection ' +
  'magnetometer microphone midi payment picture-in-picture screen-wake-lock serial usb xr-spatial-tracking';

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; form-action 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': FEATURES.replaceAll(/\S+/g, '$&=()').replaceAll(' ', ', '),
} as const;

/** A page that the Worker passes on keeps its own policy. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) {
    if (!c.res.headers.has(name)) c.header(name, value);
  }
};
