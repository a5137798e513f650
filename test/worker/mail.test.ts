/** Door 2: every mail goes out once or ends in the log, whatever the mail API does. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../mailbox/mailbox.ts';
import { type Rekey, startRekey, withClockAhead } from '../support/harness.ts';
import { askedJob, endOf } from '../support/mail-jobs.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person, tokenOf } from '../support/people.ts';
import { rowsOf, storedUser } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const HALF_LIFE_MS = 900 * 1000;
/** The mail is out, and the Worker does not hear of it. */
const LOST_ANSWER = { accept: true, hangUp: true, times: 1 };

const deliver = (job: unknown, attempts?: number) => rekey.deliver(job, attempts);
const eventsOf = ({ id }: { id: string }) => rekey.events().filter(({ jobId }) => jobId === id);
/** The attempts to send, oldest first. */
const attemptsTo = ({ email }: Person) => rekey.mailbox.attemptsTo(email).toReversed();

/** A person with an account, their job for a reset, and faults on the way to their mailbox alone. */
const resetJobMeeting = async (...faults: Omit<Fault, 'to'>[]) => {
  const ada = await createRegistered(rekey);
  const mailsBefore = rekey.mailbox.mailsTo(ada.email).length;
  const attemptsBefore = attemptsTo(ada).length;
  rekey.mailbox.setFaults(...faults.map(fault => ({ ...fault, to: ada.email })));
  return {
    ada,
    job: askedJob('reset_asked', ada),
    mails: () => rekey.mailbox.mailsTo(ada.email).slice(0, -mailsBefore),
    attempts: () => attemptsTo(ada).slice(attemptsBefore),
  };
};

test('a job becomes one mail, and the log names it by its id', async () => {
  const { job, mails } = await resetJobMeeting();
  expect(await deliver(job)).toBe('acked');
  expect(mails()).toHaveLength(1);
  expect(eventsOf(job)).toMatchObject([{ level: 'info', event: 'mail_accepted', kind: 'reset_asked' }]);
});

test('a job that comes twice becomes one mail: what was accepted is not sent again', async () => {
  const { job, mails, attempts } = await resetJobMeeting();
  expect([await deliver(job), await deliver(job)]).toEqual(['acked', 'acked']);
  expect(attempts().map(({ outcome }) => outcome)).toEqual([200]);
  expect(mails()).toHaveLength(1);
  expect(eventsOf(job).map(({ event }) => event)).toEqual(['mail_accepted', 'mail_out_already']);
});

describe('what may pass is tried again', () => {
  const cases: { title: string; fault: Omit<Fault, 'to'>; event?: string; settled?: string; reason?: string }[] = [
    { title: 'a 500', fault: { status: 500 } },
    { title: 'a 503', fault: { status: 503 } },
    { title: 'a broken connection', fault: { hangUp: true } },
    { title: 'a 429', fault: { status: 429 } },
    { title: 'a 429 with a Retry-After, after that', fault: { status: 429, retryAfter: 77 }, settled: 'retried in 77' },
    {
      title: 'a 503 with a Retry-After, after that',
      fault: { status: 503, retryAfter: 300 },
      settled: 'retried in 300',
    },
    { title: 'a short Retry-After, not sooner than usual', fault: { status: 429, retryAfter: 1 } },
    { title: 'a 409 for a mail that is under way', fault: { status: 409, name: 'concurrent_idempotent_requests' } },
    { title: 'a redirect', fault: { status: 302 } },
    { title: 'a refused key, with an alarm', fault: { status: 401 }, event: 'mail_key_or_sender_refused' },
    { title: 'a refused sender, with an alarm', fault: { status: 403 }, event: 'mail_key_or_sender_refused' },
    { title: 'an answer that is lost after the mail went out', fault: { accept: true, hangUp: true } },
    { title: 'an error after the mail went out', fault: { accept: true, status: 500 } },
  ];
  test.each(cases)('$title', async ({ fault, event = 'mail_retry', settled = 'retried in 10' }) => {
    const { job, mails, attempts } = await resetJobMeeting({ ...fault, times: 1 });
    expect(await deliver(job, 1)).toBe(settled);
    expect(eventsOf(job)).toMatchObject([{ event, level: event === 'mail_retry' ? 'warn' : 'error', attempts: 1 }]);
    expect(await deliver(job, 2)).toBe('acked');

    expect(mails()).toHaveLength(1);
    const [first, second] = attempts();
    expect(second).toMatchObject({
      outcome: 200,
      bodySha256: first?.bodySha256,
      idempotencyKey: first?.idempotencyKey,
    });
  });

  test('after delays that double up to an hour', async () => {
    const { job } = await resetJobMeeting({ status: 500 });
    const settled: string[] = [];
    for (const attempt of [1, 2, 3, 4, 8, 9, 10, 11, 20]) settled.push(await deliver(job, attempt));
    expect(settled).toEqual([10, 20, 40, 80, 1280, 2560, 3600, 3600, 3600].map(delay => `retried in ${delay}`));
  });
});

