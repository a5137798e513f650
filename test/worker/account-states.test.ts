/** Accounts that the operator has closed: suspended, or asked for a new password. Only who knows the password learns of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { activityOf, changePassword, completeReset, mailsTo } from '../support/account.ts';
import { operate, REQUIRE_RESET, RESTORE, SUSPEND } from '../support/account-states.ts';
import { callsOf, pathOf, readDescription } from '../support/api-description.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { guess, guessesAt } from '../support/guesses.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person, tokenOf } from '../support/people.ts';
import { rowsOf, rowsOfUser, storedUser } from '../support/rows.ts';
import { lookOf } from '../support/timed-answers.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const RESET_LINK = 'Password Reset Request';
/** As an operator may do by hand. */
const SUSPEND_ALONE = 'UPDATE users SET suspended_at = 1';

/** The same person in a browser that was never seen before. */
const elsewhere = (person: Person) => createPerson(rekey, 'elsewhere', person);
/** The same browser, with the cookies that it has now. */
const sameBrowser = (person: Person) => {
  const copy = elsewhere(person);
  for (const [name, value] of person.cookies) copy.cookies.set(name, value);
  return copy;
};
const resetMails = (person: Person) => mailsTo(rekey, person, RESET_LINK);
const sessionsOf = async (person: Person) => rowsOfUser(rekey, 'sessions', (await storedUser(rekey, person)).id);
const loggedRefusals = async (person: Person) => {
  const { id } = await storedUser(rekey, person);
  return rekey.events().filter(({ event, userId }) => event === 'sign_in_refused' && userId === id);
};

describe.each([
  ['suspended', SUSPEND],
  ['reset_required', REQUIRE_RESET],
] as const)('an account that is %s', (code, statement) => {
  const closed = async () => {
    const ada = await createRegistered(rekey);
    await operate(rekey, statement, ada);
    return ada;
  };

  test('answers the right password with 403, and starts no session', async () => {
    const ada = await closed();
    const before = await sessionsOf(ada);
    for (const browser of [elsewhere(ada), sameBrowser(ada)]) {
      const refused = await browser.signIn();
      expectProblem(refused, code);
      expect(refused.headers.getSetCookie()).toEqual([]);
    }
    expect(await sessionsOf(ada)).toEqual(before);
    expect(await loggedRefusals(ada)).toMatchObject([{ reason: code }, { reason: code }]);
  });

  test('answers a wrong one as an address without an account does, to the byte', async () => {
    const ada = await closed();
    const [wrong, unknown] = [await guess(rekey, ada), await guess(rekey, createPerson(rekey, 'nobody'))];
    expectProblem(wrong, 'invalid_credentials');
    expect(lookOf(wrong)).toBe(lookOf(unknown));
    expect(await loggedRefusals(ada)).toEqual([]);
  });

  test('counts wrong passwords as any other, and a right one begins anew', async () => {
    const ada = await closed();
    for (let round = 0; round < 2; round += 1) {
      for (let tries = 1; tries <= 4; tries += 1) {
        expect((await guess(rekey, ada)).status).toBe(401);
        expect(await guessesAt(rekey, ada)).toEqual({ '': tries });
      }
      expectProblem(await guess(rekey, ada, PASSWORD), code);
      expect(await guessesAt(rekey, ada)).toEqual({});
    }
  });

  test('lets none of twenty simultaneous sign-ins in', async () => {
    const ada = await closed();
    const before = await sessionsOf(ada);
    const browsers = Array.from({ length: 20 }, () => elsewhere(ada));
    const answers = await Promise.all(browsers.map(browser => browser.signIn()));
    // Counted before the hash, so that some wait as those of an open account would.
    expect(answers.filter(({ status }) => status !== 403 && status !== 429)).toEqual([]);
    expect(answers.filter(({ body }) => body.code === code).length).toBeGreaterThanOrEqual(5);
    expect(await Promise.all(browsers.map(browser => browser.whoAmI()))).toEqual(browsers.map(() => null));
    expect(await sessionsOf(ada)).toEqual(before);
  });

  test('keeps its address: who asks to register with it is told that there is an account', async () => {
    const ada = await closed();
    const [asked, other] = [await ada.askRegistration(), await createPerson(rekey, 'nobody').askRegistration()];
    expect([asked.status, asked.text]).toEqual([other.status, other.text]);
    await ada.readMail('You already have a Rekey account');
  });

  test('is answered as any other when a reset is asked for, and is mailed a link that works', async () => {
    const ada = await closed();
    const [asked, other] = [await elsewhere(ada).askReset(), await createPerson(rekey, 'nobody').askReset()];
    expect([asked.status, asked.text]).toEqual([other.status, other.text]);
    const browser = elsewhere(ada);
    expect((await completeReset(browser, tokenOf(await ada.readMail(RESET_LINK)))).status).toBe(204);
    expect(await browser.whoAmI()).toBeNull();
    expectProblem(await guess(rekey, ada, PASSWORD), 'invalid_credentials');
  });
});

