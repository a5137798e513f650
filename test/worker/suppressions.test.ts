/** What becomes of a mail, and of the address that it went to: the records themselves, below the door of the webhooks. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../worker/store/database.ts';
import { applyMailEvents, type MailEventKind } from '../../worker/store/mail-events.ts';
import { claimLetThrough, findSuppression, releaseLetThrough } from '../../worker/store/suppressions.ts';
import { type Rekey, startRekey, withClockAhead } from '../support/harness.ts';
import { insertMail, type MailRecord, stateOf, suppressionOf } from '../support/mail-records.ts';
import { rowsOf, wholeDatabase } from '../support/rows.ts';

let rekey: Rekey;
let db: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  rekey = await startRekey();
  db = openDatabase(rekey.env.DB);
});
afterAll(() => rekey.stop());

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.now();

const tell = (mail: { providerId: string | null }, kind: MailEventKind, nowMs = NOW, stampHash: string | null = null) =>
  applyMailEvents(db, { provider: 'resend', stampHash, events: [{ providerId: mail.providerId ?? '', kind }], nowMs });
const suppressionAt = ({ addressKey }: MailRecord, nowMs: number) => findSuppression(db, addressKey, nowMs);

describe('a bounce', () => {
  test('suppresses the address for 7 days', async () => {
    const mail = await insertMail(rekey);
    expect(await suppressionAt(mail, NOW)).toBeNull();
    expect(await tell(mail, 'bounced')).toEqual({ kind: 'applied', changed: 1 });
    expect(await stateOf(rekey, mail)).toBe('bounced');
    const suppression = { reason: 'bounced', since: NOW, until: NOW + 7 * DAY_MS };
    expect(await suppressionAt(mail, NOW + 7 * DAY_MS - 1)).toEqual(suppression);
    expect(await suppressionAt(mail, NOW + 7 * DAY_MS)).toBeNull();
  });

  test('of another mail makes it longer, never shorter, and the same told again changes nothing', async () => {
    const first = await insertMail(rekey);
    const second = await insertMail(rekey, { addressKey: first.addressKey });
    const third = await insertMail(rekey, { addressKey: first.addressKey });
    await tell(first, 'bounced');
    expect(await tell(first, 'bounced', NOW + DAY_MS)).toEqual({ kind: 'applied', changed: 0 });
    expect((await suppressionAt(first, NOW))?.until).toBe(NOW + 7 * DAY_MS);
    await tell(second, 'bounced', NOW + DAY_MS);
    expect((await suppressionAt(first, NOW))?.until).toBe(NOW + 8 * DAY_MS);
    await tell(third, 'bounced', NOW - DAY_MS);
    expect((await suppressionAt(first, NOW))?.until).toBe(NOW + 8 * DAY_MS);
  });

  test('is over when a mail that was written after it arrives, and not for one from before', async () => {
    const bounced = await insertMail(rekey, { createdAt: NOW - 1000 });
    const before = await insertMail(rekey, { addressKey: bounced.addressKey, createdAt: NOW - 500 });
    const after = await insertMail(rekey, { addressKey: bounced.addressKey, createdAt: NOW + 1 });
    const elsewhere = await insertMail(rekey);
    await tell(elsewhere, 'bounced');
    await tell(bounced, 'bounced');
    await tell(before, 'delivered', NOW + HOUR_MS);
    expect(await suppressionAt(bounced, NOW + HOUR_MS)).not.toBeNull();
    await tell(after, 'delivered', NOW + HOUR_MS);
    expect(await suppressionAt(bounced, NOW + HOUR_MS)).toBeNull();
    expect(await suppressionAt(elsewhere, NOW + HOUR_MS)).not.toBeNull();
  });
});

describe('a complaint', () => {
  test('suppresses the address until it is lifted by hand, whatever arrives or bounces later', async () => {
    const mail = await insertMail(rekey);
    await tell(mail, 'bounced');
    await tell(mail, 'complained');
    const suppression = { reason: 'complained', since: NOW, until: null };
    expect(await suppressionAt(mail, NOW + 1000 * DAY_MS)).toEqual(suppression);
    for (const kind of ['delivered', 'bounced', 'complained'] as const) {
      const later = await insertMail(rekey, { addressKey: mail.addressKey, createdAt: NOW + DAY_MS });
      await tell(later, kind, NOW + 2 * DAY_MS);
    }
    expect(await suppressionAt(mail, NOW + 1000 * DAY_MS)).toEqual(suppression);
  });
});

describe('the state of a mail', () => {
  const ORDER = ['delayed', 'delivered', 'bounced', 'complained'] as const;

  test('is the same in whatever order its events come, together or one by one', async () => {
    const oneByOne = await insertMail(rekey);
    for (const kind of [...ORDER].reverse()) await tell(oneByOne, kind);
    expect(await stateOf(rekey, oneByOne)).toBe('complained');

    const together = await insertMail(rekey);
    const events = (['delivered', 'bounced', 'delayed'] as const).map(kind => ({
      providerId: together.providerId ?? '',
      kind,
    }));
    expect(await applyMailEvents(db, { provider: 'resend', stampHash: null, events, nowMs: NOW })).toEqual({
      kind: 'applied',
      changed: 1,
    });
    expect(await stateOf(rekey, together)).toBe('bounced');
  });

  test('is not moved by an id that is another provider’s, or nobody’s', async () => {
    const mail = await insertMail(rekey, { provider: 'postmark' });
    const unsent = await insertMail(rekey, { providerId: null, state: 'trying' });
    const before = await wholeDatabase(rekey);
    await tell(mail, 'complained');
    await tell({ providerId: crypto.randomUUID() }, 'complained');
    await tell({ providerId: '' }, 'complained');
    await tell(unsent, 'complained');
    expect(await wholeDatabase(rekey)).toBe(before);
  });
});

test('five thousand events are one transaction of a few statements', async () => {
  const some = await Promise.all([1, 2, 3].map(() => insertMail(rekey)));
  const strangers = Array.from({ length: 5000 }, () => ({ providerId: crypto.randomUUID(), kind: 'bounced' as const }));
  const events = [
    ...strangers,
    ...some.map(({ providerId }) => ({ providerId: providerId ?? '', kind: 'bounced' as const })),
  ];
  expect(await applyMailEvents(db, { provider: 'resend', stampHash: null, events, nowMs: NOW })).toEqual({
    kind: 'applied',
    changed: 3,
  });
  for (const mail of some) expect(await stateOf(rekey, mail)).toBe('bounced');
});

test('a stamp is taken once: what comes under it again does nothing, whatever it says', async () => {
  const mail = await insertMail(rekey);
  const other = await insertMail(rekey);
  const stamp = crypto.randomUUID();
  expect(await tell(mail, 'delivered', NOW, stamp)).toEqual({ kind: 'applied', changed: 1 });
  const before = await wholeDatabase(rekey);
  expect(await tell(other, 'complained', NOW, stamp)).toEqual({ kind: 'replayed' });
  expect(await wholeDatabase(rekey)).toBe(before);
  const twice = await Promise.all([1, 2, 3].map(() => tell(other, 'bounced', NOW, `${stamp}-2`)));
  expect(twice.filter(({ kind }) => kind === 'applied')).toHaveLength(1);
});

describe('the one mail a day that a suppressed address gets', () => {
  const claim = (mail: MailRecord, jobId: string, nowMs = NOW) =>
    claimLetThrough(db, { addressKey: mail.addressKey, jobId, nowMs });

  test('is given to one of twenty jobs, which keeps it when it is tried again', async () => {
    const mail = await insertMail(rekey);
    await tell(mail, 'bounced');
    const jobs = Array.from({ length: 20 }, () => crypto.randomUUID());
    const claims = await Promise.all(jobs.map(jobId => claim(mail, jobId)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    const winner = jobs[claims.indexOf(true)] ?? '';
    expect(await claim(mail, winner, NOW + HOUR_MS)).toBe(true);
    expect(await claim(mail, 'later', NOW + DAY_MS - 1)).toBe(false);
    expect(await claim(mail, 'later', NOW + DAY_MS)).toBe(true);
    expect(await claim(mail, winner, NOW + DAY_MS)).toBe(false);
  });

  test('is given back by the job that was refused, and by no other', async () => {
    const mail = await insertMail(rekey);
    await tell(mail, 'bounced');
    const job = (state: string) => insertMail(rekey, { addressKey: mail.addressKey, providerId: null, state });
    const [refused, other, sent] = [await job('refused'), await job('refused'), await job('accepted')];
    await claim(mail, refused.jobId);
    await releaseLetThrough(db, other.jobId);
    expect(await claim(mail, other.jobId)).toBe(false);
    await releaseLetThrough(db, refused.jobId);
    expect(await claim(mail, sent.jobId)).toBe(true);
    await releaseLetThrough(db, sent.jobId);
    expect(await claim(mail, other.jobId)).toBe(false);
  });

  test('is not given anew by an address that works and bounces in turns', async () => {
    const mail = await insertMail(rekey);
    await tell(mail, 'bounced');
    await claim(mail, 'a');
    const arrived = await insertMail(rekey, { addressKey: mail.addressKey, createdAt: NOW + 1 });
    await tell(arrived, 'delivered', NOW + 2);
    await rekey.runCron();
    const again = await insertMail(rekey, { addressKey: mail.addressKey, createdAt: NOW + 3 });
    await tell(again, 'bounced', NOW + 4);
    expect(await claim(mail, 'b', NOW + HOUR_MS)).toBe(false);
  });

  test('is none for an address that nothing is known against', async () => {
    expect(await claim(await insertMail(rekey), 'a')).toBe(false);
  });
});

test('the cron deletes mails after 30 days, stamps after an hour, and suppressions that have ended; complaints stay', async () => {
  const bounced = await insertMail(rekey);
  const complained = await insertMail(rekey);
  await tell(bounced, 'bounced', NOW, 'old-stamp');
  await tell(complained, 'complained');
  const runAt = (aheadMs: number) => withClockAhead(rekey, aheadMs, () => rekey.runCron());
  const stamps = async () => (await rowsOf(rekey, 'mail_event_stamps')).map(({ stamp_hash }) => stamp_hash);

  await runAt(HOUR_MS / 2);
  expect(await stamps()).toContain('old-stamp');
  await runAt(HOUR_MS + 60_000);
  expect(await stamps()).not.toContain('old-stamp');
  await runAt(7 * DAY_MS + 60_000);
  expect([await suppressionOf(rekey, bounced), await stateOf(rekey, bounced)]).toEqual([null, 'bounced']);
  await runAt(30 * DAY_MS + 60_000);
  expect(await stateOf(rekey, bounced)).toBeUndefined();
  expect(await suppressionOf(rekey, complained)).toMatchObject({ reason: 'complained' });
});
