/** What a deployment writes into wrangler.toml: a line each, and every other byte stays. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Edit, editConfig, setInToml } from '../../scripts/deploy/edit-config.ts';
import { readWranglerConfig } from '../../scripts/deploy/read-config.ts';

const OURS = readFileSync('wrangler.toml', 'utf8');
const VAR = { table: 'vars', key: 'MAIL_FROM', value: 'Acme <a@acme.example>' };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rekey-config-'));
  path = join(folder, 'wrangler.toml');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Lines that are only in one of them. */
const changes = (before: string, after: string) => {
  const [had, has] = [before.split('\n'), after.split('\n')];
  return { gone: had.filter(line => !has.includes(line)), added: has.filter(line => !had.includes(line)) };
};

describe('a line', () => {
  test('is changed in place, in its own table, with its comment', () => {
    const text =
      '# MAIL_FROM = "no"\nname = "a"\n[vars] # what is known\n  MAIL_FROM = \'old\'   # ours\nB = "b"\n\n[env.x.vars]\nMAIL_FROM = "x"\n';
    expect(setInToml(text, VAR)).toBe(text.replace("'old'", '"Acme <a@acme.example>"'));
    expect(setInToml(text, { ...VAR, table: 'env.x.vars' })).toBe(text.replace('"x"', '"Acme <a@acme.example>"'));
  });

  test('that is not there comes behind the last of its table, before the comment of the next', () => {
    const text = '[vars]\nA = "a"\n\n# The pages.\n[assets]\ndirectory = "dist"\n';
    expect(setInToml(text, VAR)).toBe(text.replace('A = "a"\n', 'A = "a"\nMAIL_FROM = "Acme <a@acme.example>"\n'));
    expect(setInToml('[vars]', VAR)).toBe('[vars]\nMAIL_FROM = "Acme <a@acme.example>"');
  });

  test('of no table stands above all of them', () => {
    const text = '# Ours.\nname = "a"\n\n[vars]\nA = "a"\n';
    const edit = { table: '', key: 'account_id', value: '0a' };
    expect(setInToml(text, edit)).toBe(text.replace('name = "a"\n', 'name = "a"\naccount_id = "0a"\n'));
  });

  test('of one among several tables is found by another of its lines', () => {
    const text =
      '[[d1_databases]]\nbinding = "OTHER"\ndatabase_id = "1"\n\n[[d1_databases]]\ndatabase_id = "2"\nbinding = "DB"\n';
    const edit = { table: 'd1_databases', binding: 'DB', key: 'database_id', value: '3' };
    expect(setInToml(text, edit)).toBe(text.replace('"2"', '"3"'));
  });

  test.each(['C:\\dir', 'a "name" <a@b.example>', '$& $1', 'Ünï <a@b.example>'])('holds %s as it is', value => {
    writeFileSync(path, OURS);
    editConfig(path, '', [{ ...VAR, value }], ({ vars }) => vars.MAIL_FROM === value);
    expect(readWranglerConfig(path, '').vars.MAIL_FROM).toBe(value);
  });

  test.each([['binding="DB"'], ["binding = 'DB'"], ['  binding = "DB" # the database']])(
    'of a table that is known by %s is found',
    line => {
      const text = `[[d1_databases]]\n${line}\ndatabase_id = "1"\n`;
      const edit = { table: 'd1_databases', binding: 'DB', key: 'database_id', value: '3' };
      expect(setInToml(text, edit)).toBe(text.replace('"1"', '"3"'));
    },
  );

  test.each([
    ['in place', '[ vars ] # what is known\r\nMAIL_FROM = "old" # ours\r\n', '"old"', '"Acme <a@acme.example>"'],
    ['anew', '[vars] # what is known\r\nA = "a"\r\n', '"a"\r\n', '"a"\r\nMAIL_FROM = "Acme <a@acme.example>"\r\n'],
  ])('of a file that a Windows editor wrote ends as the others do, written %s', (_, text, before, after) => {
    expect(setInToml(text, VAR)).toBe(text.replace(before, after));
  });

  test.each([
    ['there is no such table', '[assets]\n'],
    ['it holds no string', '[vars]\nMAIL_FROM = 5\n'],
    ['it goes over several lines', '[vars]\nMAIL_FROM = """\nold"""\n'],
  ])('is left alone where %s', (_, text) => {
    expect(setInToml(text, VAR)).toBeNull();
  });
});

