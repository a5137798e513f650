/** Changing the password by the current one, what wrong ones cost, and how it meets a reset. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  activityOf,
  askEmailChange,
  changePassword,
  changeToken,
  completeReset,
  confirmEmail,
  deleteAccount,
  mailsTo,
  PASSWORD_CHANGED,
  signInElsewhere,
} from '../support/account.ts';
import { expectProblem, fieldsOf } from '../support/expect-problem.ts';
import { startBreakableRekey, withClockAhead } from '../support/harness.ts';
import { type Answer, createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person } from '../support/people.ts';
import { rowsOfUser, storedUser } from '../support/rows.ts';

let rekey: Awaited<ReturnType<typeof startBreakableRekey>>;
beforeAll(async () => {
  rekey = await startBreakableRekey();
});
beforeEach(() => rekey.doors.mendAll());
afterAll(() => rekey.stop());

const DAY_MS = 24 * 3600 * 1000;
const CLEARED = 'rekey-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax';

const elsewhere = (who: { username: string; email: string }) => createPerson(rekey, 'elsewhere', who);
const sessionsOf = async (who: { email: string }) => rowsOfUser(rekey, 'sessions', (await storedUser(rekey, who)).id);
const resetToken = (person: Person) => person.linkToken('password-resets', 'Password Reset Request');
const guess = (person: Person) => changePassword(person, 'not the right password');
const guessTimes = async (person: Person, times: number): Promise<void> => {
  for (let n = 0; n < times; n += 1) expectProblem(await guess(person), 'wrong_password');
};
/** The same browser's request, in many at once: none of them takes the others' cookies. */
const sameSession = (person: Person) => ({ Cookie: `rekey-session=${person.cookies.get('rekey-session')}` });

describe('a change by the current password', () => {
  test('sets the new one: the old opens nothing any more', async () => {
    const ada = await createRegistered(rekey);
    const done = await changePassword(ada);
    expect([done.status, done.text]).toEqual([204, '']);
    expectProblem(await elsewhere(ada).signIn(PASSWORD), 'invalid_credentials');
    expect((await elsewhere(ada).signIn(NEW_PASSWORD)).status).toBe(200);
  });

  test('ends every other session; this one goes on under a new cookie', async () => {
    const ada = await createRegistered(rekey);
    const phone = await signInElsewhere(rekey, ada, PASSWORD, true);
    const before = ada.cookies.get('rekey-session');
    await changePassword(ada);
    expect(ada.cookies.get('rekey-session')).not.toBe(before);
    expect(await ada.whoAmI()).toBe(ada.username);
    expect(await phone.whoAmI()).toBeNull();
    expectProblem(await elsewhere(ada).get('/api/account', { Cookie: `rekey-session=${before}` }), 'not_signed_in');
    const { security_stamp } = await storedUser(rekey, ada);
    expect(await sessionsOf(ada)).toMatchObject([{ stamp: security_stamp, wrong_passwords: 0 }]);
  });

  test('keeps the end of the session, and whether it was remembered', async () => {
    for (const remember of [true, false]) {
      const ada = await createRegistered(rekey);
      await ada.signIn(PASSWORD, remember);
      const [before] = await sessionsOf(ada);
      const done = await changePassword(ada);
      const maxAge = /^rekey-session=[\w-]{43};(?: Max-Age=(\d+);)? Path=\/; HttpOnly; SameSite=Lax$/.exec(
        done.headers.get('Set-Cookie') ?? '',
      );
      expect(maxAge).not.toBeNull();
      expect(maxAge?.[1] === undefined).toBe(!remember);
      const [after] = await sessionsOf(ada);
      expect(after).toMatchObject({ expires_at: before?.expires_at, remembered: before?.remembered });
      if (remember) expect(Math.abs(Number(maxAge?.[1]) - 30 * 24 * 3600)).toBeLessThan(10);
    }
  });

  test('tells the owner, with a link for "this was not me"', async () => {
    const ada = await createRegistered(rekey);
    await changePassword(ada);
    const mail = await ada.readMail(PASSWORD_CHANGED);
    expect(mail.text).toContain('/secure-account#');
    expect(await activityOf(ada)).toEqual(['password_changed', 'registered']);
    const { id } = await storedUser(rekey, ada);
    await expect.poll(() => rowsOfUser(rekey, 'notices', id)).toEqual([]);
    expect(mailsTo(rekey, ada, PASSWORD_CHANGED)).toHaveLength(1);
  });

  test('kills the reset and change links that were mailed before', async () => {
    const ada = await createRegistered(rekey);
    const reset = await resetToken(ada);
    const change = await changeToken(rekey, ada, createPerson(rekey, 'new-home'));
    await changePassword(ada);
    expectProblem(await completeReset(elsewhere(ada), reset), 'invalid_or_expired_token');
    expectProblem(await confirmEmail(ada, change), 'invalid_or_expired_token');
  });

  test('judges the new password as a reset does', async () => {
    const ada = await createRegistered(rekey);
    const before = await storedUser(rekey, ada);
    for (const password of ['', 'fourteen chars', ada.email, `__${ada.username}__1234567`, '2024!!Rekey!!2024']) {
      const answer = await changePassword(ada, PASSWORD, password);
      expectProblem(answer, 'invalid_input');
      expect(fieldsOf(answer)).toEqual(['password']);
    }
    expect(await storedUser(rekey, ada)).toEqual(before);
    expect(await ada.whoAmI()).toBe(ada.username);
  });

  test('to the password that stands is a change, too', async () => {
    const ada = await createRegistered(rekey);
    expect((await changePassword(ada, PASSWORD, PASSWORD)).status).toBe(204);
    expect((await elsewhere(ada).signIn(PASSWORD)).status).toBe(200);
  });
});

