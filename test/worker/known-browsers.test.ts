/** Known browsers: a notice for each one that is new, once, and a cookie that spares its owner the next. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../worker/config.ts';
import { isKnownTo, readKnownBrowser, withAccount, writeKnownBrowser } from '../../worker/credentials/known-browser.ts';
import {
  changePassword,
  changeToken,
  completeReset,
  confirmEmail,
  mailsTo,
  NEW_BROWSER,
  SECURED,
  secure,
  signInElsewhere,
} from '../support/account.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { type Rekey, startRekey, TEST_SETTINGS } from '../support/harness.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person, tokenOf } from '../support/people.ts';
import { rowsOf, rowsOfUser, storedUser } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const COOKIE = 'rekey-browser';

const elsewhere = (who: { username: string; email: string }) => createPerson(rekey, 'elsewhere', who);

/** How many notices of a new browser this address has got, once none is due any more. */
const noticesTo = async (who: { email: string }): Promise<number> => {
  await expect.poll(() => rowsOf(rekey, 'notices')).toEqual([]);
  return mailsTo(rekey, who, NEW_BROWSER).length;
};

/** Signs in with this browser cookie and nothing else, and says whether the owner got a notice. */
const isToldOf = async (ada: { username: string; email: string }, cookie: string, password = PASSWORD) => {
  const before = await noticesTo(ada);
  const browser = elsewhere(ada);
  browser.cookies.set(COOKIE, cookie);
  expect((await browser.signIn(password)).status).toBe(200);
  return (await noticesTo(ada)) - before === 1;
};
const cookieOf = (browser: Person): string => browser.cookies.get(COOKIE) ?? '';

const configWith = (settings: typeof TEST_SETTINGS) => {
  const outcome = readConfig({ ...TEST_SETTINGS, ...settings });
  if (outcome.kind === 'bad') throw new Error(outcome.problems.join('; '));
  return outcome.config;
};
const asAccount = ({ id, browser_stamp }: Awaited<ReturnType<typeof storedUser>>) => ({
  id,
  browserStamp: browser_stamp,
});

describe('a notice', () => {
  test('tells the owner of the first sign-in from each other browser, once for each', async () => {
    const ada = await createRegistered(rekey);
    const [phone, tablet] = [elsewhere(ada), elsewhere(ada)];
    const counted: number[] = [];
    for (const browser of [phone, phone, tablet, phone, tablet]) {
      expect((await browser.signIn()).status).toBe(200);
      counted.push(await noticesTo(ada));
    }
    expect(counted).toEqual([1, 1, 2, 2, 2]);
    const mail = await ada.readMail(NEW_BROWSER);
    expect(mail.text).toContain('/secure-account#');
  });

  test('is not due where the browser has registered the account', async () => {
    const ada = await createRegistered(rekey);
    await ada.send('/api/session', { method: 'DELETE' });
    expect((await ada.signIn()).status).toBe(200);
    expect(await noticesTo(ada)).toBe(0);
  });

  test('is not due where the browser has finished a reset of it', async () => {
    const ada = await createRegistered(rekey);
    const browser = elsewhere(ada);
    const token = await browser.linkToken('password-resets', 'Password Reset Request');
    expect((await completeReset(browser, token)).status).toBe(204);
    expect((await browser.signIn(NEW_PASSWORD)).status).toBe(200);
    expect(await noticesTo(ada)).toBe(0);
  });

  test('is not due where nobody was let in, and that makes no browser known', async () => {
    const ada = await createRegistered(rekey);
    const browser = elsewhere(ada);
    const refused = await browser.signIn(NEW_PASSWORD);
    expectProblem(refused, 'invalid_credentials');
    expect(refused.headers.getSetCookie()).toEqual([]);
    expect(await noticesTo(ada)).toBe(0);
    await browser.signIn();
    expect(await noticesTo(ada)).toBe(1);
  });

  test('says browser and system in words of our own, whatever the header holds', async () => {
    const ada = await createRegistered(rekey);
    const json = { email: ada.email, password: PASSWORD };
    const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0';
    await elsewhere(ada).post('/api/session', json, { 'User-Agent': firefox });
    expect((await ada.readMail(NEW_BROWSER)).text).toMatch(/, from Firefox on Windows[.,]/);
    const [last] = mailsTo(rekey, ada);
    await elsewhere(ada).post('/api/session', json, { 'User-Agent': 'Call +1-555-HELP now https://evil.example/' });
    const mail = await ada.readMail(NEW_BROWSER, last);
    expect(mail.source).not.toMatch(/HELP|evil/);
  });

  test('of five sign-ins of new browsers at the same time comes for each', async () => {
    const ada = await createRegistered(rekey);
    const answers = await Promise.all(Array.from({ length: 5 }, () => elsewhere(ada).signIn()));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect(await noticesTo(ada)).toBe(5);
  });
});

