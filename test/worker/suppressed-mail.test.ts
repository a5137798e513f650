/** Writing to an address that mail does not reach, or is not wanted at: nothing but the ways back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../worker/store/database.ts';
import { applyMailEvents } from '../../worker/store/mail-events.ts';
import { type Rekey, startRekey, withClockAhead } from '../support/harness.ts';
import { askedJob } from '../support/mail-jobs.ts';
import { createPerson, createRegistered, PASSWORD, type Person, tokenOf } from '../support/people.ts';
import { rowsOf, storedUser } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const HOUR_MS = 3600 * 1000;

/** The provider says this of the newest mail to the person's address. */
const tellOf = async (person: Person, kind: 'bounced' | 'complained' | 'delivered'): Promise<void> => {
  const providerId = person.mails()[0]?.id ?? '';
  const told = { provider: 'resend', stampHash: null, events: [{ providerId, kind }], nowMs: Date.now() };
  const outcome = await applyMailEvents(openDatabase(rekey.env.DB), told);
  expect(outcome).toEqual({ kind: 'applied', changed: 1 });
};

const suppressed = async (kind: 'bounced' | 'complained' = 'bounced') => {
  const ada = await createRegistered(rekey);
  await tellOf(ada, kind);
  return ada;
};

/** How many mails come of asking. */
const mailsOf = async (person: Person, kind: 'reset_asked' | 'registration_asked', aheadMs = 0): Promise<number> => {
  const before = person.mails().length;
  await withClockAhead(rekey, aheadMs, async () => {
    expect(await rekey.deliver(askedJob(kind, person, Date.now() + aheadMs))).toBe('acked');
  });
  return person.mails().length - before;
};

describe('to a suppressed address', () => {
  test.each(['bounced', 'complained'] as const)('that %s, one mail with a reset link goes out in a day', async kind => {
    const ada = await suppressed(kind);
    expect([await mailsOf(ada, 'reset_asked'), await mailsOf(ada, 'reset_asked')]).toEqual([1, 0]);
    expect(await mailsOf(ada, 'registration_asked')).toBe(0);
    const token = tokenOf(ada.mails()[0] ?? (await ada.readMail()));
    expect((await ada.post('/api/password-resets/check', { token })).status).toBe(200);
    expect([await mailsOf(ada, 'reset_asked', 25 * HOUR_MS), await mailsOf(ada, 'reset_asked', 25 * HOUR_MS)]).toEqual([
      1, 0,
    ]);
  });

  test('what is held back counts nowhere, and the answer to the asker is the same', async () => {
    const [ada, bob] = [await suppressed(), await createRegistered(rekey, 'bob')];
    await mailsOf(ada, 'reset_asked');
    const resetsBefore = (await rowsOf(rekey, 'reset_mails')).length;
    const job = askedJob('reset_asked', ada);
    await rekey.deliver(job);
    expect(await rowsOf(rekey, 'reset_mails')).toHaveLength(resetsBefore);
    const record = (await rowsOf(rekey, 'mails')).find(({ job_id }) => job_id === job.id);
    expect(record).toMatchObject({ state: 'suppressed', provider_id: null });
    expect(rekey.events().filter(({ jobId }) => jobId === job.id)).toMatchObject([
      { event: 'mail_dropped', reason: 'suppressed', level: 'info' },
    ]);
    const [held, sent] = [await ada.askReset(), await bob.askReset()];
    expect([held.status, held.text]).toEqual([sent.status, sent.text]);
  });

  test('of what is held back within an hour one record stays, whoever asks and for whatever', async () => {
    const [ada, bob, gone] = [await suppressed(), await suppressed(), await suppressed()];
    await rekey.env.DB.prepare('DELETE FROM users WHERE email = ?').bind(gone.email).run();
    for (const person of [ada, bob]) expect(await mailsOf(person, 'reset_asked')).toBe(1);
    const heldOf = async () => (await rowsOf(rekey, 'mails')).filter(({ state }) => state === 'suppressed');
    const before = (await heldOf()).length;
    const madeAtMs = Date.now();
    const ask = async (person: Person, ago: number) => {
      expect(await rekey.deliver(askedJob('registration_asked', person, madeAtMs - ago * HOUR_MS))).toBe('acked');
    };
    for (const person of [ada, bob, gone, ada, bob, gone, ada]) await ask(person, 0);
    expect(await heldOf()).toHaveLength(before + 3);
    expect((await rowsOf(rekey, 'mails')).filter(({ state }) => state === 'trying')).toEqual([]);
    for (const ago of [2, 1.5, 2.5, 1]) await ask(ada, ago);
    expect(await heldOf()).toHaveLength(before + 5);
  });

  test('a mail that the provider did not take keeps its place for the day, and a refused one gives it back', async () => {
    const ada = await suppressed();
    const job = askedJob('reset_asked', ada);
    rekey.mailbox.setFaults({ to: ada.email, status: 500, times: 1 }, { to: ada.email, status: 422, times: 1 });
    expect(await rekey.deliver(job, 1)).toBe('retried in 10');
    expect(await mailsOf(ada, 'reset_asked')).toBe(0);
    expect(await rekey.deliver(job, 2)).toBe('acked');
    expect(await mailsOf(ada, 'reset_asked')).toBe(1);
  });

  test('no notice goes out but those of the ways back: a thief who calls our mail spam silences nothing that matters', async () => {
    const ada = await suppressed('complained');
    const before = ada.mails().length;
    await createPerson(rekey, 'ada', ada).signIn();
    const moved = `new-${ada.email}`;
    await ada.post('/api/account/email', { email: moved, currentPassword: PASSWORD });
    const notice = await ada.readMail('A new email address was asked for');
    const change = tokenOf(await rekey.mailbox.waitForMail(moved, { timeoutMs: 15_000 }));
    expect((await ada.post('/api/account/email/confirm', { token: change })).status).toBe(200);
    await ada.readMail('Your email address was changed');
    expect(
      ada
        .mails()
        .slice(0, -before)
        .map(({ subject }) => subject),
    ).toEqual(['Your email address was changed', 'A new email address was asked for']);
    expect((await ada.post('/api/account/secure', { token: tokenOf(notice) })).status).toBe(204);
    await ada.readMail('Your account is secured');
    await expect.poll(async () => (await rowsOf(rekey, 'notices')).length).toBe(0);
  });

  test('mail goes out again as before when a mail that was written since has arrived', async () => {
    const ada = await suppressed();
    expect(await mailsOf(ada, 'reset_asked', 1000)).toBe(1);
    await tellOf(ada, 'delivered');
    expect([await mailsOf(ada, 'reset_asked'), await mailsOf(ada, 'registration_asked')]).toEqual([1, 1]);
  });
});

