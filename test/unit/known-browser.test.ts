/** The known browser's cookie: which accounts it remembers, and that nobody can make or change one. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  isKnownTo,
  KNOWN_BROWSER_SECONDS,
  type KnownBrowser,
  readKnownBrowser,
  withAccount,
  writeKnownBrowser,
} from '../../worker/credentials/known-browser.ts';
import { configWith, SECRET_B, SECRET_C } from './settings.ts';

const config = configWith();
const accountNamed = (name: string) => ({ id: `id of ${name}`, browserStamp: `stamp-of-${name}`.padEnd(22, '-') });
const ada = accountNamed('ada');
const bob = accountNamed('bob');

const newBrowser = () => readKnownBrowser(config, undefined);

/** A browser in which these accounts have signed in, the last one latest. */
const browserOf = async (...accounts: (typeof ada)[]): Promise<KnownBrowser> => {
  let browser = await newBrowser();
  for (const account of accounts) browser = await withAccount(config, browser, account);
  return browser;
};
const cookieOf = async (...accounts: (typeof ada)[]) => writeKnownBrowser(config, await browserOf(...accounts));

describe('a browser without a cookie', () => {
  test('is nobody’s, under 128 random bits of its own', async () => {
    const browsers = await Promise.all(Array.from({ length: 50 }, newBrowser));
    for (const { id, accounts } of browsers) {
      expect(id).toMatch(/^[\w-]{22}$/);
      expect(accounts).toEqual([]);
    }
    expect(new Set(browsers.map(({ id }) => id)).size).toBe(50);
    expect(await isKnownTo(config, await newBrowser(), ada)).toBe(false);
  });
});

describe('a cookie', () => {
  test('is read back as it was written, with no account, one and eight', async () => {
    const accounts = Array.from({ length: 8 }, (_, at) => accountNamed(String(at)));
    for (const browser of [await browserOf(), await browserOf(ada), await browserOf(...accounts)]) {
      expect(await readKnownBrowser(config, await writeKnownBrowser(config, browser))).toEqual(browser);
    }
  });

  test('is the same every time, in characters that a cookie takes and that nothing has to escape', async () => {
    const browser = await browserOf(ada, bob);
    const cookie = await writeKnownBrowser(config, browser);
    expect(cookie).toBe(await writeKnownBrowser(config, browser));
    expect(encodeURIComponent(cookie)).toBe(cookie);
    expect(cookie).toMatch(/^[\w-]{22}(~[\w-]{22}![\w-]{22}){2}\*[\w-]{43}$/);
  });

  test('stays far below the 4096 bytes that a browser keeps, with as many accounts as it holds', async () => {
    expect((await cookieOf(...Array.from({ length: 20 }, (_, at) => accountNamed(String(at))))).length).toBeLessThan(
      600,
    );
  });

  test('lives for 400 days, the longest that a browser lets one live', () => {
    expect(KNOWN_BROWSER_SECONDS).toBe(34_560_000);
  });

  test('names no account: under each stands a keyed hash, which another secret makes another', async () => {
    const mac = createHmac('sha256', Buffer.from(SECRET_C, 'base64url')).update(`browser account\0${ada.id}`);
    const { accounts } = await browserOf(ada);
    expect(accounts).toEqual([[mac.digest('base64url').slice(0, 22), ada.browserStamp]]);
    expect(await cookieOf(ada)).not.toContain(ada.id);
    const elsewhere = await withAccount(configWith({ LOOKUP_SECRET: SECRET_B }), await newBrowser(), ada);
    expect(elsewhere.accounts[0]?.[0]).not.toBe(accounts[0]?.[0]);
  });

  test('outlives the secrets of the links, and not the one that it is signed under', async () => {
    const cookie = await cookieOf(ada);
    const links = configWith({ TOKEN_SECRET: SECRET_B });
    expect(await isKnownTo(links, await readKnownBrowser(links, cookie), ada)).toBe(true);
    const another = configWith({ LOOKUP_SECRET: SECRET_B });
    expect((await readKnownBrowser(another, cookie)).accounts).toEqual([]);
  });
});

describe('of several accounts in one browser', () => {
  test('each is known, and nobody else', async () => {
    const browser = await browserOf(ada, bob);
    expect(await isKnownTo(config, browser, ada)).toBe(true);
    expect(await isKnownTo(config, browser, bob)).toBe(true);
    expect(await isKnownTo(config, browser, accountNamed('eve'))).toBe(false);
  });

  test('the browser keeps its id, and the latest comes first, each once', async () => {
    const first = await browserOf(ada, bob);
    const again = await withAccount(config, first, ada);
    expect(again.id).toBe(first.id);
    expect(again.accounts.map(([, stamp]) => stamp)).toEqual([ada.browserStamp, bob.browserStamp]);
    expect(first.accounts.map(([, stamp]) => stamp)).toEqual([bob.browserStamp, ada.browserStamp]);
  });

  test('eight are held; the one that signed in longest ago makes room', async () => {
    const accounts = Array.from({ length: 9 }, (_, at) => accountNamed(String(at)));
    const browser = await browserOf(...accounts);
    expect(browser.accounts).toHaveLength(8);
    const known = await Promise.all(accounts.map(account => isKnownTo(config, browser, account)));
    expect(known).toEqual([false, ...Array.from({ length: 8 }, () => true)]);
  });

  test('one that signs in again pushes nobody out', async () => {
    const accounts = Array.from({ length: 8 }, (_, at) => accountNamed(String(at)));
    const browser = await withAccount(config, await browserOf(...accounts), accountNamed('0'));
    const known = await Promise.all(accounts.map(account => isKnownTo(config, browser, account)));
    expect(known).toEqual(accounts.map(() => true));
  });
});

