/**
 * Where the page leads after signing in: whoever writes a link to /login may write `next`, so it is judged. The module is
 * loaded by name, since the page is a program of its own with a browser's globals.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const MODULE = '../../web/next-path.ts';
const { nextPath } = (await import(/* @vite-ignore */ MODULE)) as { nextPath: (next: unknown) => string };

const ORIGIN = 'https://app.example.com';
beforeEach(() => {
  vi.stubGlobal('window', { location: { origin: ORIGIN } });
});
afterEach(() => vi.unstubAllGlobals());

describe('a path of our own', () => {
  test.each([
    '/',
    '/account',
    '/account?tab=sessions',
    '/account?next=https://attacker.example',
    '/account#activity',
    '/a/b/c',
    '/a//b',
    '/a:b@c',
    '/%5Cattacker.example',
    '/%0a',
    '/@attacker.example',
  ])('is where it leads: %s', next => {
    expect(nextPath(next)).toBe(next);
  });

  test.each([
    ['/a/../b', '/b'],
    ['/./account', '/account'],
    ['/ünï', '/%C3%BCn%C3%AF'],
    ['/a b', '/a%20b'],
  ])('is followed as a browser reads it: %s', (next, path) => {
    expect(nextPath(next)).toBe(path);
  });
});

const ATTACKS: unknown[] = [
  undefined,
  null,
  '',
  7,
  ['/account', '/register'],
  { toString: () => '/account' },
  'account',
  ' /account',
  '//attacker.example',
  '///attacker.example',
  '////attacker.example',
  '/\\attacker.example',
  '\\\\attacker.example',
  '\\/attacker.example',
  '/a\\b',
  '/\t/attacker.example',
  '/\n/attacker.example',
  '/\r/attacker.example',
  '\t//attacker.example',
  '/account\r\nSet-Cookie: a=b',
  '/\0',
  '/\u007f',
  '/\u0085',
  '/.//attacker.example',
  '/..//attacker.example',
  '/a/..//attacker.example',
  '/%2e//attacker.example',
  '/%2E%2e//attacker.example',
  '/a/%2e%2e//attacker.example',
  'https://attacker.example',
  'https:attacker.example',
  'https:/attacker.example',
  'http://app.example.com/account',
  `${ORIGIN}/account`,
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  'blob:https://app.example.com/x',
  '?next=x',
  '#x',
  '@attacker.example',
];

describe('everything else leads to the account', () => {
  test.each(ATTACKS.map(attack => [attack]))('%j', next => {
    expect(nextPath(next)).toBe('/account');
  });
});

test('whatever it answers stays at home, read once or twice', () => {
  const pieces = [
    '/',
    '//',
    '\\',
    '.',
    '..',
    '%2e',
    '%2f',
    '%5c',
    ':',
    '@',
    '?',
    '#',
    'a',
    'attacker.example',
    '\t',
    ' ',
  ];
  for (const a of pieces) {
    for (const b of pieces) {
      for (const c of pieces) {
        const path = nextPath(`/${a}${b}${c}`);
        const once = new URL(path, ORIGIN);
        expect(once.origin, path).toBe(ORIGIN);
        expect(new URL(once.pathname + once.search + once.hash, ORIGIN).origin, path).toBe(ORIGIN);
        expect(path, path).toMatch(/^\/(?![/\\])/);
      }
    }
  }
});
