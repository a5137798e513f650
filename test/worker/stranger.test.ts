/**
 * A stranger's day: he has no password and no mailbox, but any number of requests and networks. The owner signs in from
 * the browser that the account knows each time, and gets back in from a new one.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changePassword, completeReset, mailsTo } from '../support/account.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { guess } from '../support/guesses.ts';
import { type Rekey, startRekey, withClockAhead } from '../support/harness.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person } from '../support/people.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const MINUTE_MS = 60_000;
const RESET_SUBJECT = 'Password Reset Request';

const elsewhere = (who: { username: string; email: string }) => createPerson(rekey, 'elsewhere', who);
const signOut = (person: Person) => person.send('/api/session', { method: 'DELETE' });

/** Somebody with an account who has signed out, in the browser that registered it. */
const createOwner = async (name: string): Promise<Person> => {
  const owner = await createRegistered(rekey, name);
  await signOut(owner);
  return owner;
};

/** Every minute of a day (every fifth in the short run), with the clock there. */
const STEP_MINUTES = process.env.TEST_LONG ? 1 : 5;
const allDay = async (work: (minute: number) => Promise<void>): Promise<void> => {
  for (let minute = 0; minute < 24 * 60; minute += STEP_MINUTES) {
    await withClockAhead(rekey, minute * MINUTE_MS, () => work(minute));
  }
};

/** Gets back in from a browser and a network that were never seen before, by mail. */
const recover = async (owner: Person, password: string): Promise<void> => {
  const browser = elsewhere(owner);
  const token = await browser.linkToken('password-resets', RESET_SUBJECT);
  expect((await completeReset(browser, token, password)).status).toBe(204);
  expect((await browser.signIn(password)).status).toBe(200);
};

test('who guesses all day is hashed a hundred times at most, and the owner never notices', async () => {
  const owner = await createOwner('ada');
  const statuses: Record<number, number> = {};
  await allDay(async minute => {
    const { status } = await guess(rekey, owner);
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (minute % 60 !== 30) return;
    expect((await owner.signIn()).status).toBe(200);
    await signOut(owner);
  });
  expect(Object.keys(statuses)).toEqual(['401', '429']);
  expect(statuses[401]).toBeLessThanOrEqual(100);
  await withClockAhead(rekey, 24 * 60 * MINUTE_MS, async () => {
    expectProblem(await guess(rekey, owner, PASSWORD), 'too_many_requests');
    await recover(owner, NEW_PASSWORD);
  });
}, 120_000);

test('who asks for resets all day takes no mail from the owner: one that works is always there', async () => {
  const owner = await createOwner('bob');
  await allDay(async minute => {
    expect((await createPerson(rekey, 'stranger').post('/api/password-resets', { email: owner.email })).status).toBe(
      202,
    );
    if (minute % 240 !== 235) return;
    // The owner asks too, at a moment of the stranger's choosing, and uses the newest link in the mailbox.
    const asked = elsewhere(owner);
    expect((await asked.askReset()).status).toBe(202);
    await expect
      .poll(async () => {
        const [newest] = mailsTo(rekey, owner, RESET_SUBJECT);
        const token = /#([\w.-]+)$/m.exec(newest?.text ?? '')?.[1] ?? '';
        return (await asked.post('/api/password-resets/check', { token })).status;
      })
      .toBe(200);
  });
  // Three in half an hour, and one more at the seams.
  expect(mailsTo(rekey, owner, RESET_SUBJECT).length).toBeLessThanOrEqual(48 * 3 + 3);
  await withClockAhead(rekey, 25 * 60 * MINUTE_MS, () => recover(owner, NEW_PASSWORD));
}, 120_000);

test('a flood of sign-ins and registrations does not keep the owner out, nor from recovering', async () => {
  const owner = await createOwner('cleo');
  let isOver = false;
  let sent = 0;
  const flood = Array.from({ length: 24 }, async (_, n) => {
    while (!isOver) {
      const nobody = createPerson(rekey, 'nobody');
      // One thread runs the queue here: a few who register are flood enough for it.
      await Promise.all([nobody.signIn(), guess(rekey, owner), ...(n === 0 ? [nobody.askRegistration()] : [])]);
      sent += 2;
    }
  });
  try {
    for (let n = 0; n < 10; n += 1) {
      expect((await owner.signIn()).status).toBe(200);
      await signOut(owner);
    }
    await recover(owner, NEW_PASSWORD);
  } finally {
    isOver = true;
    await Promise.all(flood);
  }
  expect(sent).toBeGreaterThan(200);
}, 60_000);

test('who has an account of his own cannot fill the known browsers’ lane with right passwords', async () => {
  const busy = await startRekey({ settings: { SCRYPT: 'ln=12,r=8,p=1' } });
  try {
    const [mallory, owner] = [await createRegistered(busy, 'mallory'), await createRegistered(busy, 'dora')];
    const browsers: Person[] = [];
    for (let n = 0; n < 6; n += 1) {
      const browser = createPerson(busy, 'mallory', mallory);
      expect((await browser.signIn()).status).toBe(200);
      browsers.push(browser);
    }
    const cookies = browsers.map(({ cookies }) => cookies.get('rekey-browser') ?? '');
    let isOver = false;
    const statuses: number[] = [];
    const flood = Array.from({ length: 60 }, async (_, n) => {
      while (!isOver) {
        const browser = createPerson(busy, 'mallory', mallory);
        browser.cookies.set('rekey-browser', cookies[n % cookies.length] ?? '');
        statuses.push((await browser.signIn()).status);
      }
    });
    try {
      for (let n = 0; n < 6; n += 1) expect((await owner.signIn()).status).toBe(200);
      expect((await changePassword(owner)).status).toBe(204);
    } finally {
      isOver = true;
      await Promise.all(flood);
    }
    expect(statuses.filter(status => status === 503).length).toBeGreaterThan(10);
  } finally {
    await busy.stop();
  }
}, 60_000);