describe('our wrangler.toml', () => {
  test.each(['', 'staging'])('environment "%s": what is learnt is a line each, and is what wrangler reads', env => {
    writeFileSync(path, OURS);
    const id = '99999999-2222-4333-8444-555555555555';
    const edits: Edit[] = [
      { table: 'vars', key: 'APP_URL', value: 'https://changed.example.org' },
      { table: 'vars', key: 'MAIL_ACCOUNT', value: 'mg.example.org' },
      { table: 'd1_databases', binding: 'DB', key: 'database_id', value: id },
    ];
    const other = env === '' ? 'staging' : '';
    const before = readWranglerConfig(path, other);
    editConfig(path, env, edits, ({ d1_databases }) => d1_databases[0]?.database_id === id);
    const { gone, added } = changes(OURS, readFileSync(path, 'utf8'));
    expect(added).toEqual([
      'APP_URL = "https://changed.example.org"',
      'MAIL_ACCOUNT = "mg.example.org"',
      `database_id = "${id}"`,
    ]);
    // A line that the other environment has as well is not gone.
    expect(gone.every(line => /^(APP_URL|MAIL_ACCOUNT|database_id) = /.test(line))).toBe(true);
    expect(readWranglerConfig(path, env).vars).toMatchObject({
      APP_URL: 'https://changed.example.org',
      MAIL_ACCOUNT: 'mg.example.org',
    });
    const after = readWranglerConfig(path, other);
    expect([after.vars, after.d1_databases]).toEqual([before.vars, before.d1_databases]);
    expect(readdirSync(folder)).toEqual(['wrangler.toml']);
  });

  test('is left as it was where wrangler would read something else, and the line is shown instead', () => {
    writeFileSync(path, OURS);
    expect(() => editConfig(path, '', [VAR], () => false)).toThrowError(
      expect.objectContaining({ toDo: 'Write it yourself:\n  [vars] MAIL_FROM = "Acme <a@acme.example>"' }),
    );
    expect(readFileSync(path, 'utf8')).toBe(OURS);
    expect(readdirSync(folder)).toEqual(['wrangler.toml']);
  });

  test.each([
    ['a key in quotes', (text: string) => text.replace('MAIL_FROM = ', '"MAIL_FROM" = ')],
    ['a list of lists before it', (text: string) => text.replace('[vars]\n', '[vars]\nA = [\n  [1],\n]\n')],
    ['its like in a text', (text: string) => text.replace('[vars]\n', '[vars]\nA = """\nMAIL_FROM = "x"\n"""\n')],
  ])('is left as it was with %s, which wrangler reads and this does not', (_, edit) => {
    writeFileSync(path, edit(OURS));
    expect(() => editConfig(path, '', [VAR], ({ vars }) => vars.MAIL_FROM === VAR.value)).toThrowError(
      expect.objectContaining({
        message: 'wrangler.toml could not be changed.',
        toDo: 'Write it yourself:\n  [vars] MAIL_FROM = "Acme <a@acme.example>"',
      }),
    );
    expect(readFileSync(path, 'utf8')).toBe(edit(OURS));
    expect(readdirSync(folder)).toEqual(['wrangler.toml']);
  });

  test('of an environment that is not there, wrangler says which there are', () => {
    writeFileSync(path, OURS);
    expect(() => readWranglerConfig(path, 'nowhere')).toThrow(/No environment found.*"nowhere"[\s\S]*\["staging"\]/);
  });
});
