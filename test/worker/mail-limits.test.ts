/** How many mails go out: nobody floods a mailbox through us, and nobody uses up another's way back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Rekey, startRekey, withClockAhead } from '../support/harness.ts';
import { askedJob } from '../support/mail-jobs.ts';
import { createPerson, createRegistered, NEW_PASSWORD, type Person, tokenOf } from '../support/people.ts';
import { rowsOf, rowsOfUser, storedUser, wholeDatabase } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type Asked = 'reset_asked' | 'registration_asked';

/** Hands a job made now to the queue door, by a clock so far ahead, and says how many mails went out to the address. */
const ask = async (kind: Asked, to: { email: string }, aheadMs = 0, at = rekey): Promise<number> => {
  const before = at.mailbox.mailsTo(to.email).length;
  const job = askedJob(kind, to, Date.now() + aheadMs);
  expect(await withClockAhead(at, aheadMs, () => at.deliver(job))).toBe('acked');
  return at.mailbox.mailsTo(to.email).length - before;
};

describe('mails with a reset link', () => {
  test('past 3 in 30 minutes are dropped while a link still has a third of its life, and one goes out after that', async () => {
    const ada = await createRegistered(rekey);
    const sent: number[] = [];
    for (const minutes of [0, 1, 2, 3, 10, 21, 23, 24]) sent.push(await ask('reset_asked', ada, minutes * MINUTE_MS));
    // The third was mailed in minute 2 and ends in minute 32: in minute 22 a third of its life is left.
    expect(sent).toEqual([1, 1, 1, 0, 0, 0, 1, 0]);
    expect(rekey.events()).toContainEqual(expect.objectContaining({ event: 'mail_dropped', reason: 'reset_limit' }));
  });

  test('that are dropped stand in the activity once an hour, however many were asked for', async () => {
    const ada = await createRegistered(rekey);
    for (const minutes of [0, 0, 0, 0, 1, 2, 5, 9]) await ask('reset_asked', ada, minutes * MINUTE_MS);
    const { id } = await storedUser(rekey, ada);
    const kinds = (await rowsOfUser(rekey, 'activity', id)).map(({ kind }) => kind);
    expect(kinds.filter(kind => kind === 'reset_limited')).toHaveLength(1);
    // By whoever tried to register with the address, nobody is told of a reset.
    const bob = await createRegistered(rekey);
    for (let asked = 0; asked < 5; asked += 1) await ask('registration_asked', bob);
    const ofBob = await rowsOfUser(rekey, 'activity', (await storedUser(rekey, bob)).id);
    expect(ofBob.filter(({ kind }) => /^reset/.test(String(kind)))).toEqual([]);
  });

  test('go out freely again half an hour later', async () => {
    const ada = await createRegistered(rekey);
    for (const minutes of [0, 0, 0]) await ask('reset_asked', ada, minutes);
    const sent: number[] = [];
    for (const minutes of [31, 32, 33, 34]) sent.push(await ask('reset_asked', ada, minutes * MINUTE_MS));
    expect(sent).toEqual([1, 1, 1, 0]);
  });

  test('are counted over both twins: "you have an account" carries a reset link too', async () => {
    const ada = await createRegistered(rekey);
    expect(await ask('registration_asked', ada)).toBe(1);
    expect(await ask('reset_asked', ada)).toBe(1);
    expect(await ask('registration_asked', ada)).toBe(1);
    expect(await ask('reset_asked', ada)).toBe(0);
    expect(await ask('registration_asked', ada)).toBe(0);
  });

  test('go out again after a reset, whose links are all dead', async () => {
    const ada = await createRegistered(rekey);
    for (const _ of [1, 2, 3]) await ask('reset_asked', ada);
    const token = tokenOf(await ada.readMail('Password Reset Request'));
    expect(await ask('reset_asked', ada)).toBe(0);
    expect((await ada.post('/api/password-resets/complete', { token, password: NEW_PASSWORD })).status).toBe(204);
    await ada.readMail('Your password was reset');
    expect(await ask('reset_asked', ada)).toBe(1);
    expect(await ask('reset_asked', ada)).toBe(0);
  });

  test('that could not be sent stand in nobody’s way: only a link that was mailed does', async () => {
    const ada = await createRegistered(rekey);
    const before = rekey.mailbox.mailsTo(ada.email).length;
    const failing = [1, 2, 3].map(() => askedJob('reset_asked', ada));
    rekey.mailbox.setFaults({ to: ada.email, status: 500, times: 6 });
    for (const attempt of [1, 2]) {
      for (const job of failing) expect(await rekey.deliver(job, attempt)).toMatch(/^retried in/);
    }
    expect([await ask('reset_asked', ada), await ask('reset_asked', ada), await ask('reset_asked', ada)]).toEqual([
      1, 1, 1,
    ]);
    for (const job of failing) expect(await rekey.deliver(job, 3)).toBe('acked');
    expect(rekey.mailbox.mailsTo(ada.email)).toHaveLength(before + 3);
  });

  test('are counted once a job: one that the queue hands out again is not sent, dropped or counted again', async () => {
    const ada = await createRegistered(rekey);
    const jobs = [1, 2, 3].map(() => askedJob('reset_asked', ada));
    for (const job of jobs) await rekey.deliver(job);
    const attempts = rekey.mailbox.attemptsTo(ada.email).length;
    const { id } = await storedUser(rekey, ada);
    for (const job of jobs) expect(await rekey.deliver(job)).toBe('acked');
    expect(rekey.mailbox.attemptsTo(ada.email)).toHaveLength(attempts);
    expect(await rowsOfUser(rekey, 'reset_mails', id)).toHaveLength(3);
    const told = rekey.events().filter(({ jobId }) => jobs.some(job => job.id === jobId));
    expect(told.filter(({ event }) => event === 'mail_dropped')).toEqual([]);
  });

  test('cannot share a place when they come at the same time', async () => {
    const ada = await createRegistered(rekey);
    const before = rekey.mailbox.mailsTo(ada.email).length;
    await Promise.all(Array.from({ length: 12 }, () => rekey.deliver(askedJob('reset_asked', ada))));
    expect(rekey.mailbox.mailsTo(ada.email)).toHaveLength(before + 3);
  });

  test('to one account take nothing from another, and asking is answered the same all along', async () => {
    const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey, 'bob')];
    for (const _ of [1, 2, 3]) await ask('reset_asked', ada);
    const [dropped, sent] = [await ada.askReset(), await bob.askReset()];
    expect([dropped.status, dropped.text]).toEqual([sent.status, sent.text]);
    await bob.readMail('Password Reset Request');
  });
});

