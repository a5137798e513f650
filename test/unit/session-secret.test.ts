/** Sessions as they are made: what the cookie holds, what the database holds, and how long either lives. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashSessionSecret, newSecurityStamp, newSession } from '../../worker/credentials/session-secret.ts';
import { configWith } from './settings.ts';

const NOW = 1_800_000_000_000;
const config = configWith({ SESSION_TTL: '1000' });

test('the cookie holds 256 random bits, and the row no more than their SHA-256', async () => {
  const { row, cookie } = await newSession(config, 'stamp', true, NOW);
  expect(cookie.secret).toMatch(/^[\w-]{43}$/);
  expect(row.secretHash).toBe(createHash('sha256').update(cookie.secret).digest('base64url'));
  expect(row.secretHash).toBe(await hashSessionSecret(cookie.secret));
  expect(JSON.stringify(row)).not.toContain(cookie.secret);
});

test('remembered, cookie and row end together, as the settings say', async () => {
  const { row, cookie } = await newSession(config, 'stamp', true, NOW);
  expect(cookie.maxAgeSeconds).toBe(1000);
  expect(row).toMatchObject({ stamp: 'stamp', createdAt: NOW, expiresAt: NOW + 1_000_000 });
});

test('not remembered, the cookie ends with the browser and the row after 43200 seconds', async () => {
  const { row, cookie } = await newSession(config, 'stamp', false, NOW);
  expect(cookie.maxAgeSeconds).toBeNull();
  expect(row.expiresAt).toBe(NOW + 43_200_000);
});

test('no two sessions share a secret or an id, and the id tells nothing of the secret', async () => {
  const made = await Promise.all(Array.from({ length: 50 }, () => newSession(config, 'stamp', true, NOW)));
  expect(new Set(made.map(({ cookie }) => cookie.secret)).size).toBe(50);
  expect(new Set(made.map(({ row }) => row.id)).size).toBe(50);
  for (const { row, cookie } of made) expect(cookie.secret).not.toContain(row.id);
});

test('a security stamp is 128 random bits', () => {
  const stamps = Array.from({ length: 50 }, newSecurityStamp);
  for (const stamp of stamps) expect(stamp).toMatch(/^[\w-]{22}$/);
  expect(new Set(stamps).size).toBe(50);
});
