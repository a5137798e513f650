/** Sessions as they are made: what the cookie holds, what the database holds, and how long either lives. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hashSessionSecret, newSession, newStamp, renewSession } from '../../worker/credentials/session-secret.ts';
import { configWith } from './settings.ts';

const NOW = 1_800_000_000_000;
const config = configWith({ SESSION_TTL: '1000' });
const visitor = { userAgent: 'Firefox on Windows', country: 'DE', timeZone: 'Europe/Berlin' };
const start = (remember: boolean) => newSession(config, { stamp: 'stamp', remember, visitor, nowMs: NOW });

test('the cookie holds 256 random bits, and the row no more than their SHA-256', async () => {
  const { row, cookie } = await start(true);
  expect(cookie.secret).toMatch(/^[\w-]{43}$/);
  expect(row.secretHash).toBe(createHash('sha256').update(cookie.secret).digest('base64url'));
  expect(row.secretHash).toBe(await hashSessionSecret(cookie.secret));
  expect(JSON.stringify(row)).not.toContain(cookie.secret);
});

test('remembered, cookie and row end together, as the settings say', async () => {
  const { row, cookie } = await start(true);
  expect(cookie.maxAgeSeconds).toBe(1000);
  expect(row).toMatchObject({ stamp: 'stamp', createdAt: NOW, expiresAt: NOW + 1_000_000, remembered: true });
});

test('not remembered, the cookie ends with the browser and the row after 43200 seconds', async () => {
  const { row, cookie } = await start(false);
  expect(cookie.maxAgeSeconds).toBeNull();
  expect(row).toMatchObject({ stamp: 'stamp', createdAt: NOW, expiresAt: NOW + 43_200_000, remembered: false });
});

test('the row says in words where it was started, and holds nothing else', async () => {
  const { row } = await start(true);
  expect(row.visitor).toEqual(visitor);
  expect(Object.keys(row).sort()).toEqual(
    ['id', 'secretHash', 'stamp', 'createdAt', 'expiresAt', 'remembered', 'visitor'].sort(),
  );
});

test('no two sessions share a secret or an id, and the id tells nothing of the secret', async () => {
  const made = await Promise.all(Array.from({ length: 50 }, () => start(true)));
  expect(new Set(made.map(({ cookie }) => cookie.secret)).size).toBe(50);
  expect(new Set(made.map(({ row }) => row.id)).size).toBe(50);
  for (const { row, cookie } of made) expect(cookie.secret).not.toContain(row.id);
});

describe('a session that goes on under a new stamp', () => {
  const later = { stamp: 'another', visitor: { userAgent: null, country: null, timeZone: null }, nowMs: NOW + 400_900 };

  test.each([true, false])(
    'has a new secret and a new id, so the old cookie opens nothing (remembered: %s)',
    async remember => {
      const old = await start(remember);
      const { row, cookie } = await renewSession(old.row, later);
      expect(cookie.secret).toMatch(/^[\w-]{43}$/);
      expect(cookie.secret).not.toBe(old.cookie.secret);
      expect(row.secretHash).toBe(await hashSessionSecret(cookie.secret));
      expect(row.id).not.toBe(old.row.id);
      expect(row).toMatchObject({ stamp: 'another', visitor: later.visitor, createdAt: later.nowMs });
    },
  );

  test('remembered, ends when the old one would have, and so does its cookie: no change makes it live longer', async () => {
    const old = await start(true);
    const { row, cookie } = await renewSession(old.row, later);
    expect(row).toMatchObject({ expiresAt: old.row.expiresAt, remembered: true });
    // 599.1 seconds are left: the cookie does not outlive the row.
    expect(cookie.maxAgeSeconds).toBe(599);
  });

  test('not remembered, still ends with the browser', async () => {
    const old = await start(false);
    const { row, cookie } = await renewSession(old.row, later);
    expect(row).toMatchObject({ expiresAt: old.row.expiresAt, remembered: false });
    expect(cookie.maxAgeSeconds).toBeNull();
  });
});

test('a stamp, of security or of browsers, is 128 random bits', () => {
  const stamps = Array.from({ length: 50 }, newStamp);
  for (const stamp of stamps) expect(stamp).toMatch(/^[\w-]{22}$/);
  expect(new Set(stamps).size).toBe(50);
});
