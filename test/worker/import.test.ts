/** Users come in from other systems, and go: `npm run admin -- import` and `export`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Admin } from '../../scripts/admin/open-admin.ts';
import { exportUsers } from '../../scripts/admin/transfer/export-users.ts';
import { importUsers } from '../../scripts/admin/transfer/import-users.ts';
import { csvLine } from '../../scripts/admin/transfer/user-columns.ts';
import { startChild } from '../../scripts/child.ts';
import { startWrangler } from '../../scripts/wrangler.ts';
import { adminOf, NO_FLAGS } from '../support/admin-of.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { FIREBASE_SIGNER_KEY, ONE_OF_EACH } from '../support/foreign-hashes.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, tokenOf } from '../support/people.ts';
import { findScans } from '../support/query-plans.ts';
import { rowsOf, rowsOfUser, storedUser, wholeDatabase } from '../support/rows.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = `${PROJECT}.cache/import-test`;

let rekey: Rekey;
const queries = new Set<string>();
beforeAll(async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  rekey = await startRekey({ settings: { FIREBASE_SIGNER_KEY } });
});
afterAll(async () => {
  await rekey.stop();
  rmSync(FOLDER, { recursive: true, force: true });
});

let files = 0;
const fileOf = (text: string, extension = 'csv'): string => {
  files += 1;
  const path = `${FOLDER}/users-${files}.${extension}`;
  writeFileSync(path, text);
  return path;
};
const csvOf = (columns: string[], ...rows: string[][]) => fileOf([columns, ...rows].map(csvLine).join(''));

type Facts = {
  rows: number;
  imported: number;
  hereAlready: number;
  refused: number;
  needReset: number;
  report: string;
};
const bring = async (path: string, flags: Partial<typeof NO_FLAGS> = {}, changed: Partial<Admin> = {}) => {
  const admin = { ...adminOf(rekey, { queries, operator: 'Grace Hopper' }), home: FOLDER, ...changed };
  const told = await importUsers(admin, path, { ...NO_FLAGS, ...flags });
  return { ...told, facts: told.facts as Facts };
};
/** The report without its first line: each row's line and reason. */
const refusalsOf = (path: string): [number, string][] =>
  readFileSync(`${path}.refused.csv`, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map(row => /^(\d+),[^,]*,"?(.*?)"?$/.exec(row))
    .map(match => [Number(match?.[1]), match?.[2] ?? '']);

const addresses = (...names: string[]) => names.map(name => createPerson(rekey, name).email);

describe('whoever comes in', () => {
  test('with a hash of another system logs in by the password that they had, which is hashed anew', async () => {
    // All kinds of them sign in in foreign-hash.test.ts; here they come out of a file.
    const some = ONE_OF_EACH.filter(({ scheme }) => /^(bcrypt 2y|Werkzeug pbkdf2|Argon2id|Firebase)/.test(scheme));
    expect(some.length).toBeGreaterThanOrEqual(4);
    const rows = some.map((vector, at) => ({
      ...vector,
      email: `from-${at}@example.com`,
      username: `from-${at}`,
    }));
    const path = csvOf(
      ['email', 'username', 'password_hash', 'email_verified'],
      ...rows.map(({ email, username, hash }) => [email, username, hash, 'true']),
    );
    const { facts, text } = await bring(path);
    expect(facts).toMatchObject({ rows: rows.length, imported: rows.length, refused: 0, needReset: 0, report: null });
    expect(text).toContain('hash: bcrypt 4');
    for (const { email, username, right, wrong } of rows) {
      const person = createPerson(rekey, 'imported', { email, username });
      expectProblem(await person.signIn(wrong[0]), 'invalid_credentials');
      expect((await person.signIn(right[0])).status).toBe(200);
      expect(await person.whoAmI()).toBe(username);
      await expect.poll(async () => (await storedUser(rekey, person)).password_hash).toMatch(/^\$scrypt\$ln=10/);
    }
  });

  test('reads in the activity who brought them, once', async () => {
    const [email = ''] = addresses('ada');
    const path = csvOf(['email'], [email]);
    await bring(path);
    const { id } = await storedUser(rekey, { email });
    expect(await rowsOfUser(rekey, 'activity', id)).toMatchObject([{ kind: 'imported', operator: 'Grace Hopper' }]);
  });

  test('with an address that nobody has proved needs a reset, whatever password they know', async () => {
    const [{ hash, right } = { hash: '', right: [] }] = ONE_OF_EACH;
    const [email = ''] = addresses('eve');
    const { facts } = await bring(csvOf(['email', 'password_hash', 'email_verified'], [email, hash, 'false']));
    expect(facts).toMatchObject({ imported: 1, needReset: 1 });
    const person = createPerson(rekey, 'eve', { email, username: '' });
    expectProblem(await person.signIn(right[0]), 'reset_required');
    const token = tokenOf(await person.readMail('Password Reset Request'));
    expect((await person.post('/api/password-resets/complete', { token, password: NEW_PASSWORD })).status).toBe(204);
    expect((await person.signIn(NEW_PASSWORD)).status).toBe(200);
  });

  test('without a hash sets a password by a reset, and gets in by no other', async () => {
    const [email = ''] = addresses('bob');
    await bring(csvOf(['email', 'email_verified'], [email, 'true']));
    const person = createPerson(rekey, 'bob', { email, username: '' });
    for (const password of [PASSWORD, ' ', 'undefined', 'null']) {
      expectProblem(await person.signIn(password), 'invalid_credentials');
    }
    const token = await person.linkToken('password-resets', 'Password Reset Request');
    expect((await person.post('/api/password-resets/complete', { token, password: NEW_PASSWORD })).status).toBe(204);
    expect((await person.signIn(NEW_PASSWORD)).status).toBe(200);
  });
});

describe('nobody who is here', () => {
  test('is changed by a row with their address, name or id', async () => {
    const ada = await createRegistered(rekey);
    const before = await storedUser(rekey, ada);
    const [first = '', second = '', third = ''] = addresses('x', 'y', 'z');
    const path = csvOf(
      ['id', 'email', 'username', 'password_hash', 'email_verified'],
      ['', ada.email.toUpperCase(), 'another-name', '', 'true'],
      ['', first, ada.username.toUpperCase(), '', 'true'],
      [before.id, second, 'a-third-name', '', 'true'],
      ['', third, '', '', 'true'],
    );
    const { facts } = await bring(path, { yes: true });
    expect(facts).toMatchObject({ rows: 4, imported: 1, refused: 3 });
    expect(refusalsOf(path)).toEqual([
      [2, 'email has an account already'],
      [3, 'username is taken (or give --rename)'],
      [4, "id is another account's"],
    ]);
    expect(await storedUser(rekey, ada)).toEqual(before);
    expect(await ada.whoAmI()).toBe(ada.username);
  });

  test('loses the address that they can still put back, nor anybody the name of an account that was deleted', async () => {
    const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey)];
    await rekey.env.DB.prepare('UPDATE users SET email = ?, previous_email = ?, email_changed_at = ? WHERE email = ?')
      .bind(`new-${ada.email}`, ada.email, Date.now(), ada.email)
      .run();
    expect((await bob.send('/api/account', { method: 'DELETE', json: { currentPassword: PASSWORD } })).status).toBe(
      204,
    );
    const [fresh = ''] = addresses('fresh');
    const path = csvOf(['email', 'username'], [ada.email, 'somebody-else'], [fresh, bob.username]);
    expect((await bring(path, { yes: true })).facts).toMatchObject({ imported: 0, refused: 2 });
    expect(refusalsOf(path)).toEqual([
      [2, 'email has an account already'],
      [3, 'username is taken (or give --rename)'],
    ]);
    expect((await bring(path, { yes: true, rename: true })).facts).toMatchObject({ imported: 1, refused: 1 });
    expect(await storedUser(rekey, { email: fresh })).toMatchObject({ username: expect.stringMatching(/^user-/) });
  });
});

