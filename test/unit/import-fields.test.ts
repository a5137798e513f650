/** What an import makes of a row's fields, and how it says times and progress. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkUser, idOfRow } from '../../scripts/admin/transfer/check-user.ts';
import { createProgressBar } from '../../scripts/admin/transfer/progress-bar.ts';
import { readTime } from '../../scripts/admin/transfer/read-time.ts';
import { USER_COLUMNS, type UserFields } from '../../scripts/admin/transfer/user-columns.ts';
import { LANGUAGES } from '../../worker/contract/languages.ts';
import { ONE_OF_EACH, REFUSED_HASHES } from '../support/foreign-hashes.ts';

const NOW_MS = Date.parse('2026-11-23T12:00:00Z');
const EMPTY = Object.fromEntries(USER_COLUMNS.map(name => [name, ''])) as UserFields;
const check = (fields: Partial<UserFields>, rename = false) =>
  checkUser({ ...EMPTY, email: 'ada@example.com', ...fields }, { newId: idOfRow('seed', 1), rename, nowMs: NOW_MS });
const checkedUser = (fields: Partial<UserFields>, rename = false) => {
  const checked = check(fields, rename);
  if (checked.kind === 'refused') throw new Error(checked.reasons.join('; '));
  return checked.user;
};

describe('a time', () => {
  test.each([
    ['2024-05-06', '2024-05-06T00:00:00.000Z'],
    ['2024-05-06T07:08:09Z', '2024-05-06T07:08:09.000Z'],
    ['2024-05-06 07:08:09', '2024-05-06T07:08:09.000Z'],
    ['2024-05-06 07:08:09.123456', '2024-05-06T07:08:09.123Z'],
    ['2024-05-06 07:08:09+02', '2024-05-06T05:08:09.000Z'],
    ['2024-05-06 07:08+0230', '2024-05-06T04:38:00.000Z'],
    ['2024-05-06T07:08:09.5-01:00', '2024-05-06T08:08:09.500Z'],
    ['1714979289', '2024-05-06T07:08:09.000Z'],
    ['1714979289000', '2024-05-06T07:08:09.000Z'],
  ])('%s is %s', (text, time) => {
    const ms = readTime(text, NOW_MS);
    expect(ms !== null && new Date(ms).toISOString()).toBe(time);
  });

  test.each([
    '2026-11-24',
    '2024-02-30',
    '2024-13-01',
    '2024-05-06T25:00',
    '2024-05-06T07',
    '06.05.2024',
    'yesterday',
    '-1714979289',
    '1714979289.5',
    '17149792890000',
    '1e9',
  ])('%s is none that has been', text => {
    expect(readTime(text, NOW_MS)).toBeNaN();
  });

  test('that is not given is not one', () => {
    expect(readTime('', NOW_MS)).toBeNull();
  });
});

describe('a row', () => {
  test('of an address alone is a user who needs a reset, under a name that says nothing', () => {
    const user = checkedUser({});
    expect(user).toMatchObject({
      id: idOfRow('seed', 1),
      email: 'ada@example.com',
      passwordHash: '',
      createdAt: NOW_MS,
      language: 'en',
      suspendedAt: null,
      resetRequiredAt: NOW_MS,
    });
    expect(user.username).toMatch(/^user-[0-9a-f]{12}$/);
    expect(user.securityStamp).toMatch(/^[\w-]{22}$/);
    expect(checkedUser({}).username).toBe(user.username);
    expect(checkedUser({}).securityStamp).not.toBe(user.securityStamp);
  });

  test('keeps what it brings', () => {
    const id = 'kZ3-0123456789_abcdefg';
    const times = { created_at: '2020-01-02', suspended_at: '2021-01-02', reset_required_at: '2022-01-02' };
    const given = { id, username: 'Ada.L', email_verified: 'TRUE', language: 'de-AT', ...times };
    expect(checkedUser(given)).toMatchObject({
      id,
      username: 'Ada.L',
      language: 'de',
      createdAt: Date.parse('2020-01-02'),
      suspendedAt: Date.parse('2021-01-02'),
      resetRequiredAt: Date.parse('2022-01-02'),
    });
  });

  test.each(['true', 't', '1', 'yes', 'True'])('whose address is proved (%s) needs no reset', text => {
    expect(checkedUser({ email_verified: text }).resetRequiredAt).toBeNull();
  });

  test.each(['', 'false', 'f', '0', 'no'])('whose address is not proved (%j) needs a reset', text => {
    expect(checkedUser({ email_verified: text }).resetRequiredAt).toBe(NOW_MS);
  });

  test.each<[Partial<UserFields>, RegExp]>([
    [{ email: '' }, /^email is empty$/],
    [{ email: 'ada' }, /^email is no address$/],
    [{ email: `${'a'.repeat(250)}@b.de` }, /^email has more than 254 characters$/],
    [{ username: 'a' }, /^username has less than 2 characters/],
    [{ username: 'a'.repeat(21) }, /^username has more than 20 characters/],
    [{ username: 'ada@home' }, /^username may have/],
    [{ id: '42' }, /^id should have 21 to 64/],
    [{ id: `${'a'.repeat(30)}'` }, /^id should have 21 to 64/],
    [{ email_verified: '2024-05-06' }, /^email_verified should be true or false$/],
    [{ email_verified: 'constructor' }, /^email_verified should be true or false$/],
    [{ language: 'tlh' }, /^language should be one of en, de,/],
    [{ created_at: '2030-01-01' }, /^created_at should be a time that has been/],
    [{ suspended_at: 'x' }, /^suspended_at should be a time/],
    [{ reset_required_at: 'x' }, /^reset_required_at should be a time/],
    [{ password_hash: 'correct horse battery' }, /^password_hash is of no kind that Rekey takes$/],
    [{ password_hash: `$2b$14$${'a'.repeat(53)}` }, /^password_hash: bcrypt is taken .* cost of 4 to 13$/],
  ])('%o is refused, and says why', (fields, reason) => {
    expect(check(fields)).toEqual({ kind: 'refused', reasons: [expect.stringMatching(reason)] });
  });

  test('says all that is wrong with it', () => {
    const checked = check({ email: 'x', username: '?', created_at: '?' });
    expect(checked).toMatchObject({ kind: 'refused', reasons: [{}, {}, {}] });
  });

  test('with a username that does not fit gets another where that is asked for', () => {
    expect(checkedUser({ username: 'ada lovelace' }, true).username).toMatch(/^user-/);
    expect(checkedUser({ username: 'ada' }, true).username).toBe('ada');
  });

  test.each(ONE_OF_EACH)('is taken with a hash of $scheme', ({ hash }) => {
    expect(checkedUser({ password_hash: hash }).passwordHash).toBe(hash);
  });

  // The space at the end of a field is no part of it.
  test.each(REFUSED_HASHES.filter(([, hash]) => hash === hash.trim()))('is refused with %s', (_, hash) => {
    expect(check({ password_hash: hash })).toMatchObject({
      kind: 'refused',
      reasons: [expect.stringMatching(/^password_hash/)],
    });
  });
});

test('whatever stands in a row, it is refused with reasons or is a user as Rekey makes them', () => {
  // Most fields are good, or hardly a row would be.
  const text = (good: string[], hostile: string[]) =>
    fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom(...good) },
      { weight: 2, arbitrary: fc.constantFrom(...hostile) },
      { weight: 1, arbitrary: fc.string({ maxLength: 300 }) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    );
  const row = fc.record({
    id: text(['', 'kZ3-0123456789_abcdefg'], ['__proto__', 'constructor'.repeat(3)]),
    username: text(['', 'ada'], ['__proto__', '\u0430da', 'ada\0']),
    email: text(['ada@example.com', 'ADA@EXAMPLE.COM'], ['ada@ex\u0430mple.com', 'ada@example.com\n', '@']),
    email_verified: text(['true', 'false', ''], ['constructor']),
    password_hash: text(
      ['', ...ONE_OF_EACH.map(({ hash }) => hash)],
      REFUSED_HASHES.map(([, hash]) => hash),
    ),
    created_at: text(['', '2024-05-06', '1714979289'], ['9'.repeat(13)]),
    language: text(['', 'de', 'pt'], ['zh-TW', '__proto__', 'constructor']),
    suspended_at: text(['', '2024-05-06'], ['never']),
    reset_required_at: text(['', '2024-05-06T00:00:00Z'], ['never']),
  });
  let taken = 0;
  fc.assert(
    fc.property(row, fc.boolean(), (fields, rename) => {
      const checked = check(fields, rename);
      if (checked.kind === 'refused') {
        expect(checked.reasons.length).toBeGreaterThan(0);
        return;
      }
      taken += 1;
      const { user } = checked;
      expect(user.id).toMatch(/^[\w-]{21,64}$/);
      expect(user.username).toMatch(/^[A-Za-z0-9._-]{2,20}$/);
      expect(user.email).toMatch(/^[\x21-\x7e]{3,254}$/);
      expect(Object.keys(LANGUAGES)).toContain(user.language);
      for (const at of [user.createdAt, user.suspendedAt ?? 0, user.resetRequiredAt ?? 0]) {
        expect(at >= 0 && at <= NOW_MS).toBe(true);
      }
      expect(user.resetRequiredAt === null).toBe(fields.reset_required_at === '' && fields.email_verified === 'true');
      expect(user.passwordHash === '' || ONE_OF_EACH.some(({ hash }) => hash === user.passwordHash)).toBe(true);
    }),
    { numRuns: 3000 },
  );
  expect(taken).toBeGreaterThan(100);
});

test('ids of rows are UUIDs, alike for the same import and row alone', () => {
  const id = idOfRow('seed', 1);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set([id, idOfRow('seed', 1), idOfRow('seed', 2), idOfRow('seeds', 1)]).size).toBe(3);
});

describe('progress', () => {
  const drawn = (isTTY: boolean) => {
    const written: string[] = [];
    let ms = 0;
    const bar = createProgressBar('Importing', { isTTY, write: text => written.push(text) }, () => ms);
    for (const part of [0, 0.05, 0.5, 0.501, 1]) {
      ms += 1000;
      bar.show(part, part * 1000);
    }
    bar.end();
    return written;
  };

  test('on a terminal is a bar that fills in its place', () => {
    const written = drawn(true);
    expect(written[2]).toBe(`\rImporting [${'#'.repeat(15)}${'-'.repeat(15)}]  50 %  500 rows, 3 s left\u001B[K`);
    expect(written.at(-2)).toContain(`[${'#'.repeat(30)}] 100 %  1,000 rows`);
    expect(written.join('').match(/\n/g)).toHaveLength(1);
  });

  test('elsewhere is a line for each tenth', () => {
    expect(drawn(false)).toEqual(['Importing  50 %  500 rows, 3 s left\n', 'Importing 100 %  1,000 rows\n']);
  });
});