describe.each([
  ['with a new stamp', SUSPEND],
  ['without a new stamp', SUSPEND_ALONE],
])('suspending, %s,', (_, statement) => {
  test('ends every session at once: nobody is signed in, and every call for the signed in answers 401', async () => {
    const ada = await createRegistered(rekey);
    const phone = elsewhere(ada);
    await phone.signIn();
    await operate(rekey, statement, ada);
    expect([await ada.whoAmI(), await phone.whoAmI()]).toEqual([null, null]);
    const calls = callsOf(readDescription()).filter(({ needsSession }) => needsSession);
    expect(calls.length).toBeGreaterThan(10);
    for (const call of calls) {
      const answer = await sameBrowser(ada).send(pathOf(call), {
        method: call.method,
        ...(call.body && { json: { currentPassword: PASSWORD, password: NEW_PASSWORD } }),
      });
      expect([call.id, answer.body.code]).toEqual([call.id, 'not_signed_in']);
    }
  });
});

describe('a suspended account', () => {
  test('that is restored has none of its sessions and links back, and its owner signs in anew', async () => {
    const ada = await createRegistered(rekey);
    const token = await ada.linkToken('password-resets', RESET_LINK);
    await operate(rekey, SUSPEND, ada);
    await operate(rekey, RESTORE, ada);
    expect(await ada.whoAmI()).toBeNull();
    expectProblem(await completeReset(elsewhere(ada), token), 'invalid_or_expired_token');
    expect((await ada.signIn()).status).toBe(200);
    expect(await ada.whoAmI()).toBe(ada.username);
    expect(await activityOf(ada)).not.toContain('sign_in_refused');
  });

  test('stays so after a reset, with the new password and in the browser that made it', async () => {
    const ada = await createRegistered(rekey);
    await operate(rekey, SUSPEND, ada);
    expect((await completeReset(ada, await ada.linkToken('password-resets', RESET_LINK))).status).toBe(204);
    expectProblem(await ada.signIn(NEW_PASSWORD), 'suspended');
    expect(await ada.whoAmI()).toBeNull();
    await operate(rekey, RESTORE, ada);
    expect((await ada.signIn(NEW_PASSWORD)).status).toBe(200);
    // The owner reads of the refusal, as of any other.
    expect(await activityOf(ada)).toContain('sign_in_refused');
  });

  test('of which a reset is required too is suspended first: no link is mailed for signing in', async () => {
    const ada = await createRegistered(rekey);
    await operate(rekey, REQUIRE_RESET, ada);
    await operate(rekey, SUSPEND, ada);
    expectProblem(await ada.signIn(), 'suspended');
    await operate(rekey, RESTORE, ada);
    expectProblem(await ada.signIn(), 'reset_required');
    await ada.readMail(RESET_LINK);
    expect(await rowsOfUser(rekey, 'reset_mails', (await storedUser(rekey, ada)).id)).toHaveLength(1);
  });
});