describe('the cookie', () => {
  test('lives for 400 days, for this host alone and out of reach of scripts', async () => {
    const ada = await createRegistered(rekey);
    const answer = await ada.signIn();
    const line = answer.headers.getSetCookie().find(text => text.startsWith(COOKIE)) ?? '';
    expect(line.replace(/=[^;]*/, '=...')).toBe('rekey-browser=...; Max-Age=34560000; Path=/; HttpOnly; SameSite=Lax');
    expect(34_560_000).toBe(400 * 24 * 3600);
  });

  test('holds neither address nor name nor the user’s id, and says nothing of whose account it knows', async () => {
    const ada = await createRegistered(rekey);
    const { id, security_stamp } = await storedUser(rekey, ada);
    const cookie = decodeURIComponent(cookieOf(ada));
    const parts = cookie.split(/[~!*]/).flatMap(part => [part, Buffer.from(part, 'base64url').toString('latin1')]);
    for (const secret of [ada.email, ada.username, id, id.replaceAll('-', ''), security_stamp]) {
      for (const part of parts) expect(part.toLowerCase()).not.toContain(secret.toLowerCase());
    }
    expect(cookie.length).toBeLessThan(200);
  });

  test('is the same browser’s from one sign-in to the next, and each browser’s own', async () => {
    const ada = await createRegistered(rekey);
    const idOf = (browser: Person) => cookieOf(browser).split('~')[0];
    const before = idOf(ada);
    await ada.signIn();
    expect(idOf(ada)).toBe(before);
    expect(idOf(await signInElsewhere(rekey, ada))).not.toBe(before);
  });

  test('opens nothing by itself', async () => {
    const ada = await createRegistered(rekey);
    const browser = elsewhere(ada);
    browser.cookies.set(COOKIE, cookieOf(ada));
    expect(await browser.whoAmI()).toBeNull();
    for (const path of ['', '/sessions', '/activity', '/export']) {
      expectProblem(await browser.get(`/api/account${path}`), 'not_signed_in');
    }
    expectProblem(await changePassword(browser), 'not_signed_in');
    expectProblem(await browser.signIn(NEW_PASSWORD), 'invalid_credentials');
  });

  test('outlives the session and a change of the password or the address', async () => {
    const ada = await createRegistered(rekey);
    await ada.send('/api/session', { method: 'DELETE' });
    await ada.signIn();
    await changePassword(ada);
    expect(await isToldOf(ada, cookieOf(ada), NEW_PASSWORD)).toBe(false);
    await ada.signIn(NEW_PASSWORD);
    const home = createPerson(rekey, 'new-home');
    await confirmEmail(ada, await changeToken(rekey, ada, home, NEW_PASSWORD));
    expect(await isToldOf({ username: ada.username, email: home.email }, cookieOf(ada), NEW_PASSWORD)).toBe(false);
  });

  test('is forgotten in every browser by "this was not me"', async () => {
    const ada = await createRegistered(rekey);
    const phone = await signInElsewhere(rekey, ada);
    const known = [cookieOf(ada), cookieOf(phone)];
    const noticed = tokenOf(await ada.readMail(NEW_BROWSER));
    expect((await secure(elsewhere(ada), noticed)).status).toBe(204);
    const reset = tokenOf(await ada.readMail(SECURED));
    expect((await completeReset(elsewhere(ada), reset, PASSWORD)).status).toBe(204);
    for (const cookie of known) expect(await isToldOf(ada, cookie)).toBe(true);
  });

  test('is one of somebody else’s account where it is: it spares nobody else’s owner a notice', async () => {
    const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey, 'bob')];
    expect(await isToldOf(ada, cookieOf(bob))).toBe(true);
  });

  test('that was forged, cut, swapped or made under another secret is an unknown browser’s', async () => {
    const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey, 'bob')];
    const cookie = decodeURIComponent(cookieOf(ada));
    expect(await isToldOf(ada, cookie)).toBe(false);
    const [body = '', mac = ''] = cookie.split('*');
    const bobsMac = decodeURIComponent(cookieOf(bob)).split('*')[1];
    const user = asAccount(await storedUser(rekey, ada));
    const other = configWith({ LOOKUP_SECRET: 'A'.repeat(43) });
    const madeElsewhere = await writeKnownBrowser(
      other,
      await withAccount(other, await readKnownBrowser(other, undefined), user),
    );
    const flipped = body.startsWith('A') ? `B${body.slice(1)}` : `A${body.slice(1)}`;
    const forged = [
      body,
      `${body}*`,
      `${body}*${bobsMac}`,
      `${flipped}*${mac}`,
      `${body}*${mac.slice(0, -4)}`,
      `${body}~*${mac}`,
      `*${mac}`,
      '*',
      '%',
      '~!~!*',
      madeElsewhere,
    ];
    for (const text of forged) expect([text, await isToldOf(ada, text)]).toEqual([text, true]);
  });

  test('stays when TOKEN_SECRET is replaced', async () => {
    const ada = await createRegistered(rekey);
    const replaced = configWith({ TOKEN_SECRET: 'A'.repeat(43) });
    const browser = await readKnownBrowser(replaced, decodeURIComponent(cookieOf(ada)));
    expect(await isKnownTo(replaced, browser, asAccount(await storedUser(rekey, ada)))).toBe(true);
  });

  test('is not a second identity: nothing of it is stored', async () => {
    const ada = await createRegistered(rekey);
    const id = cookieOf(ada).split('~')[0] ?? '';
    for (const table of ['users', 'sessions', 'activity', 'notices'] as const) {
      expect(JSON.stringify(await rowsOf(rekey, table))).not.toContain(id);
    }
    const { id: userId } = await storedUser(rekey, ada);
    expect(await rowsOfUser(rekey, 'sessions', userId)).toHaveLength(1);
  });
});

test('one browser holds eight accounts side by side; the ninth pushes out the one that signed in longest ago', async () => {
  const people: Person[] = [];
  for (let n = 0; n < 9; n += 1) people.push(await createRegistered(rekey, 'family'));
  const shared = createPerson(rekey, 'shared');
  const signIn = async (n: number): Promise<boolean> => {
    const who = people[n] as Person;
    const before = await noticesTo(who);
    const answer = await shared.post('/api/session', { email: who.email, password: PASSWORD });
    expect(answer.status).toBe(200);
    return (await noticesTo(who)) - before === 1;
  };
  for (let n = 0; n < 8; n += 1) expect(await signIn(n)).toBe(true);
  for (let n = 0; n < 8; n += 1) expect(await signIn(n)).toBe(false);
  expect(await signIn(0)).toBe(false);
  expect(await signIn(8)).toBe(true);
  // 0 signed in after 1: it is 1 that has made room.
  expect(await signIn(0)).toBe(false);
  expect(await signIn(7)).toBe(false);
  expect(await signIn(1)).toBe(true);
});