describe('when the account replaces its browser stamp', () => {
  const secured = { ...ada, browserStamp: 'another-stamp-of-ada--' };

  test('the browser is forgotten, and no other account with it', async () => {
    const browser = await browserOf(ada, bob);
    expect(await isKnownTo(config, browser, secured)).toBe(false);
    expect(await isKnownTo(config, browser, bob)).toBe(true);
  });

  test('it is known again from the next sign-in on, under the new stamp alone', async () => {
    const browser = await withAccount(config, await browserOf(ada, bob), secured);
    expect(await isKnownTo(config, browser, secured)).toBe(true);
    expect(await isKnownTo(config, browser, ada)).toBe(false);
    expect(browser.accounts).toHaveLength(2);
  });

  test('a stamp of one account opens nothing of another', async () => {
    expect(await isKnownTo(config, await browserOf(ada), { id: bob.id, browserStamp: ada.browserStamp })).toBe(false);
    expect(await isKnownTo(config, await browserOf(ada), { id: ada.id, browserStamp: bob.browserStamp })).toBe(false);
  });
});

describe('a cookie that is not of our making is none: the browser begins anew', () => {
  const expectNew = async (cookie: string, was: KnownBrowser, what: string) => {
    const browser = await readKnownBrowser(config, cookie);
    expect(browser.accounts, what).toEqual([]);
    expect(browser.id, what).toMatch(/^[\w-]{22}$/);
    expect(browser.id, what).not.toBe(was.id);
  };

  test('with any one character changed', async () => {
    const browser = await browserOf(ada, bob);
    const cookie = await writeKnownBrowser(config, browser);
    // The very last character carries two bits that belong to no byte.
    for (let at = 0; at < cookie.length - 1; at += 1) {
      const other = cookie[at] === 'A' ? 'B' : 'A';
      await expectNew(cookie.slice(0, at) + other + cookie.slice(at + 1), browser, `character ${at}`);
    }
  });

  test('with an account taken out, put in, doubled or moved under the old signature', async () => {
    const browser = await browserOf(ada, bob);
    const cookie = await writeKnownBrowser(config, browser);
    const [body = '', mac = ''] = cookie.split('*');
    const [id, bobs, adas] = body.split('~');
    const bodies = [
      `${id}`,
      `${id}~${adas}`,
      `${id}~${bobs}`,
      `${id}~${adas}~${bobs}`,
      `${body}~${adas}`,
      `${body}~`,
      `~${bobs}~${adas}`,
      ` ${body}`,
      '',
    ];
    for (const changed of bodies) await expectNew(`${changed}*${mac}`, browser, changed);
  });

  test('signed by another secret, for another use, or not at all', async () => {
    const browser = await browserOf(ada);
    const [body = ''] = (await writeKnownBrowser(config, browser)).split('*');
    const macOf = (secret: Buffer | string, text: string) =>
      createHmac('sha256', secret).update(text).digest('base64url');
    const secret = Buffer.from(SECRET_C, 'base64url');
    expect(`${body}*${macOf(secret, `browser cookie\0${body}`)}`).toBe(await writeKnownBrowser(config, browser));
    const macs = [
      '',
      macOf(secret, body),
      macOf(secret, `browser account\0${body}`),
      macOf(secret, `resting username\0${body}`),
      macOf(Buffer.from(SECRET_B, 'base64url'), `browser cookie\0${body}`),
      macOf('secret', `browser cookie\0${body}`),
      'A'.repeat(43),
    ];
    for (const mac of macs) await expectNew(`${body}*${mac}`, browser, mac);
    await expectNew(body, browser, 'no mark');
    await expectNew(`${await writeKnownBrowser(config, browser)}*A`, browser, 'a mark too many');
    // What this account stands under in its own cookie is no signature either.
    await expectNew(`${body}*${browser.accounts[0]?.[0]}`, browser, 'an account’s hash');
  });

  test('whatever else it holds: nothing makes it throw', async () => {
    const browser = await browserOf(ada);
    const cookies = [
      '',
      '*',
      '**',
      '~',
      '!',
      '~!*',
      '*A',
      'A*',
      'A*=',
      'é*é',
      '🔒',
      '\ud800*\ud800',
      '\0',
      '{}',
      'null',
    ];
    for (const cookie of [...cookies, 'A'.repeat(8192), `${'~A!A'.repeat(2000)}*${'A'.repeat(43)}`]) {
      await expectNew(cookie, browser, JSON.stringify(cookie.slice(0, 20)));
    }
  });
});