describe('an account of which a reset is required', () => {
  const isRequired = async ({ email }: Person) =>
    (await rowsOf(rekey, 'users')).some(user => user.email === email && user.reset_required_at !== null);

  test('is open again after the reset whose link the right password brings; a wrong one brings none', async () => {
    const ada = await createRegistered(rekey);
    await operate(rekey, REQUIRE_RESET, ada);
    expect((await guess(rekey, ada)).status).toBe(401);
    expectProblem(await elsewhere(ada).signIn(), 'reset_required');
    const token = tokenOf(await ada.readMail(RESET_LINK));
    expect(await rowsOfUser(rekey, 'reset_mails', (await storedUser(rekey, ada)).id)).toHaveLength(1);
    expect((await completeReset(ada, token)).status).toBe(204);
    expect(await isRequired(ada)).toBe(false);
    expectProblem(await guess(rekey, ada, PASSWORD), 'invalid_credentials');
    expect((await ada.signIn(NEW_PASSWORD)).status).toBe(200);
  });

  test('keeps who is signed in, and a change of the password there is enough', async () => {
    const ada = await createRegistered(rekey);
    await operate(rekey, REQUIRE_RESET, ada);
    expect(await ada.whoAmI()).toBe(ada.username);
    expectProblem(await changePassword(ada, NEW_PASSWORD), 'wrong_password');
    expect(await isRequired(ada)).toBe(true);
    expect((await changePassword(ada)).status).toBe(204);
    expect(await isRequired(ada)).toBe(false);
    expect((await elsewhere(ada).signIn(NEW_PASSWORD)).status).toBe(200);
  });

  test('stays so whatever else its owner changes', async () => {
    const ada = await createRegistered(rekey);
    await operate(rekey, REQUIRE_RESET, ada);
    expect((await ada.send('/api/account', { method: 'PATCH', json: { language: 'de' } })).status).toBe(200);
    expectProblem(await elsewhere(ada).signIn(), 'reset_required');
    expect(await isRequired(ada)).toBe(true);
  });

  test('mails no more links than asking for them does, however often somebody signs in', async () => {
    const ada = await createRegistered(rekey);
    await operate(rekey, REQUIRE_RESET, ada);
    const dropped = () => rekey.events().filter(({ reason }) => reason === 'reset_limit').length;
    const before = dropped();
    for (let tries = 0; tries < 5; tries += 1) expectProblem(await ada.signIn(), 'reset_required');
    await expect.poll(dropped, { timeout: 15_000 }).toBe(before + 2);
    await expect.poll(() => resetMails(ada).length).toBe(3);
  });
});

test.each([
  ['suspending', SUSPEND],
  ['suspending without a new stamp', SUSPEND_ALONE],
  ['requiring a reset', REQUIRE_RESET],
])('%s reaches the sign-ins whose password is being hashed', async (_, statement) => {
  const slow = await startRekey({ settings: { SCRYPT: 'ln=14,r=8,p=5' } });
  try {
    const ada = await createRegistered(slow);
    const { id } = await storedUser(slow, ada);
    // One known browser: its hashes are made one after the other.
    const signingIn = Array.from({ length: 4 }, () => {
      const tab = createPerson(slow, 'tab', ada);
      tab.cookies.set('rekey-browser', ada.cookies.get('rekey-browser') ?? '');
      return tab.signIn();
    });
    await Promise.race(signingIn);
    await operate(slow, statement, ada);
    const statuses = (await Promise.all(signingIn)).map(({ status }) => status);
    const started = statuses.filter(status => status === 200).length;
    expect(statuses.sort()).toEqual([...Array(started).fill(200), ...Array(4 - started).fill(401)]);
    expect(started).toBeLessThan(4);
    // The one of the registration, and theirs.
    expect(await rowsOfUser(slow, 'sessions', id)).toHaveLength(1 + started);
  } finally {
    await slow.stop();
  }
});
