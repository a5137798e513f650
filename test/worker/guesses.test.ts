/** Wrong passwords in a row: what they cost the one who guesses, and that they cost the owner nothing. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeToken, completeReset, confirmEmail, deleteAccount, signInElsewhere } from '../support/account.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { guess, guessesAt, guessTimes, pretendGuesses, retryAfter } from '../support/guesses.ts';
import { type Rekey, startBreakableRekey, startRekey, withClockAhead } from '../support/harness.ts';
import { type Answer, createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());
// A wait must not run out because the machine is slow.
beforeEach(() => rekey.doors.stopClock(true));
afterEach(() => rekey.doors.stopClock(false));

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
const MOST = 100;

const elsewhere = (who: { username: string; email: string }) => createPerson(rekey, 'elsewhere', who);
const ahead = <Done>(ms: number, work: () => Promise<Done>) => withClockAhead(rekey, ms, work);
const browserIdOf = ({ cookies }: Person) => (cookies.get('rekey-browser') ?? '').split('~')[0] ?? '';
const signOut = (person: Person) => person.send('/api/session', { method: 'DELETE' });

describe('waiting', () => {
  test('begins after the fifth wrong password with a second, doubles with each, and ends at a quarter of an hour', async () => {
    const ada = await createRegistered(rekey);
    const waits: number[] = [];
    let aheadMs = 0;
    for (let n = 1; n <= 17; n += 1) {
      await ahead(aheadMs, async () => {
        expectProblem(await guess(rekey, ada), 'invalid_credentials');
        if (n < 5) return;
        waits.push(retryAfter(await guess(rekey, ada)));
      });
      aheadMs += (waits.at(-1) ?? 0) * 1000;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  test('is told in words, with the seconds and the way around it', async () => {
    const ada = await createRegistered(rekey);
    await pretendGuesses(rekey, ada, 9);
    await guess(rekey, ada);
    const held = await guess(rekey, ada);
    expect(held.body.detail).toBe(
      'There were too many wrong passwords for this address. Try again in 32 s, or reset your password.',
    );
    expect(retryAfter(held)).toBe(32);
  });

  test('is neither hashed nor counted: the right password waits as well, and is right afterwards', async () => {
    const ada = await createRegistered(rekey);
    await pretendGuesses(rekey, ada, 11);
    await guess(rekey, ada);
    for (let n = 0; n < 20; n += 1) expect(retryAfter(await guess(rekey, ada, PASSWORD))).toBe(128);
    expect(await guessesAt(rekey, ada)).toEqual({ '': 12 });
    expect((await ahead(128_000, () => guess(rekey, ada, PASSWORD))).status).toBe(200);
  });

  test('is the same, to the byte, for an address that has no account', async () => {
    const comparable = ({ status, headers, text }: Answer) => ({
      status,
      text,
      headers: [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date'),
    });
    const [ada, nobody] = [await createRegistered(rekey), createPerson(rekey, 'nobody')];
    const series = async (who: Person) => {
      await pretendGuesses(rekey, who, 13);
      const answers = [await guess(rekey, who), await guess(rekey, who)];
      await pretendGuesses(rekey, who, MOST - 1);
      return [...answers, await guess(rekey, who), await guess(rekey, who)].map(comparable);
    };
    const known = await series(ada);
    expect(known.map(({ status }) => status)).toEqual([401, 429, 401, 429]);
    expect(await series(nobody)).toEqual(known);
  });

  test('ends with the right password, and with a day without a wrong one', async () => {
    const ada = await createRegistered(rekey);
    await pretendGuesses(rekey, ada, 30);
    expect((await elsewhere(ada).signIn()).status).toBe(200);
    expect(await guessesAt(rekey, ada)).toEqual({});

    await pretendGuesses(rekey, ada, 30);
    await ahead(DAY_MS - HOUR_MS, () => guess(rekey, ada));
    expect(await guessesAt(rekey, ada)).toEqual({ '': 31 });
    await ahead(2 * DAY_MS, () => guess(rekey, ada));
    expect(await guessesAt(rekey, ada)).toEqual({ '': 1 });
  });

  test('follows the address however it is written, and no other address', async () => {
    const ada = await createRegistered(rekey);
    const [local = '', domain] = ada.email.split('@');
    await pretendGuesses(rekey, ada, 14);
    await guess(rekey, { email: `${local.toUpperCase()}@${domain}` });
    expect(retryAfter(await guess(rekey, { email: ` ${ada.email} ` }))).toBe(900);
    expect((await guess(rekey, { email: `${local}+tag@${domain}` })).status).toBe(401);
  });
});

test('of forty simultaneous tries from forty networks exactly five are hashed', async () => {
  const ada = await createRegistered(rekey);
  const answers = await Promise.all(Array.from({ length: 40 }, () => guess(rekey, ada)));
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(35);
  expect(await guessesAt(rekey, ada)).toEqual({ '': 5 });
});

test('of forty simultaneous tries after a wait exactly one is hashed', async () => {
  const ada = await createRegistered(rekey);
  await pretendGuesses(rekey, ada, 20);
  const answers = await Promise.all(Array.from({ length: 40 }, () => guess(rekey, ada)));
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(1);
});

test('what could not be hashed is not counted, and costs no wait', async () => {
  const broken = await startBreakableRekey();
  try {
    const ada = await createRegistered(broken);
    await pretendGuesses(broken, ada, 12);
    await broken.doors.breakPart('hasher');
    for (let n = 0; n < 3; n += 1) expectProblem(await guess(broken, ada), 'unavailable');
    expect(await guessesAt(broken, ada)).toEqual({ '': 12 });
    await broken.doors.mendAll();
    expect((await guess(broken, ada, PASSWORD)).status).toBe(200);
  } finally {
    await broken.stop();
  }
});

describe('a known browser', () => {
  test('signs in whatever strangers tried, without waiting', async () => {
    const ada = await createRegistered(rekey);
    await signOut(ada);
    await pretendGuesses(rekey, ada, 60);
    await guess(rekey, ada);
    retryAfter(await elsewhere(ada).signIn());
    expect((await ada.signIn()).status).toBe(200);
    // Its own counting begins anew, theirs does not.
    expect(await guessesAt(rekey, ada)).toEqual({ '': 61 });
  });

  test('waits for its own wrong passwords, and nobody else does', async () => {
    const ada = await createRegistered(rekey);
    const phone = await signInElsewhere(rekey, ada);
    for (let n = 0; n < 5; n += 1) expect((await ada.signIn(NEW_PASSWORD)).status).toBe(401);
    expect(retryAfter(await ada.signIn())).toBe(1);
    expect(await guessesAt(rekey, ada)).toEqual({ [browserIdOf(ada)]: 5 });
    expect((await phone.signIn()).status).toBe(200);
    expect((await elsewhere(ada).signIn()).status).toBe(200);
  });

  test('that reaches a hundred has no way in but a reset; another one still has', async () => {
    const ada = await createRegistered(rekey);
    const phone = await signInElsewhere(rekey, ada);
    await pretendGuesses(rekey, ada, MOST, browserIdOf(ada));
    expectProblem(await ada.signIn(), 'too_many_requests');
    expect((await phone.signIn()).status).toBe(200);
    expect((await completeReset(ada, await ada.linkToken('password-resets', 'Password Reset Request'))).status).toBe(
      204,
    );
    expect((await ada.signIn(NEW_PASSWORD)).status).toBe(200);
  });

  test('of another account counts as a stranger here', async () => {
    const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey, 'bob')];
    const mallory = createPerson(rekey, 'bob', { username: bob.username, email: ada.email });
    mallory.cookies.set('rekey-browser', bob.cookies.get('rekey-browser') ?? '');
    await mallory.signIn(NEW_PASSWORD);
    expect(await guessesAt(rekey, ada)).toEqual({ '': 1 });
  });

  test('that was made up counts as a stranger', async () => {
    const ada = await createRegistered(rekey);
    const forger = elsewhere(ada);
    forger.cookies.set('rekey-browser', `${(ada.cookies.get('rekey-browser') ?? '').split('*')[0]}*${'A'.repeat(43)}`);
    await forger.signIn(NEW_PASSWORD);
    expect(await guessesAt(rekey, ada)).toEqual({ '': 1 });
  });
});

describe('at a hundred wrong passwords', () => {
  test('the right one no longer signs in from a new browser, not after a year either; a reset does', async () => {
    const ada = await createRegistered(rekey);
    await pretendGuesses(rekey, ada, MOST - 1);
    expectProblem(await guess(rekey, ada), 'invalid_credentials');
    const held = await guess(rekey, ada, PASSWORD);
    expectProblem(held, 'too_many_requests');
    expect(held.body.detail).toBe(
      'There were too many wrong passwords for this address. Reset your password, or log in from a browser that you have used before.',
    );
    expect(held.headers.get('Retry-After')).toBe('86400');
    for (const days of [2, 365]) {
      await ahead(days * DAY_MS, async () => {
        await rekey.runCron();
        expectProblem(await guess(rekey, ada, PASSWORD), 'too_many_requests');
      });
    }
    expect(await guessesAt(rekey, ada)).toEqual({ '': MOST });
    expect((await ada.signIn()).status).toBe(200);

    const recovering = elsewhere(ada);
    const token = await recovering.linkToken('password-resets', 'Password Reset Request');
    expect((await completeReset(recovering, token)).status).toBe(204);
    expect(await guessesAt(rekey, ada)).toEqual({});
    expect((await recovering.signIn(NEW_PASSWORD)).status).toBe(200);
  });

  test('a right password was counted before it was hashed: the hundredth try can still be the right one', async () => {
    const ada = await createRegistered(rekey);
    await pretendGuesses(rekey, ada, MOST - 1);
    expect((await guess(rekey, ada, PASSWORD)).status).toBe(200);
    expect(await guessesAt(rekey, ada)).toEqual({});
  });

  test('at an address without an account, whoever registers there or moves there begins anew', async () => {
    const [bob, home] = [createPerson(rekey, 'bob'), createPerson(rekey, 'new-home')];
    for (const who of [bob, home]) await pretendGuesses(rekey, who, MOST);
    await bob.register();
    expect((await elsewhere(bob).signIn()).status).toBe(200);

    const token = await changeToken(rekey, bob, home);
    expect(await guessesAt(rekey, home)).toEqual({ '': MOST });
    expect((await confirmEmail(bob, token)).status).toBe(200);
    expect(await guessesAt(rekey, home)).toEqual({});
  });

  test('a reset that changes nothing forgets nothing', async () => {
    const ada = await createRegistered(rekey);
    const token = await ada.linkToken('password-resets', 'Password Reset Request');
    expect((await completeReset(ada, token)).status).toBe(204);
    await pretendGuesses(rekey, ada, MOST);
    expectProblem(await completeReset(ada, token, 'violet kettle drum staple'), 'invalid_or_expired_token');
    expect(await guessesAt(rekey, ada)).toEqual({ '': MOST });
  });
});

test('whoever guesses without a pause needs most of a day for a hundred, and then no pause helps', async () => {
  const ada = await createRegistered(rekey);
  const tookMs = await guessTimes(rekey, ada, MOST);
  expect(tookMs).toBeGreaterThan(21 * HOUR_MS);
  expectProblem(await ahead(tookMs + DAY_MS, () => guess(rekey, ada, PASSWORD)), 'too_many_requests');
}, 60_000);

test('the clean-up forgets what a day without a wrong password has settled, not what only a reset may forget', async () => {
  const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey, 'bob')];
  await guess(rekey, ada);
  await pretendGuesses(rekey, bob, MOST);
  await ahead(DAY_MS - HOUR_MS, () => rekey.runCron());
  expect(await guessesAt(rekey, ada)).toEqual({ '': 1 });
  await ahead(DAY_MS + HOUR_MS, () => rekey.runCron());
  expect(await guessesAt(rekey, ada)).toEqual({});
  await bob.signIn();
  expect((await deleteAccount(bob)).status).toBe(204);
  expect(await guessesAt(rekey, bob)).toEqual({ '': MOST });
});

test('no row holds an address or a password', async () => {
  const ada = await createRegistered(rekey);
  await guess(rekey, ada);
  const stored = JSON.stringify(await rowsOf(rekey, 'guesses'));
  expect([stored.includes(ada.email), stored.includes(NEW_PASSWORD)]).toEqual([false, false]);
});
