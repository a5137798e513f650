/** `.dev.vars` as `npm run dev` and `npm run build` make it: once, for its owner alone, and never overwritten. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureDevVars } from '../../scripts/dev-vars.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rekey-dev-vars-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = () => join(folder, '.dev.vars');
const read = () => readFileSync(path(), 'utf8');

test('is made with two different random secrets, the application and the mailbox of this machine, and no service elsewhere', () => {
  expect(ensureDevVars(folder)).toEqual({ kind: 'made' });
  const values = parseEnv(read());
  expect(values).toEqual({
    TOKEN_SECRET: expect.stringMatching(/^[\w-]{43}$/),
    LOOKUP_SECRET: expect.stringMatching(/^[\w-]{43}$/),
    APP_URL: 'http://localhost:8787',
    MAIL_PROVIDER: 'resend',
    MAIL_FALLBACK_PROVIDER: '',
    MAIL_API_URL: 'http://localhost:8025',
    MAIL_API_KEY: 'local',
    BREACH_API_URL: '',
  });
  expect(values.TOKEN_SECRET).not.toBe(values.LOOKUP_SECRET);
});

test('only its owner can read it', () => {
  ensureDevVars(folder);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
});

test('is left alone when it is complete, comments and further names included', () => {
  ensureDevVars(folder);
  appendFileSync(path(), "# mine\nexport EXTRA='several\nlines' # here\n");
  const before = read();
  expect(ensureDevVars(folder)).toEqual({ kind: 'complete' });
  expect(read()).toBe(before);
});

test('gets the names that it lacks and keeps every byte that it had', () => {
  const mine = '# mine\n  TOKEN_SECRET = "old"  # kept\nEMPTY=\nBREACH_API_URL=';
  writeFileSync(path(), mine);
  const names = ['LOOKUP_SECRET', 'APP_URL', 'MAIL_PROVIDER', 'MAIL_FALLBACK_PROVIDER', 'MAIL_API_URL', 'MAIL_API_KEY'];
  expect(ensureDevVars(folder)).toEqual({ kind: 'appended', names });
  expect(read().startsWith(`${mine}\n`)).toBe(true);
  expect(parseEnv(read())).toMatchObject({ TOKEN_SECRET: 'old', MAIL_API_KEY: 'local', BREACH_API_URL: '' });
  expect(ensureDevVars(folder)).toEqual({ kind: 'complete' });
});

test('a name in a comment is not there', () => {
  ensureDevVars(folder);
  writeFileSync(path(), read().replace('MAIL_API_KEY', '# MAIL_API_KEY').replaceAll('\n', '\r\n'));
  expect(ensureDevVars(folder)).toEqual({ kind: 'appended', names: ['MAIL_API_KEY'] });
});

test.each([
  ['a line without a value', '# mine\nTOKEN_SECRET\n', 2],
  ['an open quote', 'MAIL_API_KEY="local"\n\nTOKEN_SECRET="secret\nLOOKUP_SECRET=b\n', 3],
  ['another format', '{ "TOKEN_SECRET": "secret" }\n', 1],
])('%s is refused by its number, never repeated, and the file stays as it is', (_what, text, line) => {
  writeFileSync(path(), text);
  expect(() => ensureDevVars(folder)).toThrow(
    `.dev.vars, line ${line}, is not NAME=value. Mend it, or delete the file: a new one is made then.`,
  );
  expect(read()).toBe(text);
});
