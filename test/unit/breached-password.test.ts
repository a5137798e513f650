/** The list of leaked passwords: what is asked of it, what its answers mean, and that nobody waits for it in vain. */
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { refusedByLists } from '../../worker/credentials/new-password.ts';
import { configWith } from './settings.ts';
import { type StubServer, startStubServer } from './stub-server.ts';

describe('the list of leaked passwords', () => {
  const PASSWORD = 'correct horse battery staple';
  const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase();
  const [prefix, suffix] = [sha1(PASSWORD).slice(0, 5), sha1(PASSWORD).slice(5)];

  let api: StubServer;
  beforeAll(async () => {
    api = await startStubServer();
  });
  afterAll(() => api.close());
  beforeEach(() => {
    api.asked.length = 0;
  });
  afterEach(() => vi.restoreAllMocks());

  /** What is on the built-in list never leaves the house. Here that list holds one password. */
  const COMMON = 'iloveyouforever';
  const commonPasswords = { has: async (password: string) => password === COMMON };
  const ask = (password = PASSWORD, url = api.url) =>
    refusedByLists({ config: configWith({ BREACH_API_URL: url }), commonPasswords }, password);
  const answerText = (text: string) => api.answerWith(response => response.end(text));

  test('refuses what is in it', async () => {
    answerText(`0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n${suffix}:42\r\n011053FD0102E94D6AE2F8B83D76FAF94F6:3`);
    expect(await ask()).toBe('password_breached');
  });

  test.each([
    ['at the beginning', () => `${suffix}:1\r\nFF:1`],
    ['at the end', () => `FF:1\n${suffix}:10`],
    ['with leading zeros', () => `${suffix}:007`],
  ])('refuses it %s', async (_where, text) => {
    answerText(text());
    expect(await ask()).not.toBeNull();
  });

  test('lets pass what is not in it', async () => {
    answerText('0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n011053FD0102E94D6AE2F8B83D76FAF94F6:3');
    expect(await ask()).toBeNull();
  });

  test.each([
    ['a padding line, which counts zero', () => `${suffix}:0`],
    ['a line that only begins alike', () => `${suffix}A:5`],
    ['a line that only ends alike', () => `A${suffix}:5`],
    ['an empty answer', () => ''],
    ['a page of something else', () => '<!doctype html><p>Welcome'],
  ])('does not take %s for it', async (_what, text) => {
    answerText(text());
    expect(await ask()).toBeNull();
  });

  test('learns five hex digits of a SHA-1 and nothing else of the password, and is asked to pad its answer', async () => {
    answerText('');
    await ask();
    const [one] = api.asked;
    expect(api.asked).toHaveLength(1);
    expect(one).toMatchObject({ method: 'GET', path: `/range/${prefix}`, body: '' });
    expect(one?.headers['add-padding']).toBe('true');
    const sent = JSON.stringify(one);
    for (const secret of [PASSWORD, suffix, suffix.slice(0, 6), suffix.toLowerCase()])
      expect(sent).not.toContain(secret);
  });

  test('is asked for the same characters however they were composed', async () => {
    answerText('');
    await ask('Caf\u00e9 Ren\u00e9 and more');
    await ask('Cafe\u0301 Rene\u0301 and more');
    expect(api.asked[0]?.path).toBe(api.asked[1]?.path);
    expect(api.asked[0]?.path).toBe(`/range/${sha1('Café René and more').slice(0, 5)}`);
  });

  test('is not asked where it is switched off', async () => {
    expect(await ask(PASSWORD, '')).toBeNull();
    expect(api.asked).toEqual([]);
  });

  test.each([COMMON, 'abcabcabcabcabc'])(
    'is not asked for %s, which is one of the first that are tried',
    async password => {
      answerText('');
      expect(await ask(password)).toBe('password_common');
      expect(api.asked).toEqual([]);
    },
  );

  describe('stops nobody when it fails, and the log says so without the password', () => {
    const expectPass = async () => {
      const warn = vi.spyOn(console, 'warn').mockReturnValue();
      expect(await ask()).toBeNull();
      expect(warn.mock.calls.flat()).toEqual([expect.stringContaining('"event":"breach_api_failed"')]);
      for (const secret of [PASSWORD, prefix, suffix]) expect(warn.mock.calls.join()).not.toContain(secret);
    };

    test.each([400, 403, 404, 429, 500, 503])('with %i', async status => {
      api.answerWith(response => response.writeHead(status).end(`${suffix}:42`));
      await expectPass();
    });

    test('by a broken connection', async () => {
      api.answerWith(response => response.destroy());
      await expectPass();
    });

    test('by an answer that breaks off', async () => {
      api.answerWith(response => {
        response.writeHead(200, { 'Content-Length': '1000' }).write('0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n');
        setTimeout(() => response.destroy(), 20);
      });
      await expectPass();
    });

    test('by not answering within a second', async () => {
      const { timeout } = AbortSignal;
      const asked = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout.call(AbortSignal, 30));
      api.answerWith(() => {});
      await expectPass();
      expect(asked).toHaveBeenCalledExactlyOnceWith(1000);
    });
  });
});