describe('a wrong current password', () => {
  test('is refused and changes nothing', async () => {
    const ada = await createRegistered(rekey);
    const before = await storedUser(rekey, ada);
    const answer = await guess(ada);
    expectProblem(answer, 'wrong_password');
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await storedUser(rekey, ada)).toEqual(before);
    expect(await ada.whoAmI()).toBe(ada.username);
  });

  test('ends the session at the fifth, and no other one', async () => {
    const ada = await createRegistered(rekey);
    const phone = await signInElsewhere(rekey, ada);
    await guessTimes(ada, 4);
    expect(await ada.whoAmI()).toBe(ada.username);
    const fifth = await guess(ada);
    expectProblem(fifth, 'wrong_password');
    expect(fifth.body.detail).toMatch(/log in again/);
    expect(fifth.headers.getSetCookie()).toEqual([CLEARED]);
    expect(await ada.whoAmI()).toBeNull();
    expectProblem(await guess(ada), 'not_signed_in');
    expect(await phone.whoAmI()).toBe(ada.username);
    expect(await sessionsOf(ada)).toHaveLength(1);
  });

  test('counts whatever it was asked for', async () => {
    const ada = await createRegistered(rekey);
    const wrong = 'not the right password';
    const tries: (() => Promise<Answer>)[] = [
      () => deleteAccount(ada, wrong),
      () => askEmailChange(ada, { email: 'new@example.com' }, wrong),
      () => guess(ada),
      () => deleteAccount(ada, wrong),
      () => askEmailChange(ada, { email: 'new@example.com' }, wrong),
    ];
    for (const attempt of tries) expectProblem(await attempt(), 'wrong_password');
    expect(await ada.whoAmI()).toBeNull();
  });

  test('counts for its session alone: another one has five of its own', async () => {
    const ada = await createRegistered(rekey);
    const phone = await signInElsewhere(rekey, ada);
    await guessTimes(ada, 4);
    await guessTimes(phone, 4);
    expect([await ada.whoAmI(), await phone.whoAmI()]).toEqual([ada.username, ada.username]);
  });

  test('is no guess for the address: it keeps nobody from signing in', async () => {
    const ada = await createRegistered(rekey);
    for (let round = 0; round < 3; round += 1) {
      const browser = await signInElsewhere(rekey, ada);
      await guessTimes(browser, 5);
    }
    expect((await elsewhere(ada).signIn()).status).toBe(200);
    expect(await ada.whoAmI()).toBe(ada.username);
  });

  test.each([
    ['a change', (ada: Person) => changePassword(ada), 204],
    ['an address that is asked for', (ada: Person) => askEmailChange(ada, { email: `x-${ada.email}` }), 202],
  ] as const)('is forgotten after a right one, for %s', async (_, right, status) => {
    const ada = await createRegistered(rekey);
    await guessTimes(ada, 4);
    expect((await right(ada)).status).toBe(status);
    await guessTimes(ada, 4);
    expect(await ada.whoAmI()).toBe(ada.username);
  });

  test('is not forgotten by a new password that the rules refuse, nor does that count', async () => {
    const ada = await createRegistered(rekey);
    for (let n = 0; n < 6; n += 1) {
      expectProblem(await changePassword(ada, PASSWORD, 'weak'), 'invalid_input');
      expectProblem(await changePassword(ada, 'not the right password', 'weak'), 'invalid_input');
    }
    expect(await sessionsOf(ada)).toMatchObject([{ wrong_passwords: 0 }]);
    await guessTimes(ada, 4);
    expectProblem(await changePassword(ada, PASSWORD, 'weak'), 'invalid_input');
    expect(await sessionsOf(ada)).toMatchObject([{ wrong_passwords: 4 }]);
    expectProblem(await guess(ada), 'wrong_password');
    expect(await ada.whoAmI()).toBeNull();
  });

  test('is not forgotten by asking for the address that stands already', async () => {
    const ada = await createRegistered(rekey);
    await guessTimes(ada, 4);
    expectProblem(await askEmailChange(ada, ada), 'invalid_input');
    expect(await sessionsOf(ada)).toMatchObject([{ wrong_passwords: 4 }]);
  });

  test('is not counted from a body that is none', async () => {
    const ada = await createRegistered(rekey);
    for (let n = 0; n < 6; n += 1) {
      expectProblem(await ada.post('/api/account/password', { currentPassword: 'wrong' }), 'malformed_request');
      expectProblem(await changePassword(ada, ''), 'invalid_input');
    }
    expect(await sessionsOf(ada)).toMatchObject([{ wrong_passwords: 0 }]);
  });

  test('of forty at the same time no more than five are hashed', async () => {
    const ada = await createRegistered(rekey);
    const cookie = sameSession(ada);
    // The sixth hash would meet a hasher that is gone, and be told so.
    await rekey.doors.breakPart('hasher', 5);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () =>
        elsewhere(ada).post('/api/account/password', { currentPassword: 'wrong', password: NEW_PASSWORD }, cookie),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(35).fill(401), ...Array(5).fill(403)]);
    expect(await ada.whoAmI()).toBeNull();
    expect(await sessionsOf(ada)).toEqual([]);
  });

  test('is not held against somebody when the hasher was down', async () => {
    const ada = await createRegistered(rekey);
    await rekey.doors.breakPart('hasher');
    for (let n = 0; n < 6; n += 1) expectProblem(await changePassword(ada), 'unavailable');
    // The current password is checked, and the new one is not hashed.
    for (let n = 0; n < 6; n += 1) {
      await rekey.doors.breakPart('hasher', 1);
      expectProblem(await changePassword(ada), 'unavailable');
    }
    await rekey.doors.mendAll();
    expect(await ada.whoAmI()).toBe(ada.username);
    expect((await changePassword(ada)).status).toBe(204);
  });
});