test('what the provider refuses is not tried again: it goes to the dead letters and into the log', async () => {
  const cases = [
    { status: 422 },
    { status: 400 },
    { status: 409, name: 'invalid_idempotent_request' },
    { status: 413 },
  ];
  const refused = await Promise.all(cases.map(async fault => ({ fault, ...(await resetJobMeeting(fault)) })));
  for (const { fault, job, mails } of refused) {
    expect(await deliver(job)).toBe('acked');
    expect(eventsOf(job)).toMatchObject([{ level: 'error', event: 'mail_refused' }]);
    expect(eventsOf(job)[0].reason).toMatch(new RegExp(`^${fault.status} \\w+$`));
    expect(mails()).toEqual([]);
  }
  const buried = () => refused.map(({ job }) => eventsOf(job).at(-1)?.event);
  await expect.poll(buried, { timeout: 15_000 }).toEqual(cases.map(() => 'mail_dead'));
});

describe('retries repeat themselves', () => {
  test('to the byte, within the first half of the link’s life', async () => {
    const { job, attempts, mails } = await resetJobMeeting({ status: 500, times: 2 });
    await deliver(job);
    await withClockAhead(rekey, 60_000, () => deliver(job, 2));
    await withClockAhead(rekey, HALF_LIFE_MS - 10_000, () => deliver(job, 3));
    expect(new Set(attempts().map(({ bodySha256 }) => bodySha256)).size).toBe(1);
    expect(new Set(attempts().map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(mails()).toHaveLength(1);
  });

  test('and after it are a new mail under a new key, whose link ends later', async () => {
    const { job, mails } = await resetJobMeeting(LOST_ANSWER);
    await deliver(job);
    await withClockAhead(rekey, HALF_LIFE_MS + 1000, () => deliver(job, 5));
    const [later, earlier] = mails();
    if (!later || !earlier) throw new Error('two mails were to go out');
    expect(later.idempotencyKey).not.toBe(earlier.idempotencyKey);
    expect(endOf(tokenOf(later)) - endOf(tokenOf(earlier))).toBe(HALF_LIFE_MS);
    expect(endOf(tokenOf(earlier))).toBe(Math.floor(job.madeAtMs / 1000) * 1000 + 2 * HALF_LIFE_MS);
  });

  test('for a registration over the half-lives of its own, longer link', async () => {
    const eve = createPerson(rekey, 'eve');
    const job = askedJob('registration_asked', eve);
    rekey.mailbox.setFaults({ ...LOST_ANSWER, times: 2, to: eve.email });
    await deliver(job);
    await withClockAhead(rekey, 11 * 3600 * 1000, () => deliver(job, 2));
    expect(rekey.mailbox.mailsTo(eve.email)).toHaveLength(1);
    await withClockAhead(rekey, 13 * 3600 * 1000, () => deliver(job, 3));
    const [later, earlier] = rekey.mailbox.mailsTo(eve.email).map(mail => endOf(tokenOf(mail)));
    expect((later ?? 0) - (earlier ?? 0)).toBe(12 * 3600 * 1000);
  });

  test('a retry after a reset carries a link that works, under a new key', async () => {
    const { ada, job, mails } = await resetJobMeeting(LOST_ANSWER);
    await deliver(job);
    const first = tokenOf(mails()[0] ?? (await ada.readMail()));
    await ada.post('/api/password-resets/complete', { token: first, password: NEW_PASSWORD });
    await ada.readMail('Your password was reset');
    await deliver(job, 2);
    const second = tokenOf(await ada.readMail('Password Reset Request'));
    expect((await ada.post('/api/password-resets/check', { token: second })).status).toBe(200);
  });
});

describe('what cannot be read', () => {
  const malformed = [
    {},
    null,
    'text',
    { kind: 'reset_asked', email: 'a@b.example', madeAtMs: 1 },
    { id: 'x', kind: 'reset_asked', madeAtMs: 1 },
    { id: 'x', kind: 'reset_asked', email: 'a@b.example', madeAtMs: '1' },
    { id: 'x', kind: 'unknown', email: 'a@b.example', madeAtMs: 1 },
  ];
  test.each(malformed)('a message %j waits for a version that can read it, and is logged', async body => {
    const before = rekey.events().filter(({ event }) => event === 'mail_job_unknown').length;
    expect(await deliver(body)).toBe('retried in 3600');
    expect(rekey.events().filter(({ event }) => event === 'mail_job_unknown')).toHaveLength(before + 1);
    expect(rekey.mailbox.mailsTo('a@b.example')).toEqual([]);
  });
});

describe('dead letters', () => {
  const bury = (job: unknown) => rekey.deliver(job, 1, 'rekey-mail-dead');

  test('are in the log for the operator, and their place in the limits is given back', async () => {
    const { job } = await resetJobMeeting({ status: 422 });
    const stranger = askedJob('registration_asked', createPerson(rekey));
    await deliver(job);
    const hourBefore = (await rowsOf(rekey, 'stranger_mail_hours'))[0]?.mails ?? 0;
    await deliver(stranger);
    const counted = async () => {
      const rows = [...(await rowsOf(rekey, 'reset_mails')), ...(await rowsOf(rekey, 'stranger_mails'))];
      return rows.filter(row => row.job_id === job.id || row.job_id === stranger.id).length;
    };
    expect(await counted()).toBe(2);
    expect([await bury(job), await bury(stranger), await bury(job)]).toEqual(['acked', 'acked', 'acked']);
    expect(await counted()).toBe(0);
    expect((await rowsOf(rekey, 'stranger_mail_hours'))[0]?.mails).toBe(hourBefore);
    expect(eventsOf(job).at(-1)).toMatchObject({ level: 'error', event: 'mail_dead', kind: 'reset_asked' });
  });

  test('that a provider refused are never sent again, whatever the queue is called that they come through', async () => {
    const { ada, job } = await resetJobMeeting({ status: 422 });
    expect(await rekey.deliver({ ...job, isRefused: true }, 1, 'some-queue')).toBe('acked');
    expect(rekey.mailbox.attemptsTo(ada.email).filter(({ outcome }) => outcome === 422)).toEqual([]);
    expect(eventsOf(job)).toMatchObject([{ level: 'error', event: 'mail_dead' }]);
  });

  test('that nobody can read are logged all the same', async () => {
    expect(await bury({ x: 1 })).toBe('acked');
    expect(rekey.events().at(-1)).toMatchObject({ level: 'error', event: 'mail_dead' });
  });
});

test('on the real queue a mail that failed goes out a little later, and a slow answer is not waited for', async () => {
  const [failing, slow] = [createPerson(rekey, 'failing'), createPerson(rekey, 'slow')];
  rekey.mailbox.setFaults({ to: failing.email, status: 500, times: 1 }, { to: slow.email, delayMs: 20_000, times: 1 });
  const startedAtMs = Date.now();
  await Promise.all([failing.askRegistration(), slow.askRegistration()]);
  await rekey.mailbox.waitForMail(failing.email, { timeoutMs: 25_000 });
  expect(Date.now() - startedAtMs).toBeGreaterThan(9000);
  const timedOut = () =>
    rekey.events().filter(({ event, reason }) => event === 'mail_retry' && reason === 'DOMException');
  await expect.poll(timedOut, { timeout: 15_000 }).toHaveLength(1);
}, 40_000);

test('the log holds no address, token, password, hash, stamp or cookie', async () => {
  const ada = await createRegistered(rekey);
  const token = await ada.linkToken('password-resets');
  const cookie = ada.cookies.get('rekey-session') ?? '';
  await ada.signIn('not the right password');
  await ada.post('/api/password-resets/complete', { token: `${token}x`, password: NEW_PASSWORD });
  rekey.mailbox.setFaults({ to: ada.email, status: 422, times: 1 });
  await deliver(askedJob('reset_asked', ada));
  rekey.mailbox.setFaults({ to: ada.email, status: 500, times: 1 });
  await deliver(askedJob('reset_asked', ada));
  const before = await storedUser(rekey, ada);
  await ada.post('/api/password-resets/complete', { token, password: NEW_PASSWORD });
  await ada.readMail('Your password was reset');

  const secrets = [ada.email, ada.username, '@example.com', token, token.split('.')[2] ?? '', cookie];
  secrets.push(
    PASSWORD,
    NEW_PASSWORD,
    'not the right password',
    before.password_hash,
    before.security_stamp,
    '$scrypt',
  );
  const log = rekey.rawLog();
  expect(secrets.every(secret => secret.length > 5)).toBe(true);
  expect(secrets.filter(secret => log.includes(secret))).toEqual([]);
  expect(log).toContain(before.id);
});
