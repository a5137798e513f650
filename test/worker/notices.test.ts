/** Notices to an account's owner, and what the cron sends and deletes: nothing that is due is lost in a crash. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startBreakableRekey, withClockAhead } from '../support/harness.ts';
import { askedJob } from '../support/mail-jobs.ts';
import { createPerson, createRegistered, NEW_PASSWORD, type Person } from '../support/people.ts';
import { rowsOf, storedUser, wholeDatabase } from '../support/rows.ts';

let rekey: Awaited<ReturnType<typeof startBreakableRekey>>;
beforeAll(async () => {
  rekey = await startBreakableRekey();
});
beforeEach(() => rekey.doors.mendAll());
afterAll(() => rekey.stop());

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3600 * 1000;
const SUBJECT = 'Your password was reset';

const noticesTo = ({ email }: Person) => rekey.mailbox.mailsTo(email).filter(({ subject }) => subject === SUBJECT);
const runCronAhead = (aheadMs: number) => withClockAhead(rekey, aheadMs, () => rekey.runCron());

const laterFailed = () => rekey.events().filter(({ event }) => event === 'later_failed').length;

/** A reset whose notice never reached the queue: its row waits. */
const resetWithoutQueue = async (): Promise<Person> => {
  const ada = await createRegistered(rekey);
  const token = await ada.linkToken('password-resets');
  const failedBefore = laterFailed();
  await rekey.doors.breakPart('queue');
  const done = await ada.post('/api/password-resets/complete', { token, password: NEW_PASSWORD });
  expect(done.status).toBe(204);
  await expect.poll(() => laterFailed()).toBeGreaterThan(failedBefore);
  await rekey.doors.mendAll();
  return ada;
};

test('a notice that never reached the queue is sent by the cron, once', async () => {
  const ada = await resetWithoutQueue();
  expect(await rowsOf(rekey, 'notices')).toMatchObject([{ email: ada.email, kind: 'password_reset', queued_at: null }]);
  await runCronAhead(2 * MINUTE_MS);
  await ada.readMail(SUBJECT);
  await expect.poll(() => rowsOf(rekey, 'notices')).toEqual([]);
  await runCronAhead(2 * MINUTE_MS);
  await runCronAhead(DAY_MS);
  expect(noticesTo(ada)).toHaveLength(1);
  expect((await ada.signIn(NEW_PASSWORD)).status).toBe(200);
});

test('a notice whose job was lost on the queue is sent after all, four days later', async () => {
  const ada = await resetWithoutQueue();
  await rekey.env.DB.prepare('UPDATE notices SET queued_at = ? WHERE email = ?').bind(Date.now(), ada.email).run();
  await runCronAhead(3 * DAY_MS);
  expect(await rowsOf(rekey, 'notices')).toMatchObject([{ email: ada.email }]);
  await runCronAhead(4 * DAY_MS + MINUTE_MS);
  await ada.readMail(SUBJECT);
});

test('a notice that is still on its way from its request is left to it', async () => {
  const ada = await resetWithoutQueue();
  await rekey.runCron();
  expect(await rowsOf(rekey, 'notices')).toMatchObject([{ email: ada.email, queued_at: null }]);
  await runCronAhead(2 * MINUTE_MS);
  await ada.readMail(SUBJECT);
});

test('a notice goes to the address that the account had then', async () => {
  const ada = await resetWithoutQueue();
  const moved = `moved-${ada.email}`;
  await rekey.env.DB.prepare('UPDATE users SET email = ? WHERE email = ?').bind(moved, ada.email).run();
  await runCronAhead(2 * MINUTE_MS);
  await ada.readMail(SUBJECT);
  expect(rekey.mailbox.mailsTo(moved)).toEqual([]);
});

test('a notice that was sent is not sent again when its job comes twice', async () => {
  const ada = await resetWithoutQueue();
  const [notice] = await rowsOf(rekey, 'notices');
  const job = { id: notice?.id, kind: 'notice', madeAtMs: Date.now() };
  expect([await rekey.deliver(job), await rekey.deliver(job)]).toEqual(['acked', 'acked']);
  expect(noticesTo(ada)).toHaveLength(1);
  expect(await rowsOf(rekey, 'notices')).toEqual([]);
});

