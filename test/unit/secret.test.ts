/** The secret that `npm run secret` prints. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { configWith } from './settings.ts';

const printed = (): string => execFileSync(process.execPath, ['scripts/secret.ts'], { encoding: 'utf8' });

test('is one line that the configuration takes, and another each time', () => {
  const [first, second] = [printed(), printed()];
  expect(first).toMatch(/^[\w-]{43}\n$/);
  expect(second).not.toBe(first);
  const config = configWith({ TOKEN_SECRET: `${first.trim()},${second.trim()}` });
  expect(config.tokenSecrets.map(({ byteLength }) => byteLength)).toEqual([32, 32]);
});