describe('mails to an address without an account', () => {
  test('are three a day at most', async () => {
    const eve = createPerson(rekey, 'eve');
    const sent: number[] = [];
    for (const aheadMs of [0, 0, HOUR_MS, 2 * HOUR_MS, DAY_MS - HOUR_MS, DAY_MS + MINUTE_MS]) {
      sent.push(await ask('registration_asked', eve, aheadMs));
    }
    expect(sent).toEqual([1, 1, 1, 0, 0, 1]);
    expect(rekey.events()).toContainEqual(expect.objectContaining({ event: 'mail_dropped', reason: 'address_limit' }));
  });

  test('say "no account" once a day at most', async () => {
    const eve = createPerson(rekey, 'eve');
    expect([await ask('reset_asked', eve), await ask('reset_asked', eve)]).toEqual([1, 0]);
    expect([await ask('registration_asked', eve), await ask('registration_asked', eve)]).toEqual([1, 1]);
    expect(await ask('registration_asked', eve)).toBe(0);
    expect(await ask('reset_asked', eve, DAY_MS + MINUTE_MS)).toBe(1);
  });

  test('are counted without case and without a +tag', async () => {
    const { email } = createPerson(rekey, 'eve');
    const [local, domain] = email.split('@');
    const written = [email, `${local}+1@${domain}`, `${local?.toUpperCase()}+2@${domain}`, `${local}+x+y@${domain}`];
    const sent: number[] = [];
    for (const address of written) sent.push(await ask('registration_asked', { email: address }));
    expect(sent).toEqual([1, 1, 1, 0]);
  });

  test('are counted once a job, and cannot share a place when they come at the same time', async () => {
    const [eve, mallory] = [createPerson(rekey, 'eve'), createPerson(rekey, 'mallory')];
    const job = askedJob('registration_asked', eve);
    rekey.mailbox.setFaults({ to: eve.email, status: 500, times: 4 });
    for (const attempt of [1, 2, 3, 4, 5]) await rekey.deliver(job, attempt);
    expect([await ask('registration_asked', eve), await ask('registration_asked', eve)]).toEqual([1, 1]);
    await Promise.all(Array.from({ length: 10 }, () => rekey.deliver(askedJob('registration_asked', mallory))));
    expect(rekey.mailbox.mailsTo(mallory.email)).toHaveLength(3);
  });

  test('leave nothing of the address in the database but a keyed hash', async () => {
    const eve = createPerson(rekey, 'evesdropper');
    await ask('registration_asked', eve);
    await ask('reset_asked', eve);
    const [row] = (await rowsOf(rekey, 'stranger_mails')).slice(-1);
    expect(row?.address_key).toMatch(/^[\w-]{43}$/);
    expect(await wholeDatabase(rekey)).not.toContain('evesdropper');
  });

  test('never use up the mails that the same person gets with an account', async () => {
    const ada = createPerson(rekey);
    for (const _ of [1, 2, 3]) await ask('registration_asked', ada);
    const token = tokenOf(await ada.readMail());
    await ada.post('/api/registrations/complete', { token, username: ada.username, password: NEW_PASSWORD });
    expect(await ask('reset_asked', ada)).toBe(1);
  });
});

