/** Deleting an account: all that belongs to it goes at once, a last mail says so, and its name rests. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  askEmailChange,
  changeToken,
  completeReset,
  confirmEmail,
  deleteAccount,
  mailsTo,
  moveTo,
  NEW_BROWSER,
  secure,
  signInElsewhere,
  tokenAfter,
} from '../support/account.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { startBreakableRekey, withClockAhead } from '../support/harness.ts';
import { makeToken } from '../support/link-tokens.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person, tokenOf } from '../support/people.ts';
import { rowsOf, rowsOfUser, storedUser, wholeDatabase } from '../support/rows.ts';

let rekey: Awaited<ReturnType<typeof startBreakableRekey>>;
beforeAll(async () => {
  rekey = await startBreakableRekey();
});
beforeEach(() => rekey.doors.mendAll());
afterAll(() => rekey.stop());

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
const CLEARED = 'rekey-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax';
const DELETED = 'Your account was deleted';

const elsewhere = (who: { username: string; email: string }) => createPerson(rekey, 'elsewhere', who);
const register = async (person: Person, username = person.username, inSeconds = 0) =>
  person.post('/api/registrations/complete', {
    token: await makeToken('register', { email: person.email }, { inSeconds }),
    username,
    password: PASSWORD,
  });

const laterFailed = () => rekey.events().filter(({ event }) => event === 'later_failed').length;

test('the account and all that belongs to it is gone, from every table, and a last mail says so', async () => {
  const ada = await createRegistered(rekey);
  const bob = await createRegistered(rekey, 'bob');
  const phone = await signInElsewhere(rekey, ada);
  await ada.linkToken('password-resets', 'Password Reset Request');
  await askEmailChange(ada, createPerson(rekey, 'new-home'));
  await elsewhere(ada).signIn(NEW_PASSWORD);
  const user = await storedUser(rekey, ada);
  await expect.poll(() => rowsOf(rekey, 'notices')).toEqual([]);
  await rekey.doors.breakPart('queue');
  await elsewhere(ada).signIn();
  await rekey.doors.mendAll();
  for (const table of ['sessions', 'activity', 'reset_mails', 'notices'] as const) {
    expect([table, (await rowsOfUser(rekey, table, user.id)).length > 0]).toEqual([table, true]);
  }

  const done = await deleteAccount(ada);
  expect([done.status, done.text]).toEqual([204, '']);
  expect(done.headers.getSetCookie()).toEqual([CLEARED]);
  const mail = await ada.readMail(DELETED);
  expect(mail.to).toEqual([ada.email]);
  expect(mail.text).not.toMatch(/#/);
  await expect.poll(() => rowsOf(rekey, 'notices')).toEqual([]);

  const kept = await wholeDatabase(rekey);
  for (const trace of [user.id, ada.email, ada.username, user.password_hash]) expect(kept).not.toContain(trace);
  expect([await ada.whoAmI(), await phone.whoAmI()]).toEqual([null, null]);
  expectProblem(await elsewhere(ada).signIn(), 'invalid_credentials');
  expect(await bob.whoAmI()).toBe(bob.username);
});

test('takes the current password', async () => {
  const ada = await createRegistered(rekey);
  expectProblem(await deleteAccount(ada, NEW_PASSWORD), 'wrong_password');
  expectProblem(await ada.send('/api/account', { method: 'DELETE' }), 'malformed_request');
  expectProblem(await deleteAccount(createPerson(rekey)), 'not_signed_in');
  expect(await ada.whoAmI()).toBe(ada.username);
  expect(mailsTo(rekey, ada, DELETED)).toEqual([]);
});

test('every link of the account is dead: nothing brings it back', async () => {
  const ada = await createRegistered(rekey);
  const thief = elsewhere(ada);
  const undo = await tokenAfter(rekey, ada, NEW_BROWSER, () => thief.signIn());
  const reset = await ada.linkToken('password-resets', 'Password Reset Request');
  const change = await changeToken(rekey, ada, createPerson(rekey, 'new-home'));
  expect((await deleteAccount(ada)).status).toBe(204);
  expectProblem(await secure(ada, undo), 'invalid_or_expired_token');
  expectProblem(await completeReset(ada, reset), 'invalid_or_expired_token');
  expectProblem(await ada.post('/api/account/email/check', { token: change }), 'invalid_or_expired_token');
  expectProblem(await confirmEmail(thief, change), 'not_signed_in');
  const bob = await createRegistered(rekey, 'bob');
  expectProblem(await confirmEmail(bob, change), 'other_account');
});

test('the username rests for 30 days, as a keyed hash and in any letters, and is then free', async () => {
  const ada = await createRegistered(rekey);
  await deleteAccount(ada);
  expect(JSON.stringify(await rowsOf(rekey, 'resting_usernames'))).not.toMatch(new RegExp(ada.username, 'i'));
  const eve = createPerson(rekey, 'eve');
  expectProblem(await register(eve, ada.username), 'username_taken');
  expectProblem(await register(eve, ada.username.toUpperCase()), 'username_taken');
  await withClockAhead(rekey, 30 * DAY_MS - HOUR_MS, async () => {
    await rekey.runCron();
    expectProblem(await register(eve, ada.username, 30 * 24 * 3600 - 3600), 'username_taken');
  });
  await withClockAhead(rekey, 30 * DAY_MS + HOUR_MS, async () => {
    expect((await register(eve, ada.username, 30 * 24 * 3600 + 3600)).status).toBe(200);
    await rekey.runCron();
    expect(await rowsOf(rekey, 'resting_usernames')).toEqual([]);
  });
});

test('the address is free at once, even for a new account of the same person', async () => {
  const ada = await createRegistered(rekey);
  await deleteAccount(ada);
  await ada.readMail(DELETED);
  const again = createPerson(rekey, 'ada', { username: `x${ada.username}`, email: ada.email });
  await again.register(NEW_PASSWORD);
  expect(await again.whoAmI()).toBe(again.username);
  expectProblem(await elsewhere(ada).signIn(PASSWORD), 'invalid_credentials');
});

test('once a change of address can no longer be taken back, deletion works and frees both addresses', async () => {
  const ada = await createRegistered(rekey);
  await ada.signIn(PASSWORD, true);
  const home = createPerson(rekey, 'new-home');
  await moveTo(rekey, { person: ada, from: ada, to: home });
  expectProblem(await deleteAccount(ada), 'change_pending');
  await withClockAhead(rekey, 7 * DAY_MS + HOUR_MS, async () => {
    expect((await deleteAccount(ada)).status).toBe(204);
    await home.readMail(DELETED);
    expect(mailsTo(rekey, ada, DELETED)).toEqual([]);
    const soon = 7 * 24 * 3600 + 3600;
    expect(
      (await register(createPerson(rekey, 'x', { username: `x${ada.username}`, email: ada.email }), undefined, soon))
        .status,
    ).toBe(200);
    expect((await register(home, undefined, soon)).status).toBe(200);
  });
});

test('of a deletion and a reset at the same time one counts', async () => {
  for (let round = 0; round < 5; round += 1) {
    const ada = await createRegistered(rekey);
    const token = await ada.linkToken('password-resets', 'Password Reset Request');
    const [reset, deleted] = await Promise.all([completeReset(elsewhere(ada), token), deleteAccount(ada)]);
    const isDeleted = deleted.status === 204;
    expect([reset.status, deleted.status]).toEqual(isDeleted ? [400, 204] : [204, 401]);
    const left = (await rowsOf(rekey, 'users')).filter(({ email }) => email === ada.email);
    expect(left).toHaveLength(isDeleted ? 0 : 1);
    expect(await ada.whoAmI()).toBeNull();
    expect((await elsewhere(ada).signIn(NEW_PASSWORD)).status).toBe(isDeleted ? 401 : 200);
    if (!isDeleted) expectProblem(deleted, 'not_signed_in');
    expect(deleted.headers.getSetCookie()).toEqual([CLEARED]);
    if (isDeleted) await ada.readMail(DELETED);
    await expect.poll(() => rowsOf(rekey, 'notices')).toEqual([]);
    expect(mailsTo(rekey, ada, DELETED)).toHaveLength(isDeleted ? 1 : 0);
  }
});

test('of many deletions at the same time one counts, and one mail goes out', async () => {
  const ada = await createRegistered(rekey);
  const cookie = { Cookie: `rekey-session=${ada.cookies.get('rekey-session')}` };
  const sent = { method: 'DELETE', json: { currentPassword: PASSWORD }, headers: cookie };
  const answers = await Promise.all([1, 2, 3, 4].map(() => elsewhere(ada).send('/api/account', sent)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 401, 401, 401]);
  await ada.readMail(DELETED);
  await expect.poll(() => rowsOf(rekey, 'notices')).toEqual([]);
  expect(mailsTo(rekey, ada, DELETED)).toHaveLength(1);
});

test('of a deletion and a sign-in at the same time no session is left', async () => {
  const ada = await createRegistered(rekey);
  const { id } = await storedUser(rekey, ada);
  const others = Array.from({ length: 6 }, () => elsewhere(ada));
  const [deleted] = await Promise.all([deleteAccount(ada), ...others.map(other => other.signIn())]);
  expect(deleted.status).toBe(204);
  expect(await rowsOfUser(rekey, 'sessions', id)).toEqual([]);
  expect(await Promise.all(others.map(other => other.whoAmI()))).toEqual(others.map(() => null));
});

test('a crash before the last mail is queued does not lose it: the cron sends it, once', async () => {
  const ada = await createRegistered(rekey);
  const failedBefore = laterFailed();
  await rekey.doors.breakPart('queue');
  expect((await deleteAccount(ada)).status).toBe(204);
  await expect.poll(() => laterFailed()).toBeGreaterThan(failedBefore);
  await rekey.doors.mendAll();
  expect(await rowsOf(rekey, 'notices')).toMatchObject([
    { user_id: null, email: ada.email, kind: 'account_deleted', queued_at: null },
  ]);
  const minute = 60_000;
  await withClockAhead(rekey, 2 * minute, () => rekey.runCron());
  await ada.readMail(DELETED);
  await expect.poll(() => rowsOf(rekey, 'notices')).toEqual([]);
  await withClockAhead(rekey, 2 * minute, () => rekey.runCron());
  expect(mailsTo(rekey, ada, DELETED)).toHaveLength(1);
});

test('a write that fails leaves the whole account, and the next try deletes it', async () => {
  const ada = await createRegistered(rekey);
  const user = await storedUser(rekey, ada);
  await rekey.doors.breakPart('database', 1);
  expectProblem(await deleteAccount(ada), 'unavailable');
  await rekey.doors.mendAll();
  expect(await storedUser(rekey, ada)).toEqual(user);
  expect(await rowsOf(rekey, 'notices')).toEqual([]);
  expect(await ada.whoAmI()).toBe(ada.username);
  expect((await deleteAccount(ada)).status).toBe(204);
});

test('the last mail holds what the deletion was made from, in words of our own', async () => {
  const ada = await createRegistered(rekey);
  const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0';
  const json = { currentPassword: PASSWORD };
  await ada.send('/api/account', { method: 'DELETE', json, headers: { 'User-Agent': firefox } });
  const mail = await ada.readMail(DELETED);
  expect(mail.text).toMatch(/, from Firefox on Windows[.,]/);
  expect(() => tokenOf(mail)).toThrow();
});