describe('changes by the current password', () => {
  test('go three times a day, then 429; a reset is never refused for it', async () => {
    const ada = await createRegistered(rekey);
    await ada.signIn(PASSWORD, true);
    for (const n of [0, 1, 2]) expect((await changePassword(ada, numbered(n), numbered(n + 1))).status).toBe(204);
    const before = await storedUser(rekey, ada);
    const cookie = ada.cookies.get('rekey-session');
    await guessTimes(ada, 4);
    const refused = await changePassword(ada, numbered(3), numbered(4));
    expectProblem(refused, 'too_many_requests');
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(86_300);
    expect(Number(refused.headers.get('Retry-After'))).toBeLessThanOrEqual(86_400);
    expect(await storedUser(rekey, ada)).toEqual(before);
    expect(ada.cookies.get('rekey-session')).toBe(cookie);
    expect(await sessionsOf(ada)).toMatchObject([{ wrong_passwords: 0 }]);
    expectProblem(await guess(ada), 'wrong_password');

    await withClockAhead(rekey, DAY_MS + 1000, async () => {
      expect((await changePassword(ada, numbered(3), numbered(4))).status).toBe(204);
    });
    const token = await resetToken(ada);
    expect((await completeReset(ada, token)).status).toBe(204);
    await ada.signIn(NEW_PASSWORD);
    expect((await completeReset(ada, await resetToken(ada), PASSWORD)).status).toBe(204);
  });

  test('of many at the same time in one session one wins', async () => {
    const ada = await createRegistered(rekey);
    const cookie = sameSession(ada);
    // Four at most wait for their hash with a try left for each.
    const given = [0, 1, 2, 3].map(n => ({ currentPassword: PASSWORD, password: numbered(n + 10) }));
    const answers = await Promise.all(given.map(json => elsewhere(ada).post('/api/account/password', json, cookie)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 204)) expectProblem(answer, 'not_signed_in');
    const opened = await Promise.all(given.map(async json => (await elsewhere(ada).signIn(json.password)).status));
    expect(opened.indexOf(200)).toBe(answers.findIndex(({ status }) => status === 204));
    expect(opened.filter(status => status === 200)).toHaveLength(1);
  });
});