test('ids are told apart by their case, addresses and names are not', async () => {
  const [one = '', two = '', three = ''] = addresses('one', 'two', 'three');
  const path = csvOf(
    ['id', 'email', 'username'],
    ['AbCdEfGhIjKlMnOpQrStUvWx', one, 'a-name'],
    ['aBcDeFgHiJkLmNoPqRsTuVwX', two, 'another-one'],
    ['', one.toUpperCase(), ''],
    ['', three, 'A-NAME'],
  );
  expect((await bring(path, { yes: true })).facts).toMatchObject({ imported: 2, refused: 2 });
  expect(refusalsOf(path)).toEqual([
    [4, 'email is the one of line 2'],
    [5, 'username is the one of line 2'],
  ]);
});

describe('a file with rows that are refused', () => {
  const mixed = () => {
    const [good = '', better = '', other = '', twin = ''] = addresses('good', 'better', 'other', 'twin');
    return fileOf(
      [
        'email,username,password_hash',
        `${good},,`,
        'no address,,',
        `${better},,`,
        `${other},x,plain text`,
        `${other},only two fields`,
        `${good.toUpperCase()},,`,
        `${twin},,$2b$31$4aBXtBigS9n.1myE/FZh0O3iUdjLNjDsifWK26YsOhWogPghW89d.`,
        '',
      ].join('\r\n'),
    );
  };
  const REFUSALS = [
    [3, 'email is no address'],
    [5, 'username has less than 2 characters (or give --rename); password_hash is of no kind that Rekey takes'],
    [6, 'has 2 fields, and the first line 3'],
    [7, 'email is the one of line 2'],
    [8, 'password_hash: bcrypt is taken as $2a$, $2b$ or $2y$ with a cost of 4 to 13'],
  ];

  test('writes nothing before somebody says so, and has a report that only its owner reads', async () => {
    const path = mixed();
    const before = await wholeDatabase(rekey);
    for (const flags of [{}, { dryRun: true, yes: true }]) {
      const { facts, text, hasFailed } = await bring(path, flags);
      expect(facts).toMatchObject({
        rows: 7,
        imported: 2,
        refused: 5,
        isWritten: false,
        report: `${path}.refused.csv`,
      });
      expect([text.includes('Nothing was written.'), hasFailed]).toEqual([true, !('dryRun' in flags)]);
      expect(refusalsOf(path)).toEqual(REFUSALS);
    }
    expect(await wholeDatabase(rekey)).toBe(before);
    expect(statSync(`${path}.refused.csv`).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${path}.refused.csv`, 'utf8')).not.toContain('$2b$31');
  });

  test('brings in the others after a yes, by option or at the terminal', async () => {
    for (const how of [{ flags: { yes: true } }, { changed: { confirm: async () => true } }]) {
      const path = mixed();
      const { facts, hasFailed } = await bring(path, how.flags, how.changed);
      expect(facts).toMatchObject({ rows: 7, imported: 2, refused: 5, isWritten: true });
      expect(hasFailed).toBe(false);
      expect(refusalsOf(path)).toEqual(REFUSALS);
    }
  });

  test('has hashes that are too dear for REFUSAL_FLOOR_MS refused, with the value to set', async () => {
    const [email = ''] = addresses('dear');
    const path = csvOf(['email', 'password_hash'], [email, ONE_OF_EACH[0]?.hash ?? '']);
    const hashing: Admin['hashing'] = () => ({ cost: { ln: 14, r: 8, p: 5 }, engine: 'noble', refusalFloorMs: 10 });
    const { facts } = await bring(path, {}, { hashing });
    expect(facts).toMatchObject({ imported: 0, refused: 1 });
    const [[, reason = ''] = []] = refusalsOf(path);
    const [, ms, value] =
      /^password_hash \(bcrypt 4\) takes ([\d,]+) ms to refuse a wrong password, and REFUSAL_FLOOR_MS is 10: set it to (\d+)$/.exec(
        reason,
      ) ?? [];
    expect(Number(value)).toBeGreaterThanOrEqual(Number(ms?.replace(',', '')) * 1.25 - 1);
  });
});

describe('a file', () => {
  test('may be as programs write it: a mark at its start, quotes, columns in any order, empty lines', async () => {
    const [one = '', two = ''] = addresses('one', 'two');
    const text = `\uFEFF"password_hash","first, name",email\r\n\r\n,"Ada ""the"" first\nof two lines",${one}\r\n"", ,"${two}"`;
    expect((await bring(fileOf(text), { ignored: new Set(['first, name']) })).facts).toMatchObject({
      rows: 2,
      imported: 2,
    });
  });

  test('may be JSON lines, where what is no user is refused with its line', async () => {
    const [one = '', two = ''] = addresses('one', 'two');
    const path = fileOf(
      [
        JSON.stringify({ email: one, email_verified: true, username: null, created_at: 1714979289 }),
        '',
        '["an array"]',
        '{"email":',
        JSON.stringify({ email: two, name: 'Ada' }),
        JSON.stringify({ email: two, password: 'secret' }),
        JSON.stringify({ email: { address: two } }),
        'null',
        JSON.stringify({ email: two, language: 'x'.repeat(100_001) }),
      ].join('\n'),
      'jsonl',
    );
    expect((await bring(path, { yes: true })).facts).toMatchObject({ rows: 8, imported: 1, refused: 7, needReset: 0 });
    expect(refusalsOf(path).map(([line]) => line)).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(refusalsOf(path)[2]?.[1]).toContain('has ""name"". Known are id, username');
    expect(refusalsOf(path)[3]?.[1]).toContain('has passwords');
    expect(refusalsOf(path)[4]?.[1]).toBe('email is neither text, number nor true or false');
    const stored = await storedUser(rekey, { email: one });
    expect(stored).toMatchObject({ created_at: 1_714_979_289_000 });
  });

  test.each([
    [
      'with a column that nobody knows',
      'email,first_name\n',
      'csv',
      'has "first_name". Known are id, username, email,',
    ],
    ['with passwords', 'email,password\n', 'csv', 'has passwords. Rekey takes hashes'],
    ['with a column twice', 'email,email\n', 'csv', 'has email twice.'],
    ['without addresses', 'username\n', 'csv', 'names no column email.'],
    ['that is empty', '', 'csv', 'is empty. Its first line names the columns.'],
    ['with a quote that is not closed', 'email\n"ada@example.com\n', 'csv', 'cannot be read as CSV: Quote Not Closed'],
    [
      'with a quote in the middle',
      'email\n"ada"lace@example.com\n',
      'csv',
      'cannot be read as CSV: Invalid Closing Quote',
    ],
    ['with a row without end', `email\n${'a'.repeat(200_000)}\n`, 'csv', 'cannot be read as CSV: Max Record Size'],
    ['of another kind', 'email\n', 'xlsx', 'should end in .csv, or in .jsonl for JSON lines.'],
  ])('%s is refused as a whole', async (_, text, extension, sentence) => {
    const before = await rowsOf(rekey, 'users');
    await expect(bring(fileOf(text, extension), { yes: true })).rejects.toThrow(sentence);
    expect(await rowsOf(rekey, 'users')).toEqual(before);
  });

  test('that is not there is said to be so', async () => {
    await expect(bring(`${FOLDER}/none.csv`)).rejects.toThrow(`There is no file ${FOLDER}/none.csv to import.`);
    await expect(bring(FOLDER)).rejects.toThrow(/to import/);
  });
});

describe('what is exported', () => {
  test.each(['csv', 'jsonl'])(
    'as %s comes in elsewhere as it was, under the same ids, and comes in once',
    async extension => {
      const suspended = await createRegistered(rekey);
      await rekey.env.DB.prepare('UPDATE users SET suspended_at = 1714979289000, language = ? WHERE email = ?')
        .bind('pt-BR', suspended.email)
        .run();
      const ada = await createRegistered(rekey);
      const path = `${FOLDER}/all.${extension}`;
      const { facts } = await exportUsers(adminOf(rekey, { queries }), path);
      const users = (await rowsOf(rekey, 'users')).length;
      expect(facts).toEqual({ users, path });
      expect(statSync(path).mode & 0o777).toBe(0o600);
      await expect(exportUsers(adminOf(rekey), path)).rejects.toThrow(`${path} is there already.`);

      const elsewhere = await startRekey();
      try {
        const admin = { ...adminOf(elsewhere), home: FOLDER };
        const first = await importUsers(admin, path, { ...NO_FLAGS, yes: true });
        expect(first.facts).toMatchObject({ rows: users, imported: users, refused: 0, hereAlready: 0 });
        const again = await importUsers(admin, path, NO_FLAGS);
        expect(again.facts).toMatchObject({ rows: users, imported: 0, refused: 0, hereAlready: users });
        await exportUsers(admin, `${path}.again.${extension}`);
        expect(readFileSync(`${path}.again.${extension}`, 'utf8')).toBe(readFileSync(path, 'utf8'));
        expect((await createPerson(elsewhere, 'ada', ada).signIn()).status).toBe(200);
        expectProblem(await createPerson(elsewhere, 'bob', suspended).signIn(), 'suspended');
        const kept = { id: (await storedUser(rekey, ada)).id };
        expect(await storedUser(elsewhere, ada)).toMatchObject(kept);
        expect((await storedUser(elsewhere, ada)).security_stamp).not.toBe(
          (await storedUser(rekey, ada)).security_stamp,
        );
      } finally {
        await elsewhere.stop();
      }
    },
  );

  test('is whole, or is not there', async () => {
    const path = `${FOLDER}/broken.csv`;
    const select = () => {
      throw new Error('the database is gone');
    };
    const db = { ...adminOf(rekey).db, select };
    await expect(exportUsers({ ...adminOf(rekey), db: db as unknown as Admin['db'] }, path)).rejects.toThrow();
    expect([existsSync(path), existsSync(`${path}.part`)]).toEqual([false, false]);
    await expect(exportUsers(adminOf(rekey), `${FOLDER}/users.txt`)).rejects.toThrow('should end in .csv');
    await expect(exportUsers(adminOf(rekey), `${FOLDER}/none/users.csv`)).rejects.toThrow('cannot be written');
  });
});

describe('an import that is stopped', () => {
  const ROWS = 430;
  const long = () => {
    const [stem = ''] = addresses('long');
    const rows = Array.from({ length: ROWS }, (_, at) => [`${at}-${stem}`, at % 100 === 7 ? 'x' : '']);
    return { path: csvOf(['email', 'username'], ...rows), stem };
  };
  const comeIn = async (stem: string) =>
    (await rekey.env.DB.prepare('SELECT count(*) AS n FROM users WHERE email LIKE ?')
      .bind(`%-${stem}`)
      .first<number>('n')) ?? 0;

  test.each([
    ['before', 0],
    ['after', 1],
  ])('by a database that fails %s it has written goes on from there, and every row comes in once', async (_, after) => {
    const { path, stem } = long();
    let writes = 0;
    const failing = (real: Admin['db']): Admin['db'] =>
      new Proxy(real, {
        get: (target, name) => {
          if (name !== 'batch') return Reflect.get(target, name);
          return async (batch: Parameters<typeof real.batch>[0]) => {
            writes += 1;
            if (writes === 2 && after === 0) throw new Error('the database is gone');
            const done = await real.batch(batch);
            if (writes === 2) throw new Error('the answer is lost');
            return done;
          };
        },
      });
    const broken = { db: failing(adminOf(rekey).db) };
    await expect(bring(path, { yes: true }, broken)).rejects.toThrow(
      'The import was stopped (Error). Type it again, and it goes on from there.',
    );
    expect(await comeIn(stem)).toBe(after === 0 ? 198 : 396);
    const lines: string[] = [];
    const { facts } = await bring(path, { yes: true }, { say: line => void lines.push(line) });
    expect(lines).toEqual(['Going on after row 200.']);
    expect(facts).toMatchObject({ rows: ROWS, imported: ROWS - 5, hereAlready: 0, refused: 5 });
    expect(refusalsOf(path).map(([line]) => line)).toEqual([9, 109, 209, 309, 409]);
    expect(await comeIn(stem)).toBe(ROWS - 5);
    const imported = (await rowsOf(rekey, 'activity')).filter(({ kind }) => kind === 'imported');
    const ids = new Set(imported.map(({ user_id }) => user_id));
    expect(ids.size).toBe(imported.length);
  });

  test('and is over begins anew, where every address has an account', async () => {
    const { path } = long();
    await bring(path, { yes: true });
    expect((await bring(path, { yes: true })).facts).toMatchObject({ rows: ROWS, imported: 0, refused: ROWS });
  });
});

test('whatever import and export have asked so far finds its rows by an index', async () => {
  expect(queries.size).toBeGreaterThan(3);
  expect(await findScans(rekey.env, [...queries])).toEqual({});
});

/** How many rows of activity say so, in the one database under this folder. */
const importedIn = (folder: string): unknown => {
  const databases = `${folder}/v3/d1/miniflare-D1DatabaseObject`;
  const [file = ''] = readdirSync(databases).filter(name => /^[0-9a-f]{64}\.sqlite$/.test(name));
  const database = new DatabaseSync(`${databases}/${file}`, { readOnly: true });
  try {
    return database.prepare("SELECT count(DISTINCT user_id) AS n FROM activity WHERE kind = 'imported'").get()?.n;
  } finally {
    database.close();
  }
};

describe('the command', () => {
  const ROWS = 6000;
  const state = `${FOLDER}/state`;
  const type = (args: string[], onLine: (line: string) => void = () => undefined) => {
    const lines: string[] = [];
    const child = startChild({
      script: `${PROJECT}scripts/admin.ts`,
      args: [...args, '--state', state],
      folder: PROJECT,
      onLine: line => {
        lines.push(line);
        onLine(line);
      },
    });
    return { ...child, lines };
  };

  test('that is killed while it writes goes on when it is typed again', { timeout: 120_000 }, async () => {
    const apply = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', state];
    expect(await startWrangler(apply, { folder: PROJECT, onLine: () => undefined }).ended).toBe('code 0');
    const path = csvOf(['email'], ...Array.from({ length: ROWS }, (_, at) => [`person-${at}@example.com`]));
    const killed = type(['import', path], line => {
      if (/^Importing +[1-7]\d %/.test(line)) void killed.stop();
    });
    expect(await killed.ended).not.toBe('code 0');
    const again = type(['import', path, '--json']);
    expect(await again.ended).toBe('code 0');
    expect(again.lines.find(line => /^Going on after row \d+,000\.$/.test(line))).toBeTruthy();
    expect(again.lines.join('\n')).toContain(`"imported": ${ROWS}`);
    expect(importedIn(state)).toBe(ROWS);
  });

  test('knows its own options alone', async () => {
    const stray = type(['find', 'ada', '--rename']);
    expect(await stray.ended).toBe('code 1');
    expect(stray.lines[0]).toBe('find knows no --rename.');
  });
});
