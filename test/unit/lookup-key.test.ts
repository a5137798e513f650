/** What is remembered of an address without an account: a keyed hash of it, folded. */
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { foldAddress, lookupKey } from '../../worker/credentials/lookup-key.ts';
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
