/** The passwords that are tried first: the list as it is made, how it is asked, and the patterns that need no list. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { commonPasswords } from '../../scripts/password-list.ts';
import { createCommonPasswords, isSimplePattern } from '../../worker/credentials/password-list.ts';
import { Unavailable } from '../../worker/unavailable.ts';

const FILE = readFileSync('worker/credentials/password-list.txt', 'utf8');
const LIST = commonPasswords(FILE);

describe('the list', () => {
  test.each([8, 9, 10, 11, 12, 13, 14, 15])('holds 3000 for a policy of at least %i characters', least => {
    expect(LIST.filter(password => [...password].length >= least).length).toBeGreaterThanOrEqual(3000);
  });

  test('holds nothing that could not be compared, nothing too short to be asked for, and nothing twice', () => {
    expect(
      LIST.filter(password => !/^[\x21-\x7e]{8,256}$/.test(password) || password !== password.toLowerCase()),
    ).toEqual([]);
    expect(new Set(LIST).size).toBe(LIST.length);
  });

  test.each([
    'password',
    'qwerty123',
    'iloveyou',
    'passwordpassword',
    'qwertyuiopasdfghjkl',
    '1q2w3e4r5t6y7u8i',
    '123456789qwerty',
    'iloveyouforever',
    'highschoolmusical',
  ])('holds %s', password => {
    expect(LIST).toContain(password);
  });

  test.each(['correct horse battery', 'staple violet kettle drum', 'qwkzvhtjrmcxpbn'])('does not hold %s', password => {
    expect(LIST).not.toContain(password);
  });

  test('is of the lines of the file and of the commonest long forms of its first', () => {
    expect(commonPasswords('# dragon\n#\n# 12345678\ndragon\nsunshine\n###odd###\n')).toEqual([
      'sunshine',
      '###odd###',
      'dragondragondragon',
      'sunshinesunshine',
      '###odd######odd###',
      'dragon123456789',
      '123456789dragon',
      'dragon1234567890',
      '1234567890dragon',
      'sunshine123456789',
      '123456789sunshine',
      'sunshine1234567890',
      '1234567890sunshine',
      '###odd###123456789',
      '123456789###odd###',
      '###odd###1234567890',
      '1234567890###odd###',
    ]);
  });
});

describe('asking it', () => {
  afterEach(() => vi.restoreAllMocks());

  const TEXT = `${LIST.join('\n')}\n`;
  const assetsThat = (...answers: (() => Promise<Response>)[]) => ({
    fetch: vi.fn(
      (_url: string) => (answers.length > 1 ? answers.shift() : answers[0])?.() ?? Promise.reject(new Error()),
    ),
  });
  const good = async () => new Response(TEXT);

  test.each(['iloveyouforever', 'ILOVEYOUFOREVER', 'ILoveYouForever'])('finds %s', async password => {
    expect(await createCommonPasswords(assetsThat(good)).has(password)).toBe(true);
  });

  test('finds what is the same after NFC, and does not need it to be ASCII', async () => {
    const text = `${TEXT}caf\u00e9 ren\u00e9 and more\n`;
    const common = createCommonPasswords(assetsThat(async () => new Response(text)));
    expect(await common.has('Cafe\u0301 Rene\u0301 and more')).toBe(true);
  });

  test.each([
    ['with something before it', 'oh iloveyouforever'],
    ['with something after it', 'iloveyouforever, Ada'],
    ['next to its neighbour in the list', `${LIST[5000]}\n${LIST[5001]}`],
    ['in part', 'iloveyouforeve'],
    ['empty', ''],
  ])('compares the whole password: not one %s', async (_what, password) => {
    expect(await createCommonPasswords(assetsThat(good)).has(password)).toBe(false);
  });

  test('reads it once', async () => {
    const assets = assetsThat(good);
    const common = createCommonPasswords(assets);
    for (const password of ['password', 'iloveyouforever', 'something else']) await common.has(password);
    expect(assets.fetch).toHaveBeenCalledExactlyOnceWith('https://assets.local/api/common-passwords.txt');
  });

  test('waits for no other request to read it: that one may be gone', async () => {
    const common = createCommonPasswords(assetsThat(() => new Promise<Response>(() => undefined), good));
    void common.has('iloveyouforever');
    expect(await common.has('iloveyouforever')).toBe(true);
  });

  test.each<[string, () => Promise<Response>, number | null]>([
    ['is not there', async () => new Response('<!doctype html>', { status: 404 }), 404],
    ['is a page', async () => new Response('<!doctype html>\n'.repeat(4000)), 200],
    ['is empty', async () => new Response(''), 200],
    ['is cut off', async () => new Response(TEXT.slice(0, 20_000)), 200],
    ['cannot be asked for', () => Promise.reject(new TypeError('Network connection lost.')), null],
  ])(
    'throws where the list %s, says so in the log, and reads again at the next question',
    async (_what, answer, status) => {
      const error = vi.spyOn(console, 'error').mockReturnValue();
      const common = createCommonPasswords(assetsThat(answer, good));
      const asked = common.has('a password of mine');
      await expect(asked).rejects.toThrow(Unavailable);
      await expect(asked).rejects.toMatchObject({ service: 'password list' });
      expect(error).toHaveBeenCalledOnce();
      const line = String(error.mock.calls[0]?.[0]);
      expect(JSON.parse(line)).toMatchObject({ level: 'error', event: 'password_list_unreadable', status });
      expect(line).not.toContain('a password of mine');
      expect(await common.has('iloveyouforever')).toBe(true);
    },
  );
});

describe('a pattern', () => {
  test.each([
    'aaaaaaaaaaaaaaa',
    'AaAaAaAaAaAaAaA',
    '               ',
    'abcabcabcabcabc',
    'abcabcabcabcabca',
    '12341234123412341',
    '🔑🔋🔑🔋🔑🔋🔑🔋🔑🔋🔑🔋🔑🔋🔑',
    'e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301',
    '123456789012345',
    '012345678901234',
    '987654321098765',
    '543210987654321',
    'abcdefghijklmno',
    'ABCDEFGHIJKLMNOP',
    'tuvwxyzabcdefghijk',
    'zyxwvutsrqponmlk',
    'αβγδεζηθικλμνξο',
  ])('is %j', password => {
    expect(isSimplePattern(password)).toBe(true);
  });

  test.each([
    'correct horse battery',
    'qwkzvhtjrmcxpbn',
    'aaaaaaaaaaaaaab',
    'baaaaaaaaaaaaaa',
    'abcdeabcdeabcde',
    'abcabcabcabcabd',
    '123456789012346',
    '12345678901234a',
    '123456787654321',
    'abcdefghijklmnn',
    '89:;<=>?@ABCDEF',
  ])('is not %j', password => {
    expect(isSimplePattern(password)).toBe(false);
  });
});