test('a notice that the mail API does not take now stays due; its retries are the same to the byte', async () => {
  const ada = await resetWithoutQueue();
  const [notice] = await rowsOf(rekey, 'notices');
  const job = { id: notice?.id, kind: 'notice', madeAtMs: Date.now() };
  const attemptsBefore = rekey.mailbox.attemptsTo(ada.email).length;
  rekey.mailbox.setFaults({ to: ada.email, status: 500, times: 1 });
  expect(await rekey.deliver(job)).toBe('retried in 10');
  expect(await rowsOf(rekey, 'notices')).toHaveLength(1);
  expect(await withClockAhead(rekey, DAY_MS, () => rekey.deliver(job, 2))).toBe('acked');
  const attempts = rekey.mailbox.attemptsTo(ada.email).slice(0, -attemptsBefore);
  expect(attempts.map(({ outcome }) => outcome)).toEqual([200, 500]);
  expect(new Set(attempts.map(({ bodySha256, idempotencyKey }) => bodySha256 + idempotencyKey)).size).toBe(1);
});

test('a notice that cannot be sent in the end is in the log and no longer due', async () => {
  await resetWithoutQueue();
  const [notice] = await rowsOf(rekey, 'notices');
  const job = { id: notice?.id, kind: 'notice', madeAtMs: Date.now() };
  expect(await rekey.deliver(job, 1, 'rekey-mail-dead')).toBe('acked');
  expect(rekey.events().at(-1)).toMatchObject({
    level: 'error',
    event: 'mail_dead',
    jobId: notice?.id,
    kind: 'notice',
  });
  expect(await rowsOf(rekey, 'notices')).toEqual([]);
});

test('no reset without its notice: a write that fails leaves neither', async () => {
  const ada = await createRegistered(rekey);
  const token = await ada.linkToken('password-resets');
  const before = await wholeDatabase(rekey);
  await rekey.doors.breakPart('database', 1);
  await ada.post('/api/password-resets/complete', { token, password: NEW_PASSWORD });
  await rekey.doors.mendAll();
  expect(await wholeDatabase(rekey)).toBe(before);
  expect((await ada.post('/api/password-resets/check', { token })).status).toBe(200);
});

test('the cron deletes sessions past their end and leaves the others', async () => {
  const ada = await createRegistered(rekey);
  const { id } = await storedUser(rekey, ada);
  const sessions = async () => (await rowsOf(rekey, 'sessions')).filter(({ user_id }) => user_id === id).length;
  const remembered = createPerson(rekey, 'ada', ada);
  await remembered.signIn(undefined, true);
  expect(await sessions()).toBe(2);
  await runCronAhead(DAY_MS / 2 - MINUTE_MS);
  expect(await sessions()).toBe(2);
  await runCronAhead(DAY_MS / 2);
  expect(await sessions()).toBe(1);
  expect(await remembered.whoAmI()).toBe(ada.username);
  await runCronAhead(30 * DAY_MS);
  expect(await sessions()).toBe(0);
});

test('the cron forgets the mails that no limit counts any more, and is harmless twice', async () => {
  const ada = await createRegistered(rekey);
  await rekey.deliver(askedJob('reset_asked', ada));
  await rekey.deliver(askedJob('registration_asked', createPerson(rekey)));
  const counts = async () =>
    (
      await Promise.all(
        (['reset_mails', 'stranger_mails', 'stranger_mail_hours'] as const).map(table => rowsOf(rekey, table)),
      )
    ).map(rows => rows.length > 0);
  await rekey.runCron();
  expect(await counts()).toEqual([true, true, true]);
  await runCronAhead(DAY_MS + 3600 * 1000);
  expect(await counts()).toEqual([false, false, false]);
  const before = await wholeDatabase(rekey);
  await runCronAhead(DAY_MS + 3600 * 1000);
  expect(await wholeDatabase(rekey)).toBe(before);
});

test('a cron that meets a broken database logs it and the next one goes on', async () => {
  const ada = await resetWithoutQueue();
  await rekey.doors.breakPart('database');
  await runCronAhead(2 * MINUTE_MS);
  expect(rekey.events().at(-1)).toMatchObject({ level: 'error', event: 'cleanup_failed' });
  await rekey.doors.mendAll();
  await runCronAhead(2 * MINUTE_MS);
  await ada.readMail(SUBJECT);
});

test('a queue that is down does not keep the cron from deleting what is over', async () => {
  const ada = await resetWithoutQueue();
  await ada.signIn(NEW_PASSWORD);
  await rekey.doors.breakPart('queue');
  await runCronAhead(DAY_MS);
  expect(await rowsOf(rekey, 'sessions')).toEqual([]);
  await rekey.doors.mendAll();
  await runCronAhead(2 * MINUTE_MS);
  await ada.readMail(SUBJECT);
});
