/** Options that were typed without the two dashes before them: no script goes on as if they had not been. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

mkdirSync('.cache', { recursive: true });
/** A home without a login, and a package whose scripts are ours: npm itself says what it keeps. */
const home = resolve(mkdtempSync('.cache/npm-options-'));
afterAll(() => rmSync(home, { recursive: true }));
const scripts = Object.fromEntries(
  ['deploy', 'build', 'admin'].map(name => [name, `node ${JSON.stringify(resolve('scripts', `${name}.ts`))}`]),
);
writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'typed', version: '1.0.0', scripts }));

const type = (...words: string[]) => {
  const found = Object.entries(process.env).filter(([name]) => !/^npm_|^CLOUDFLARE_/i.test(name));
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
  const env = { ...Object.fromEntries(found), PATH, HOME: home, XDG_CONFIG_HOME: home, CI: 'true' };
  const { status, stderr } = spawnSync('npm', ['run', '--silent', ...words], { cwd: home, env, encoding: 'utf8' });
  return { status, stderr };
};

test.each([
  [['deploy', '--dry-run'], '--dry-run', 'npm run deploy -- --dry-run'],
  [['deploy', '--env=staging'], '--env', 'npm run deploy -- --env'],
  [['deploy', '--env', 'staging'], '--env', 'npm run deploy -- --env'],
  [['build', '--env=staging'], '--env', 'npm run build -- --env'],
  [['admin', 'import', 'users.csv', '--dry-run', '--remote'], '--remote and --dry-run', 'npm run admin -- --remote'],
])('npm run %j is refused, and how to type it is said', { timeout: 30_000 }, (words, kept, instead) => {
  const { status, stderr } = type(...words);
  expect(stderr).toContain(`npm kept ${kept} for itself`);
  expect(stderr).toContain(instead);
  expect(status).toBe(1);
});

test('behind the two dashes an option is the script’s', { timeout: 30_000 }, () => {
  expect(type('admin', '--', 'import', '--dry-run', '--help')).toEqual({ status: 0, stderr: '' });
});
