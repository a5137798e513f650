/** The database fails somewhere between the steps of a try, and the queue brings the job again: nothing stays half done. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../worker/store/database.ts';
import { applyMailEvents } from '../../worker/store/mail-events.ts';
import { startBreakableRekey } from '../support/harness.ts';
import { askedJob } from '../support/mail-jobs.ts';
import { insertMail, stateOf } from '../support/mail-records.ts';
import { createRegistered } from '../support/people.ts';
import { type PostmarkApi, startPostmarkApi } from '../support/postmark-api.ts';
import { rowsOf } from '../support/rows.ts';

let rekey: Awaited<ReturnType<typeof startBreakableRekey>>;
let postmark: PostmarkApi;
beforeAll(async () => {
  postmark = await startPostmarkApi();
  rekey = await startBreakableRekey({
    MAIL_FALLBACK_PROVIDER: 'postmark',
    MAIL_FALLBACK_API_URL: postmark.url,
    MAIL_FALLBACK_API_KEY: 'second',
  });
});
afterAll(async () => {
  await rekey.stop();
  await postmark.close();
});

const suppressed = async () => {
  const ada = await createRegistered(rekey);
  const events = [{ providerId: ada.mails()[0]?.id ?? '', kind: 'bounced' as const }];
  const told = { provider: 'resend', stampHash: null, events, nowMs: Date.now() };
  expect(await applyMailEvents(openDatabase(rekey.env.DB), told)).toEqual({ kind: 'applied', changed: 1 });
  return ada;
};

/** More than a try takes. */
const CALLS = 10;

test.for(Array.from({ length: CALLS }, (_, at) => at))(
  'a refused mail gives back the day of a suppressed address, where the database fails after %i calls',
  async afterCalls => {
    const ada = await suppressed();
    const job = askedJob('reset_asked', ada);
    rekey.mailbox.setFaults({ to: ada.email, status: 422 });
    await rekey.doors.breakPart('database', afterCalls);
    const first = await rekey.deliver(job);
    await rekey.doors.mendAll();
    if (first !== 'acked') expect(await rekey.deliver(job, 2)).toBe('acked');
    await rekey.deliver({ ...job, isRefused: true }, 1, 'rekey-mail-dead');
    rekey.mailbox.clearFaults(ada.email);
    const before = ada.mails().length;
    expect(await rekey.deliver(askedJob('reset_asked', ada))).toBe('acked');
    expect(ada.mails().length - before).toBe(1);
  },
);

test('a mail that is held back counts nowhere, also where its job comes again', async () => {
  const ada = await suppressed();
  expect(await rekey.deliver(askedJob('reset_asked', ada))).toBe('acked');
  const held = askedJob('reset_asked', ada);
  for (const attempt of [1, 2]) {
    expect(await rekey.deliver(held, attempt)).toBe('acked');
    expect((await rowsOf(rekey, 'reset_mails')).filter(({ job_id }) => job_id === held.id)).toEqual([]);
  }
});

test.for(Array.from({ length: CALLS }, (_, at) => at))(
  'the second provider waits for what the first may have taken, where the database fails after %i calls',
  async afterCalls => {
    const ada = await createRegistered(rekey);
    const before = ada.mails().length;
    const job = askedJob('reset_asked', ada);
    rekey.mailbox.setFaults(
      { to: ada.email, status: 504, accept: true, times: 1 },
      { to: ada.email, status: 429, retryAfter: 3600 },
    );
    await rekey.doors.breakPart('database', afterCalls);
    await rekey.deliver(job, 1);
    await rekey.doors.mendAll();
    for (const attempt of [2, 3]) await rekey.deliver(job, attempt);
    const isOut = ada.mails().length > before;
    rekey.mailbox.clearFaults(ada.email);
    expect(postmark.mailsTo(ada.email)).toBe(isOut ? 0 : 1);
  },
);

test.for(Array.from({ length: CALLS }, (_, at) => at))(
  'the record of a mail that went out says so, where the database fails once after %i calls',
  async afterCalls => {
    const ada = await createRegistered(rekey);
    const job = askedJob('reset_asked', ada);
    await rekey.doors.breakPart('database', afterCalls, 1);
    const first = await rekey.deliver(job);
    await rekey.doors.mendAll();
    if (first !== 'acked') expect(await rekey.deliver(job, 2)).toBe('acked');
    expect((await rowsOf(rekey, 'mails')).find(({ job_id }) => job_id === job.id)).toMatchObject({
      state: 'accepted',
      provider_id: ada.mails()[0]?.id,
    });
  },
);

test('a job that ends without a mail after a failed try leaves no record that another is to come', async () => {
  const ada = await createRegistered(rekey);
  const failed = askedJob('reset_asked', ada);
  rekey.mailbox.setFaults({ to: ada.email, status: 500, times: 1 });
  expect(await rekey.deliver(failed)).toBe('retried in 10');
  for (const _ of [1, 2, 3]) expect(await rekey.deliver(askedJob('reset_asked', ada))).toBe('acked');
  expect(await rekey.deliver(failed, 2)).toBe('acked');
  expect(await stateOf(rekey, { jobId: failed.id })).toBe('refused');

  // A notice whose row is gone.
  const { jobId } = await insertMail(rekey, { kind: 'password_changed', state: 'trying', providerId: null });
  expect(await rekey.deliver({ id: jobId, kind: 'notice', madeAtMs: Date.now() }, 2)).toBe('acked');
  expect(await stateOf(rekey, { jobId })).toBe('refused');
});
