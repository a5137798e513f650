/** The built-in list of common passwords: nobody gets one by any way to a password, and without the list nobody gets any. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changePassword, completeReset } from '../support/account.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { startBreakableRekey } from '../support/harness.ts';
import { type Answer, createPerson, createRegistered, NEW_PASSWORD, PASSWORD } from '../support/people.ts';
import { wholeDatabase } from '../support/rows.ts';

let rekey: Awaited<ReturnType<typeof startBreakableRekey>>;
beforeAll(async () => {
  rekey = await startBreakableRekey();
});
beforeEach(() => rekey.doors.mendAll());
afterAll(() => rekey.stop());

const MESSAGE =
  'This is one of the first passwords that an attacker tries. Choose something that others would not guess.';

/** Somebody at the last step of each way to a password. The same step can be tried again and again. */
type Way = { title: string; good: number; start: () => Promise<(password: string) => Promise<Answer>> };
const registration: Way = {
  title: 'registration',
  good: 200,
  start: async () => {
    const eve = createPerson(rekey, 'eve');
    const token = await eve.linkToken('registrations');
    return password => eve.post('/api/registrations/complete', { token, username: eve.username, password });
  },
};
const reset: Way = {
  title: 'reset',
  good: 204,
  start: async () => {
    const ada = await createRegistered(rekey);
    const token = await ada.linkToken('password-resets');
    return password => completeReset(ada, token, password);
  },
};
const change: Way = {
  title: 'change',
  good: 204,
  start: async () => {
    const ada = await createRegistered(rekey);
    return password => changePassword(ada, PASSWORD, password);
  },
};
const ways = [registration, reset, change];

describe.each(ways)('at a $title', ({ start, good }) => {
  test('listed passwords are refused in any case, patterns too, and another is taken after them', async () => {
    const setTo = await start();
    const before = await wholeDatabase(rekey);
    for (const password of [
      'iloveyouforever',
      'ILOVEYOUFOREVER',
      '1qaz2wsx3edc4rfv',
      '1QAZ2WSX3EDC4RFV',
      'passwordpassword',
      'PassWordPassWord',
      'dragondragondragon',
      'abcabcabcabcabc',
      '123456789012345',
    ]) {
      const refused = await setTo(password);
      expectProblem(refused, 'invalid_input');
      expect(refused.body.errors).toEqual([{ field: 'password', rule: 'password_common', message: MESSAGE }]);
    }
    expect(await wholeDatabase(rekey)).toBe(before);
    expect((await setTo(NEW_PASSWORD)).status).toBe(good);
  });

  test('nothing is done where the list cannot be read, however often, and all is well once it can', async () => {
    const setTo = await start();
    const before = await wholeDatabase(rekey);
    await rekey.doors.breakPart('assets');
    for (let times = 0; times < 6; times += 1) {
      const refused = await setTo(NEW_PASSWORD);
      expectProblem(refused, 'unavailable');
      expect(refused.headers.getSetCookie()).toEqual([]);
    }
    expect(await wholeDatabase(rekey)).toBe(before);
    expect(rekey.events()).toContainEqual(
      expect.objectContaining({ level: 'error', event: 'password_list_unreadable', status: null }),
    );
    expect(rekey.events()).toContainEqual(
      expect.objectContaining({ level: 'error', event: 'unavailable', service: 'password list' }),
    );
    await rekey.doors.mendAll();
    expect((await setTo(NEW_PASSWORD)).status).toBe(good);
  });
});

test('signing in needs no list', async () => {
  const ada = await createRegistered(rekey);
  await rekey.doors.breakPart('assets');
  expect((await ada.signIn()).status).toBe(200);
});

test.each([
  '/api/common-passwords.txt',
  '/API/common-passwords.txt',
  '/api//common-passwords.txt',
  '/api/common-passwords',
])('the list is not to be had at %s', async path => {
  const answer = await createPerson(rekey).get(path);
  expect(answer.status).toBe(404);
  expect(answer.text).not.toContain('iloveyou');
});
