/** What is on the queue: put there by who asks, read by the consumer, and nothing secret in between. */
import { describe, expect, test } from 'vitest';
import type { MailJob } from '../../worker/mail/job.ts';
import { parseMailJob } from '../../worker/mail/job.ts';
import { requestRegistration } from '../../worker/registration/request-registration.ts';
import { requestReset } from '../../worker/reset/request-reset.ts';
import { Unavailable } from '../../worker/unavailable.ts';

const clock = { now: () => 1_800_000_000_123 };
const asked = { userAgent: 'Firefox on Windows', country: 'DE', timeZone: 'Europe/Berlin', language: 'de' } as const;

describe.each([
  ['a reset', requestReset, 'reset_asked'],
  ['a registration', requestRegistration, 'registration_asked'],
] as const)('asking for %s', (_what, request, kind) => {
  test('is one job with the address, the moment and where it was asked, and nothing else', async () => {
    const jobs: MailJob[] = [];
    await request({ put: async job => void jobs.push(job) }, clock, 'Ada@example.com', asked);
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect(jobs).toEqual([{ id, kind, email: 'Ada@example.com', madeAtMs: 1_800_000_000_123, asked }]);
    expect(parseMailJob(structuredClone(jobs[0]))).toEqual(jobs[0]);
  });

  test('twice is two jobs', async () => {
    const ids = new Set<string>();
    const queue = { put: async (job: MailJob) => void ids.add(job.id) };
    await request(queue, clock, 'ada@example.com', asked);
    await request(queue, clock, 'ada@example.com', asked);
    expect(ids.size).toBe(2);
  });

  test('fails where the queue fails: nobody is told of a mail that nothing will send', async () => {
    const down = { put: () => Promise.reject(new Unavailable('queue', null)) };
    await expect(request(down, clock, 'ada@example.com', asked)).rejects.toBeInstanceOf(Unavailable);
  });
});

test('a job of a release that did not say who asked is a job still', () => {
  const old = { id: 'a', madeAtMs: 1, kind: 'reset_asked', email: 'ada@example.com' };
  expect(parseMailJob(old)).toEqual(old);
});

test('a job that its provider refused keeps saying so; nothing else can be said in that place', () => {
  const job = { id: 'a', madeAtMs: 1, kind: 'notice' };
  expect(parseMailJob({ ...job, isRefused: true })).toEqual({ ...job, isRefused: true });
  expect(parseMailJob(job)).toEqual(job);
  for (const isRefused of [false, null, 'true', 1]) expect(parseMailJob({ ...job, isRefused })).toBeNull();
});

test.each([
  null,
  undefined,
  'reset_asked',
  7,
  [],
  {},
  { id: 'a', madeAtMs: 1 },
  { id: 'a', madeAtMs: 1, kind: 'other' },
  { id: 'a', madeAtMs: 1, kind: 'reset_asked' },
  { id: 'a', madeAtMs: '1', kind: 'notice' },
  { id: 7, madeAtMs: 1, kind: 'notice' },
  { id: 'a', madeAtMs: Number.NaN, kind: 'notice' },
  { madeAtMs: 1, kind: 'registration_asked', email: 'ada@example.com' },
  { id: 'a', madeAtMs: 1, kind: 'reset_asked', email: 'ada@example.com', asked: { ...asked, language: 'xx' } },
])('a message that is none of ours is no job: %j', body => {
  expect(parseMailJob(body)).toBeNull();
});
