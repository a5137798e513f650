/** Headers that a browser would not send, or only for another site. The values are Latin-1, as the wire has them. */
import fc from 'fast-check';
import { APP_URL } from './harness.ts';

const odd = fc.oneof(
  fc.constantFrom('', ' ', '*', 'null', '\u00e9', '%00', '"', '{{7*7}}', 'x'.repeat(4000)),
  fc.string({ maxLength: 60 }).map(value => value.replaceAll(/[^\x20-\x7e]/g, '?')),
);
const oneOf = (...values: string[]) => fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...values) }, odd);
/** Of an empty header the local server drops some and passes others: where the answer hangs on it, there is none. */
const filledOneOf = (...values: string[]) => oneOf(...values).filter(value => value.trim() !== '');

const secret = 'A'.repeat(43);

const CONTENT_TYPES = [
  'application/json',
  'Application/JSON; charset=utf-8',
  'application/json;charset=utf-16',
  'application/json, text/plain',
  'application/json\t',
  'application/jsonp',
  'application/vnd.api+json',
  'text/plain',
  'text/plain; application/json',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  ';application/json',
];

/** Any of them may come along. */
export const hostileHeaders = fc.record(
  {
    'Content-Type': oneOf('application/json', 'application/json', 'application/json', ...CONTENT_TYPES),
    Origin: filledOneOf(
      APP_URL,
      APP_URL,
      'null',
      'https://evil.example',
      `${APP_URL}.evil.example`,
      `${APP_URL}/`,
      'http://localhost',
      'HTTP://LOCALHOST:8787',
    ),
    'Sec-Fetch-Site': filledOneOf('same-origin', 'same-origin', 'same-site', 'cross-site', 'none', 'Same-Origin'),
    Cookie: oneOf(
      `rekey-session=${secret}`,
      'rekey-session=',
      `rekey-session=${secret}; rekey-session=${secret}`,
      `__Host-session=${secret}`,
      `rekey-session="${secret}"`,
      `rekey-browser=${secret}; rekey-session=%00`,
      'rekey-browser=AAAAAAAAAAAAAAAAAAAAAA~a!b*c',
      `rekey-browser=${'~a!b'.repeat(500)}`,
      '=;=;;',
      '__proto__=x; constructor=y',
    ),
    Authorization: oneOf('Bearer x', 'Basic YWRtaW46YWRtaW4=', 'Bearer'),
    'X-HTTP-Method-Override': oneOf('DELETE', 'GET', 'PATCH'),
    'X-Forwarded-Host': oneOf('evil.example'),
    'X-Forwarded-For': oneOf('127.0.0.1'),
    'X-Original-URL': oneOf('/api/account'),
    Forwarded: oneOf('host=evil.example;proto=http'),
    Accept: oneOf('text/html', 'application/xml;q=0.9, */*;q=0.1', 'application/json;q=0'),
    // Others the local server refuses by itself, before the Worker sees them.
    'Accept-Encoding': fc.constantFrom('gzip', 'br', 'identity', 'gzip, br;q=0.5, *;q=0.1'),
    'Accept-Language': oneOf('de', '*', '-'),
    'Content-Encoding': oneOf('gzip', 'identity', 'x-unknown'),
    'Content-Language': odd,
    'If-None-Match': oneOf('*', '"x"'),
    'If-Match': oneOf('*', '"x"'),
    'If-Modified-Since': oneOf('Thu, 01 Jan 1970 00:00:00 GMT'),
    Range: oneOf('bytes=0-0', 'bytes=-1', 'bytes=9-1'),
    'User-Agent': oneOf('Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0', '(((((((((('),
    'CF-IPCountry': oneOf('DE', 'XX', 'T1'),
    'X-Request-Id': oneOf('mine'),
    Via: odd,
    Referer: oneOf('https://evil.example/#token'),
  },
  { requiredKeys: [] },
);

export type HostileHeaders = Partial<Record<string, string>>;

/** What the contract says of them: 403, 415, or neither. */
export const refusedByHeaders = (headers: HostileHeaders): 'forbidden_origin' | 'unsupported_media_type' | null => {
  // A value comes without the spaces around it.
  const sent = (name: string) => headers[name]?.trim();
  const [origin, site] = [sent('Origin'), sent('Sec-Fetch-Site')];
  const isOwn = origin === undefined ? site === undefined || site === 'same-origin' : origin === APP_URL;
  if (!isOwn) return 'forbidden_origin';
  const type = sent('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/json' ? null : 'unsupported_media_type';
};
