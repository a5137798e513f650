/** Counters and times for Workers Analytics Engine: what is counted, that it says nothing of a person, and that it disturbs nothing. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completeReset } from '../support/account.ts';
import { startMeasuredRekey } from '../support/harness.ts';
import { secretsIn } from '../support/log-secrets.ts';
import { askedJob } from '../support/mail-jobs.ts';
import { createPerson, createRegistered, NEW_PASSWORD } from '../support/people.ts';
import { storedUser, waitForMailRecords } from '../support/rows.ts';

let rekey: Awaited<ReturnType<typeof startMeasuredRekey>>;
beforeAll(async () => {
  // A hash that takes longer than requests to arrive, so that a lane can be filled.
  rekey = await startMeasuredRekey({ SCRYPT: 'ln=12,r=8,p=1' });
});
afterAll(() => rekey.stop());

type Point = { event: string; what: string; outcome: string; by: string; number: number; ms: number };
const taken = async (): Promise<Point[]> =>
  (await rekey.doors.takePoints()).map(({ blobs: [event = '', what = '', outcome = '', by = ''], doubles }) => ({
    ...{ event, what, outcome, by },
    number: doubles[0] ?? Number.NaN,
    ms: doubles[1] ?? Number.NaN,
  }));
/** Those of one event, after its mails went out. */
const takenOf = async (event: Point['event']): Promise<Point[]> => {
  await waitForMailRecords(rekey);
  return (await taken()).filter(point => point.event === event);
};

describe('an answer is counted', () => {
  test('under its route as the code has it, with its status and its code', async () => {
    const ada = await createRegistered(rekey);
    await taken();
    await ada.get('/api/session');
    await ada.send('/api/account/sessions/no-such-session', { method: 'DELETE' });
    await ada.post('/api/session', { email: ada.email });
    await ada.get('/api/nowhere/ada@example.com?email=ada@example.com');
    await ada.send('/api/session', { method: 'PROPFIND' });
    await createPerson(rekey).get('/.well-known/change-password');
    await createPerson(rekey).get('/.well-known/nothing');
    const answers = await takenOf('answer');
    expect(answers.map(({ what, outcome, number }) => [what, outcome, number])).toEqual([
      ['GET /api/session', 'good', 200],
      ['DELETE /api/account/sessions/:id', 'not_found', 404],
      ['POST /api/session', 'malformed_request', 400],
      ['GET unknown', 'not_found', 404],
      ['another method unknown', 'method_not_allowed', 405],
      ['GET /.well-known/change-password', 'good', 302],
      ['GET unknown', 'not_found', 404],
    ]);
    for (const { ms } of answers) expect(ms).toBeGreaterThanOrEqual(0);
  });

  test('as unavailable where a part of the platform fails, with the hash that failed', async () => {
    const ada = await createRegistered(rekey);
    await taken();
    await rekey.doors.breakPart('database');
    await ada.get('/api/session');
    await rekey.doors.mendAll();
    await rekey.doors.breakPart('hasher');
    await ada.signIn();
    await rekey.doors.mendAll();
    expect((await taken()).map(({ event, what, outcome, number }) => [event, what, outcome, number])).toEqual([
      ['answer', 'GET /api/session', 'unavailable', 503],
      ['hash', 'known-browser', 'failed', 0],
      ['answer', 'POST /api/session', 'unavailable', 503],
    ]);
  });

  test('as refused where a guard refuses it, or what was sent cannot be read', async () => {
    const ada = createPerson(rekey);
    await taken();
    await ada.post('/api/session', { email: ada.email, password: 'x' }, { Origin: 'https://elsewhere.example' });
    await ada.send('/api/session', { body: '{', headers: { 'Content-Type': 'application/json' } });
    const answers = await takenOf('answer');
    expect(answers.map(({ what, number }) => [what, number])).toEqual([
      ['POST /api/session', 403],
      ['POST /api/session', 400],
    ]);
    for (const { outcome } of answers) expect(outcome).not.toBe('good');
  });
});

test('a mail is counted with its provider, its try and the time since it was asked for', async () => {
  const ada = await createRegistered(rekey);
  await taken();
  await rekey.deliver(askedJob('reset_asked', ada, Date.now() - 7000), 2);
  for (let more = 0; more < 3; more += 1) await rekey.deliver(askedJob('reset_asked', ada));
  const mails = await takenOf('mail');
  expect(mails).toMatchObject([
    { what: 'reset_asked', outcome: 'mail_accepted', by: 'resend', number: 2 },
    { what: 'reset_asked', outcome: 'mail_accepted', by: 'resend', number: 1 },
    { what: 'reset_asked', outcome: 'mail_accepted', by: 'resend', number: 1 },
    { what: 'reset_asked', outcome: 'mail_dropped', by: 'reset_limit', number: 1 },
  ]);
  expect(mails[0]?.ms).toBeGreaterThanOrEqual(7000);
  await rekey.deliver(askedJob('reset_asked', ada), 1, 'rekey-mail-dead');
  expect(await takenOf('mail')).toMatchObject([{ outcome: 'mail_dead' }]);
});