test('the export has the newest 1000 mails', async () => {
  const ada = await createRegistered(rekey);
  await ada.signIn();
  const { id } = await storedUser(rekey, ada);
  const now = Date.now();
  await rekey.env.DB.prepare(
    `INSERT INTO mails (job_id, kind, user_id, address_key, provider, state, failures, created_at, changed_at)
     SELECT 'many-' || value, 'reset', ?1, 'key', 'resend', 'suppressed', 0, ?2 + value, ?2 FROM json_each(?3)`,
  )
    .bind(id, now, JSON.stringify(Array.from({ length: 1001 }, (_, at) => at)))
    .run();
  const { mails } = (await ada.get('/api/account/export')).body as { mails: { createdAt: string }[] };
  expect(mails).toHaveLength(1000);
  expect([mails.at(0), mails.at(-1)]).toMatchObject([
    { createdAt: new Date(now + 1000).toISOString() },
    { createdAt: new Date(now + 1).toISOString() },
  ]);
});

test('the record of a mail says whose it is, and holds nothing of its text or address', async () => {
  const ada = await createRegistered(rekey, 'recorded');
  await ada.askReset();
  const mail = await ada.readMail('Password Reset Request');
  const recorded = async () => (await rowsOf(rekey, 'mails')).find(({ provider_id }) => provider_id === mail.id);
  await expect.poll(recorded).toBeDefined();
  const record = await recorded();
  expect(record).toMatchObject({ kind: 'reset', provider: 'resend', state: 'accepted', failures: 0 });
  expect(record?.user_id).toEqual(expect.any(String));
  expect(record?.address_key).toMatch(/^[\w-]{43}$/);
  expect(JSON.stringify(await rowsOf(rekey, 'mails'))).not.toMatch(/recorded|example\.com|visit/);
});
