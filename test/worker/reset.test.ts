/** Resetting a password: what a link does once, and what it leaves alone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserCookie, CLEARED_SESSION } from '../support/cookies.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { makeToken, resetClaims } from '../support/link-tokens.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person, tokenOf } from '../support/people.ts';
import { rowsOf, storedUser } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const complete = (person: Person, token: string, password = NEW_PASSWORD) =>
  person.post('/api/password-resets/complete', { token, password });
const resetToken = (person: Person) => person.linkToken('password-resets', 'Password Reset Request');
const elsewhere = (person: Person) => createPerson(rekey, 'elsewhere', person);

test('the new password opens the account and the old one nothing', async () => {
  const ada = await createRegistered(rekey);
  expect((await complete(ada, await resetToken(ada))).status).toBe(204);
  expectProblem(await ada.signIn(PASSWORD), 'invalid_credentials');
  expect((await ada.signIn(NEW_PASSWORD)).status).toBe(200);
});

test('asking alone changes nothing', async () => {
  const ada = await createRegistered(rekey);
  const before = await storedUser(rekey, ada);
  const token = await resetToken(ada);
  expect((await ada.post('/api/password-resets/check', { token })).status).toBe(200);
  expect(await storedUser(rekey, ada)).toEqual(before);
  expect(await ada.whoAmI()).toBe(ada.username);
  expect((await elsewhere(ada).signIn()).status).toBe(200);
});

test('looking at a link any number of times does not use it up', async () => {
  const ada = await createRegistered(rekey);
  const token = await resetToken(ada);
  for (let look = 0; look < 5; look += 1) {
    expect((await ada.post('/api/password-resets/check', { token })).status).toBe(200);
  }
  expect((await complete(ada, token)).status).toBe(204);
});

test('a reset signs nobody in and ends every session, in every browser', async () => {
  const ada = await createRegistered(rekey);
  const phone = elsewhere(ada);
  await phone.signIn(PASSWORD, true);
  const mailReader = elsewhere(ada);
  const done = await complete(mailReader, await resetToken(ada));
  expect([done.status, done.headers.getSetCookie()]).toEqual([204, [expect.stringMatching(browserCookie(1))]]);
  expect([await ada.whoAmI(), await phone.whoAmI(), await mailReader.whoAmI()]).toEqual([null, null, null]);
  const { id } = await storedUser(rekey, ada);
  expect((await rowsOf(rekey, 'sessions')).filter(session => session.user_id === id)).toEqual([]);
});

test("a reset clears this browser's cookie if it was of that account", async () => {
  const ada = await createRegistered(rekey);
  const done = await complete(ada, await resetToken(ada));
  expect(done.headers.getSetCookie()).toEqual([CLEARED_SESSION, expect.stringMatching(browserCookie(1))]);
});

test("a reset in somebody else's browser leaves that person signed in", async () => {
  const ada = await createRegistered(rekey);
  const bob = await createRegistered(rekey, 'bob');
  const done = await complete(bob, await resetToken(ada));
  // Both are known in this browser from now on.
  expect([done.status, done.headers.getSetCookie()]).toEqual([204, [expect.stringMatching(browserCookie(2))]]);
  expect(await bob.whoAmI()).toBe(bob.username);
});

test('using one link ends all older and newer ones of the account, and nobody else’s', async () => {
  const ada = await createRegistered(rekey);
  const bob = await createRegistered(rekey, 'bob');
  const [first, second, third] = [await resetToken(ada), await resetToken(ada), await resetToken(ada)];
  const bobs = await resetToken(bob);
  expect((await complete(ada, second)).status).toBe(204);
  for (const token of [first, second, third]) {
    expectProblem(await ada.post('/api/password-resets/check', { token }), 'invalid_or_expired_token');
    expectProblem(await complete(ada, token, PASSWORD), 'invalid_or_expired_token');
  }
  expect((await complete(bob, bobs)).status).toBe(204);
  expect((await ada.signIn(NEW_PASSWORD)).status).toBe(200);
});

test('a newer link does not end an older one: whoever knows an address cannot keep its owner out', async () => {
  const ada = await createRegistered(rekey);
  const first = await resetToken(ada);
  await resetToken(ada);
  expect((await complete(ada, first)).status).toBe(204);
});

test('a notice tells the owner of every reset', async () => {
  const ada = await createRegistered(rekey);
  await complete(ada, await resetToken(ada));
  await ada.readMail('Your password was reset');
  await expect.poll(async () => (await rowsOf(rekey, 'notices')).length).toBe(0);
});

describe('a password that the rules refuse leaves the link good', () => {
  const refused = [
    { title: 'empty', password: '', says: 'Choose a password.' },
    { title: 'a character short', password: 'fourteen chars', says: 'Use at least 15 characters. This has 14.' },
    { title: 'over 256', password: 'x'.repeat(257), says: 'Use at most 256 characters. This has 257.' },
    { title: 'the application’s name padded out', password: '2024!!Rekey!!2024', says: /the name Rekey/ },
    { title: 'the name twice', password: 'rekeyREKEYrekey', says: /the name Rekey/ },
    { title: 'the address', password: (ada: Person) => ada.email.toUpperCase(), says: /your email address/ },
    {
      title: 'what stands before the @',
      password: (ada: Person) => `${ada.email.split('@')[0]}1234`,
      says: /email address/,
    },
    { title: 'the username', password: (ada: Person) => `__${ada.username}__1234567890`, says: /your username/ },
  ];
  let countesses = 0;
  test.each(refused)('$title', async ({ password, says }) => {
    countesses += 1;
    const named = { username: `countess${countesses}`, email: `ada.lovelace${countesses}@example.com` };
    const ada = createPerson(rekey, 'ada', named);
    await ada.register();
    const token = await resetToken(ada);
    const before = await storedUser(rekey, ada);
    const answer = await complete(ada, token, typeof password === 'string' ? password : password(ada));
    expectProblem(answer, 'invalid_input');
    const message = typeof says === 'string' ? says : expect.stringMatching(says);
    expect(answer.body.errors).toEqual([{ field: 'password', rule: expect.stringMatching(/^password_/), message }]);
    expect(await storedUser(rekey, ada)).toEqual(before);
    expect((await complete(ada, token)).status).toBe(204);
  });
});

test('the words of the context inside a longer password are no reason to refuse it', async () => {
  const ada = await createRegistered(rekey);
  expect((await complete(ada, await resetToken(ada), `${ada.username} and the Rekey kettle`)).status).toBe(204);
});

test('of forty simultaneous uses of one link exactly one wins', async () => {
  const ada = await createRegistered(rekey);
  await Promise.all([1, 2, 3].map(() => elsewhere(ada).signIn()));
  const token = await resetToken(ada);
  const uses = Array.from({ length: 40 }, (_, n) => ({ browser: elsewhere(ada), password: `${NEW_PASSWORD} ${n}` }));
  const answers = await Promise.all(uses.map(({ browser, password }) => complete(browser, token, password)));

  const winners = answers.flatMap(({ status }, n) => (status === 204 ? [n] : []));
  expect(winners).toHaveLength(1);
  for (const answer of answers.filter(({ status }) => status !== 204)) {
    expectProblem(answer, answer.status === 503 ? 'unavailable' : 'invalid_or_expired_token');
  }
  const opened = await Promise.all(uses.map(async use => (await elsewhere(ada).signIn(use.password)).status));
  expect(opened.flatMap((status, n) => (status === 200 ? [n] : []))).toEqual(winners);
  expect(await ada.whoAmI()).toBeNull();

  await ada.readMail('Your password was reset');
  await expect.poll(async () => (await rowsOf(rekey, 'notices')).length).toBe(0);
  const notices = rekey.mailbox.mailsTo(ada.email).filter(({ subject }) => subject === 'Your password was reset');
  expect(notices).toHaveLength(1);
});

test('of two links of one account used at the same time one wins', async () => {
  const ada = await createRegistered(rekey);
  const tokens = [await resetToken(ada), await resetToken(ada)];
  const answers = await Promise.all(tokens.map(token => complete(elsewhere(ada), token)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 400]);
});

test('no sign-in with the old password survives a reset that happens at the same time', async () => {
  const ada = await createRegistered(rekey);
  const token = await resetToken(ada);
  const thieves = Array.from({ length: 12 }, () => elsewhere(ada));
  const [done] = await Promise.all([complete(elsewhere(ada), token), ...thieves.map(thief => thief.signIn(PASSWORD))]);
  expect(done.status).toBe(204);
  expect(await Promise.all(thieves.map(thief => thief.whoAmI()))).toEqual(thieves.map(() => null));
  const { id, security_stamp } = await storedUser(rekey, ada);
  const left = (await rowsOf(rekey, 'sessions')).filter(({ user_id }) => user_id === id);
  expect(left.filter(({ stamp }) => stamp === security_stamp)).toEqual([]);
});

test('a session or a link under a stamp that is no longer the account’s opens nothing', async () => {
  const ada = await createRegistered(rekey);
  const stale = await makeToken('reset', { ...(await resetClaims(rekey, ada)), stamp: 'A'.repeat(22) });
  expectProblem(await complete(ada, stale), 'invalid_or_expired_token');
  await rekey.env.DB.prepare('UPDATE users SET security_stamp = ? WHERE email = ?')
    .bind('B'.repeat(22), ada.email)
    .run();
  expect(await ada.whoAmI()).toBeNull();
  expectProblem(await ada.get('/api/account'), 'not_signed_in');
});

test('a link asked for in other letter cases goes to the address as it was registered', async () => {
  const ada = await createRegistered(rekey);
  await ada.post('/api/password-resets', { email: ada.email.toUpperCase() });
  const mail = await ada.readMail('Password Reset Request');
  expect(mail.to).toEqual([ada.email]);
  expect((await complete(ada, tokenOf(mail))).status).toBe(204);
});