test('a hash is counted with its lane, and so is a part of the clean-up', async () => {
  const ada = await createRegistered(rekey);
  const token = await ada.linkToken('password-resets', 'Password Reset Request');
  await taken();
  await completeReset(ada, token);
  await createPerson(rekey, 'ada', ada).signIn(NEW_PASSWORD);
  const hashes = await takenOf('hash');
  expect(hashes.map(({ what, outcome }) => [what, outcome])).toEqual([
    ['recovery', 'hashed'],
    ['sign-in', 'verified'],
  ]);
  await rekey.runCron();
  const parts = await takenOf('cleanup');
  expect(parts.length).toBeGreaterThan(5);
  for (const part of parts) expect(part).toMatchObject({ outcome: 'done', by: '', number: 0 });
});

test('whom a full lane refuses is counted as that', async () => {
  const ada = await createRegistered(rekey);
  await taken();
  const statuses: number[] = [];
  const flood = Array.from({ length: 60 }, async () => {
    while (!statuses.includes(503) && statuses.length < 2000) {
      const browser = createPerson(rekey, 'ada', ada);
      browser.cookies.set('rekey-browser', ada.cookies.get('rekey-browser') ?? '');
      statuses.push((await browser.signIn()).status);
    }
  });
  await Promise.all(flood);
  const refused = statuses.filter(status => status === 503).length;
  expect(refused).toBeGreaterThan(0);
  const outcomes = (await takenOf('hash')).map(({ outcome }) => outcome);
  expect(outcomes.filter(outcome => outcome === 'lane_full')).toHaveLength(refused);
  expect(outcomes.filter(outcome => outcome === 'verified')).toHaveLength(
    statuses.filter(status => status === 200).length,
  );
}, 60_000);

test('nothing that is written says anything of a person, and all of it fits what Analytics Engine takes', async () => {
  const ada = await createRegistered(rekey);
  await taken();
  const token = await ada.linkToken('password-resets', 'Password Reset Request');
  await completeReset(ada, token);
  await ada.signIn('wrong');
  await ada.signIn(NEW_PASSWORD);
  await ada.get('/api/account/export');
  await ada.send('/api/account', { method: 'DELETE', json: { currentPassword: NEW_PASSWORD } });
  await waitForMailRecords(rekey);
  const points = await rekey.doors.takePoints();
  expect(points.length).toBeGreaterThan(8);
  const text = JSON.stringify(points);
  expect(secretsIn(text)).toEqual([]);
  for (const hint of [ada.email, ada.username, ada.network, token]) expect(text).not.toContain(hint);
  expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  for (const { indexes, blobs, doubles } of points) {
    expect([indexes.length, blobs.length, doubles.length]).toEqual([1, 4, 2]);
    expect(indexes[0]).toBe(blobs[0]);
    for (const blob of blobs) expect(blob.length).toBeLessThan(96);
    for (const double of doubles) expect(Number.isFinite(double)).toBe(true);
  }
});

test('what cannot be written disturbs nobody, and stands in the log', async () => {
  const ada = await createRegistered(rekey);
  await rekey.doors.breakMetrics(true);
  expect((await ada.get('/api/session')).status).toBe(200);
  expect((await createPerson(rekey, 'ada', ada).signIn()).status).toBe(200);
  expect(await rekey.deliver(askedJob('reset_asked', ada))).toBe('acked');
  await rekey.doors.breakMetrics(false);
  expect(rekey.events()).toContainEqual({ level: 'warn', event: 'metrics_failed', error: 'TypeError' });
  expect((await storedUser(rekey, ada)).email).toBe(ada.email);
});

test('docs/operations.md names every column and every event, and its queries only what there is', async () => {
  const ada = await createRegistered(rekey);
  await taken();
  await completeReset(ada, await ada.linkToken('password-resets', 'Password Reset Request'));
  await waitForMailRecords(rekey);
  const points = await taken();
  const written = { blob2: points.map(({ what }) => what), blob3: points.map(({ outcome }) => outcome) };
  const document = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const part = document.split(/^## /m).find(text => text.startsWith('Counters and times')) ?? '';
  const columns = ['index1', 'blob1', 'blob2', 'blob3', 'blob4', 'double1', 'double2'];
  for (const column of columns) expect(part).toContain(`\`${column}\``);
  for (const event of ['answer', 'mail', 'hash', 'cleanup']) expect(part).toContain(`\`${event}\``);
  const queries = [...part.matchAll(/```sql\n([\s\S]+?)```/g)].map(match => match[1] ?? '');
  expect(queries.length).toBeGreaterThan(0);
  for (const query of queries) {
    const used = query.match(/\b(index|blob|double)\d+\b/g) ?? [];
    expect(used.filter(column => !columns.includes(column))).toEqual([]);
    expect(query).toContain('_sample_interval');
    for (const [, column, text] of query.matchAll(/(blob2|blob3) = '([^']+)'/g))
      expect(written[column as keyof typeof written]).toContain(text);
    for (const [, event] of query.matchAll(/index1 = '(\w+)'/g))
      expect(['answer', 'mail', 'hash', 'cleanup']).toContain(event);
  }
});
