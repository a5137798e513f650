/** The search that every Worker test's and the browser tests' log goes through at their end. */
import { expect, test } from 'vitest';
import { secretsIn } from '../support/log-secrets.ts';

test.each([
  ['an address', '{"event":"x","email":"ada@example.com"}'],
  ['a link token', 'verify failed for eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'],
  ['a password', 'refused: Correct horse battery'],
  ['a hash', 'stored $scrypt$ln=14,r=8,p=5$c2FsdA$aGFzaA'],
  ['a cookie', 'Cookie: __Host-session=abc'],
  ["a query's parameters", 'Failed query: select 1 params: ada'],
])('finds %s', (what, line) => {
  expect(secretsIn(`{"event":"fine"}\n${line}`)).toEqual([expect.stringContaining(`${what}: `)]);
});

test('lets pass what a log is for', () => {
  const line =
    '{"level":"info","event":"signed_in","requestId":"d5095542-b43e-4788-9434-869fbb2c7a9d","userId":"982d"}';
  expect(secretsIn(line)).toEqual([]);
});