describe('the hourly budget for strangers', () => {
  let small: Rekey;
  beforeAll(async () => {
    small = await startRekey({ settings: { STRANGER_MAILS_PER_HOUR: '5' } });
  });
  afterAll(() => small.stop());

  /** Hours ahead that no test before has counted in; a quarter past, so nothing crosses the hour by itself. */
  let days = 1;
  const freshHourAheadMs = (): number => {
    days += 1;
    const nowMs = Date.now();
    return Math.ceil(nowMs / HOUR_MS) * HOUR_MS - nowMs + days * DAY_MS + 15 * MINUTE_MS;
  };
  const strangerJob = (aheadMs: number, name = 'stranger') =>
    askedJob('registration_asked', createPerson(small, name), Date.now() + aheadMs);
  const deliverAt = (aheadMs: number, job: unknown, attempts = 1) =>
    withClockAhead(small, aheadMs, () => small.deliver(job, attempts));
  const spend = async (aheadMs: number) => {
    for (let n = 0; n < 5; n += 1) expect(await deliverAt(aheadMs, strangerJob(aheadMs))).toBe('acked');
  };

  test('holds further mails back until the next hour, and then sends them', async () => {
    const aheadMs = freshHourAheadMs();
    await spend(aheadMs);
    const late = strangerJob(aheadMs);
    const settled = await deliverAt(aheadMs, late);
    const [, seconds] = /^retried in (\d+)$/.exec(settled) ?? [];
    expect(Math.abs(Number(seconds) - 45 * 60)).toBeLessThan(10);
    expect(small.mailbox.mailsTo(late.email)).toEqual([]);
    expect(small.events().at(-1)).toMatchObject({
      level: 'error',
      event: 'stranger_mail_budget_spent',
      jobId: late.id,
    });
    expect(await deliverAt(aheadMs + HOUR_MS, late, 2)).toBe('acked');
    expect(small.mailbox.mailsTo(late.email)).toHaveLength(1);
  });

  test('drops a mail that has waited for six hours, with an alarm', async () => {
    const aheadMs = freshHourAheadMs();
    const late = strangerJob(aheadMs);
    await spend(aheadMs + 5 * HOUR_MS);
    expect(await deliverAt(aheadMs + 5 * HOUR_MS, late, 6)).toMatch(/^retried in/);
    await spend(aheadMs + 6 * HOUR_MS);
    expect(await deliverAt(aheadMs + 6 * HOUR_MS, late, 7)).toBe('acked');
    expect(small.events().at(-1)).toMatchObject({ level: 'error', event: 'mail_dropped', reason: 'budget_spent' });
    expect(small.mailbox.mailsTo(late.email)).toEqual([]);
  });

  test('lets a retry of a counted mail through', async () => {
    const aheadMs = freshHourAheadMs();
    const job = strangerJob(aheadMs);
    small.mailbox.setFaults({ to: job.email, status: 500, times: 1 });
    expect(await deliverAt(aheadMs, job)).toBe('retried in 10');
    for (let n = 0; n < 4; n += 1) await deliverAt(aheadMs, strangerJob(aheadMs));
    expect(await deliverAt(aheadMs, strangerJob(aheadMs))).toMatch(/^retried in/);
    expect(await deliverAt(aheadMs, job, 2)).toBe('acked');
    expect(small.mailbox.mailsTo(job.email)).toHaveLength(1);
  });

  test('cannot be overdrawn by mails that come at the same time', async () => {
    const aheadMs = freshHourAheadMs();
    const jobs = Array.from({ length: 12 }, () => strangerJob(aheadMs));
    await withClockAhead(small, aheadMs, () => Promise.all(jobs.map(job => small.deliver(job))));
    expect(jobs.filter(({ email }) => small.mailbox.mailsTo(email).length > 0)).toHaveLength(5);
  });

  test('is none of the mails’ to people with an account', async () => {
    const ada: Person = await createRegistered(small);
    const aheadMs = freshHourAheadMs();
    await spend(aheadMs);
    expect(await ask('reset_asked', ada, aheadMs, small)).toBe(1);
    expect(await ask('registration_asked', ada, aheadMs, small)).toBe(1);
  });

  test('is not spent by what the limit of one address drops', async () => {
    const aheadMs = freshHourAheadMs();
    const eve = createPerson(small, 'eve');
    for (let n = 0; n < 10; n += 1) await deliverAt(aheadMs, askedJob('registration_asked', eve, Date.now() + aheadMs));
    expect(small.mailbox.mailsTo(eve.email)).toHaveLength(3);
    expect(await deliverAt(aheadMs, strangerJob(aheadMs))).toBe('acked');
    expect(await deliverAt(aheadMs, strangerJob(aheadMs))).toBe('acked');
  });
});

test('a request for a reset never changes the account', async () => {
  const ada = await createRegistered(rekey);
  const before = await storedUser(rekey, ada);
  for (const _ of [1, 2, 3, 4]) await ask('reset_asked', ada);
  expect(await storedUser(rekey, ada)).toEqual(before);
});