const numbered = (n: number): string => (n === 0 ? PASSWORD : `${NEW_PASSWORD} ${n}`);

describe('a reset and a change at the same time', () => {
  test('leave exactly one of the two passwords and no session under a wrong stamp', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 6; round += 1) {
      const ada = await createRegistered(rekey);
      const phone = await signInElsewhere(rekey, ada);
      const token = await resetToken(ada);
      const [byLink, byOwner] = ['the password of the link', 'the password of the owner'];
      const [reset, changed] = await Promise.all([
        completeReset(elsewhere(ada), token, byLink),
        changePassword(ada, PASSWORD, byOwner),
      ]);
      outcomes.add(`${reset.status} ${changed.status}`);
      const isReset = reset.status === 204;
      expect([reset.status, changed.status]).toEqual(isReset ? [204, 401] : [400, 204]);
      if (isReset) expectProblem(changed, 'not_signed_in');
      const user = await storedUser(rekey, ada);
      const sessions = await rowsOfUser(rekey, 'sessions', user.id);
      expect(sessions.map(({ stamp }) => stamp)).toEqual(isReset ? [] : [user.security_stamp]);
      expect(await phone.whoAmI()).toBeNull();
      expect(await ada.whoAmI()).toBe(isReset ? null : ada.username);
      const opened = await Promise.all(
        [byLink, byOwner, PASSWORD].map(async password => (await elsewhere(ada).signIn(password)).status),
      );
      expect(opened).toEqual(isReset ? [200, 401, 401] : [401, 200, 401]);
    }
    expect(outcomes.size).toBeGreaterThan(0);
  });

  test('no sign-in with the old password survives a change that happens at the same time', async () => {
    const ada = await createRegistered(rekey);
    const thieves = Array.from({ length: 12 }, () => elsewhere(ada));
    const [changed] = await Promise.all([changePassword(ada), ...thieves.map(thief => thief.signIn(PASSWORD))]);
    expect(changed.status).toBe(204);
    expect(await Promise.all(thieves.map(thief => thief.whoAmI()))).toEqual(thieves.map(() => null));
    expect(await sessionsOf(ada)).toHaveLength(1);
  });
});

test('no change without its notice: a write that fails leaves neither', async () => {
  const ada = await createRegistered(rekey);
  const before = await storedUser(rekey, ada);
  await rekey.doors.breakPart('database', 1);
  expectProblem(await changePassword(ada), 'unavailable');
  await rekey.doors.mendAll();
  expect(await storedUser(rekey, ada)).toEqual(before);
  expect(await rowsOfUser(rekey, 'notices', before.id)).toEqual([]);
  expect(await ada.whoAmI()).toBe(ada.username);
});

test('who is signed in but forgot the password gets a reset link, at the account’s own address', async () => {
  const ada = await createRegistered(rekey);
  const [last] = rekey.mailbox.mailsTo(ada.email);
  const asked = await ada.send('/api/account/reset-link');
  expect([asked.status, asked.body]).toEqual([
    202,
    { message: 'An email has been sent with instructions to reset your password.' },
  ]);
  const mail = await ada.readMail('Password Reset Request', last);
  const token = /#([\w.-]+)$/m.exec(mail.text ?? '')?.[1] ?? '';
  expect((await completeReset(ada, token)).status).toBe(204);
  expect(await ada.whoAmI()).toBeNull();
  expectProblem(await ada.send('/api/account/reset-link'), 'not_signed_in');
});
