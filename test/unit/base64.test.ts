/** Bytes as text, as Buffer does it, and nothing but null for what is none. */
import { describe, expect, test } from 'vitest';
import { fromBase64, fromBase64Url, randomBase64Url, toBase64, toBase64Url } from '../../worker/credentials/base64.ts';

const SAMPLES = Array.from({ length: 40 }, (_, length) =>
  Uint8Array.from({ length }, (_, at) => (at * 89 + 251) % 256),
);

test('bytes of every length go out without padding and come back the same', () => {
  for (const bytes of SAMPLES) {
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64').replaceAll('=', ''));
    expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
  }
});

describe('what is no base64 is null and never throws', () => {
  test.each([
    'A',
    'AAAAA',
    'A=',
    'AA=',
    'AAA==',
    'AAAA=',
    'AAAA==',
    '=',
    '==',
    '===',
    'A=AA',
    'AA AA',
    'AA\n',
    'AA.A',
    'é',
    '🔒',
    '\0',
  ])('%j', text => {
    expect(fromBase64(text)).toBeNull();
    expect(fromBase64Url(text)).toBeNull();
  });

  test('and neither alphabet passes for the other', () => {
    expect([fromBase64('-_'), fromBase64Url('+/')]).toEqual([null, null]);
    expect([fromBase64('+/'), fromBase64Url('-_')]).toEqual([Uint8Array.of(251), Uint8Array.of(251)]);
  });
});

test('random text has the length of its bytes and is never the same', () => {
  expect([randomBase64Url(16).length, randomBase64Url(32).length]).toEqual([22, 43]);
  expect(randomBase64Url(16)).not.toBe(randomBase64Url(16));
});
