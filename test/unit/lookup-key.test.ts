/** What is remembered of strangers' addresses, browsers and the names of the gone: keyed hashes of them. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  foldAddress,
  isLookupKey,
  lookupKey,
  mailAddressKey,
  restingNameKey,
} from '../../worker/credentials/lookup-key.ts';
import { configWith, SECRET_B, SECRET_C } from './settings.ts';

test.each([
  ['ada@example.com', 'ada@example.com'],
  ['Ada@Example.COM', 'ada@example.com'],
  ['ada+shop@example.com', 'ada@example.com'],
  ['ada+a+b+c@example.com', 'ada@example.com'],
  ['ada+@example.com', 'ada@example.com'],
  ['ADA+SHOP@EXAMPLE.COM', 'ada@example.com'],
  ['+ada@example.com', '+ada@example.com'],
  ['+ada+shop@example.com', '+ada@example.com'],
  ['++@example.com', '+@example.com'],
  // Dots and hyphens tell people apart elsewhere than at Gmail.
  ['a.d.a@example.com', 'a.d.a@example.com'],
  ['ada-shop@example.com', 'ada-shop@example.com'],
])('%s is counted as %s', (address, folded) => {
  expect(foldAddress(address)).toBe(folded);
  expect(foldAddress(folded)).toBe(folded);
});

test('the key of an address is the HMAC-SHA-256 that node:crypto makes of its use and itself', async () => {
  const mac = createHmac('sha256', Buffer.from(SECRET_C, 'base64url')).update('stranger mail\0ada@example.com');
  expect(await lookupKey(configWith(), 'stranger mail', 'ada@example.com')).toBe(mac.digest('base64url'));
});

test('the key is the same every time, also after the secret of the links was replaced', async () => {
  const key = await lookupKey(configWith(), 'a', 'b');
  expect(await lookupKey(configWith({ TOKEN_SECRET: SECRET_B }), 'a', 'b')).toBe(key);
});

test('another use, another text or another secret makes another key, and none of them holds the text', async () => {
  const other = configWith({ LOOKUP_SECRET: SECRET_B });
  const keys = await Promise.all([
    lookupKey(configWith(), 'stranger mail', 'ada@example.com'),
    lookupKey(configWith(), 'suppressed', 'ada@example.com'),
    lookupKey(configWith(), 'stranger mail', 'eve@example.com'),
    lookupKey(other, 'stranger mail', 'ada@example.com'),
    // What moves over the border between use and text is no collision.
    lookupKey(configWith(), 'stranger', 'mail\0ada@example.com'),
    lookupKey(configWith(), 'stranger mail', ''),
  ]);
  expect(new Set(keys).size).toBe(keys.length);
  for (const key of keys) expect(key).toMatch(/^[\w-]{43}$/);
});

describe('a keyed hash that comes back', () => {
  const is = (use: string, text: string, mac: string, given = {}) => isLookupKey(configWith(given), use, text, mac);

  test('is known as the one of its use and text', async () => {
    const mac = await lookupKey(configWith(), 'browser cookie', 'text');
    expect(await is('browser cookie', 'text', mac)).toBe(true);
  });

  test('is not known for another use, text or secret, nor over a moved border', async () => {
    const mac = await lookupKey(configWith(), 'browser cookie', 'text');
    expect(await is('browser account', 'text', mac)).toBe(false);
    expect(await is('browser cookie', 'texu', mac)).toBe(false);
    expect(await is('browser cookie', '', mac)).toBe(false);
    expect(await is('browser', 'cookie\0text', mac)).toBe(false);
    expect(await is('browser cookie', 'text', mac, { LOOKUP_SECRET: SECRET_B })).toBe(false);
    expect(await is('browser cookie', 'text', mac, { TOKEN_SECRET: SECRET_B })).toBe(true);
  });

  test('with any character changed, cut off or added is not known, and nothing makes it throw', async () => {
    const mac = await lookupKey(configWith(), 'browser cookie', 'text');
    // The very last character carries two bits that belong to no byte.
    for (let at = 0; at < mac.length - 1; at += 1) {
      const changed = mac.slice(0, at) + (mac[at] === 'A' ? 'B' : 'A') + mac.slice(at + 1);
      expect(await is('browser cookie', 'text', changed), `character ${at}`).toBe(false);
    }
    const others = [
      '',
      '=',
      mac.slice(1),
      mac.slice(0, -1),
      `${mac}A`,
      mac + mac,
      `${mac}*`,
      ' ',
      '\0',
      'é',
      '🔒',
      '\ud800',
    ];
    for (const other of others) expect(await is('browser cookie', 'text', other), JSON.stringify(other)).toBe(false);
  });
});

test('a name rests without case, under a use of its own', async () => {
  const key = await restingNameKey(configWith(), 'Ada.L');
  expect(key).toBe(await restingNameKey(configWith(), 'aDA.l'));
  expect(key).toBe(await lookupKey(configWith(), 'resting username', 'ada.l'));
  expect(key).not.toBe(await restingNameKey(configWith(), 'ada-l'));
  expect(key).not.toBe(await restingNameKey(configWith({ LOOKUP_SECRET: SECRET_B }), 'Ada.L'));
});

test('the record of a mail knows its address without case, with its tag, and under a use of its own', async () => {
  const key = await mailAddressKey(configWith(), ' Ada+Shop@Example.com ');
  expect(key).toBe(await lookupKey(configWith(), 'mail address', 'ada+shop@example.com'));
  expect(key).not.toBe(await mailAddressKey(configWith(), 'ada@example.com'));
});
