/** The mail API on its worst days, in simulated time: every mail goes out, none is lost, and the dead letters hold what was refused. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../mailbox/mailbox.ts';
import { runQueue, type Settled } from '../support/fast-queue.ts';
import { startChangeableRekey, TOKEN_SECRET } from '../support/harness.ts';
import { askedJob } from '../support/mail-jobs.ts';
import { createPerson, createRegistered, tokenOf } from '../support/people.ts';
import { type PostmarkApi, startPostmarkApi } from '../support/postmark-api.ts';
import { createRandom } from '../support/random.ts';
import { rowsOf } from '../support/rows.ts';
import { note } from '../support/test-notes.ts';

const JOBS = process.env.TEST_LONG ? 500 : 10;
const LIMIT_MS = process.env.TEST_LONG ? 1_200_000 : 60_000;
const SEED = Number(process.env.REKEY_FIRE_SEED ?? 20);

const MINUTE_MS = 60_000;
const DOWN_UNTIL_MS = 10 * MINUTE_MS;
const FLAPPING_UNTIL_MS = 15 * MINUTE_MS;
/** The time in which the jobs are asked for. */
const ARRIVALS_MS = 17 * MINUTE_MS;
const MAILS_A_SECOND = 2;
/** Answers that the Worker does not wait for. Each takes real time; in the short run mail.test.ts has one. */
const TOO_SLOW = process.env.TEST_LONG ? 3 : 0;

let rekey: Awaited<ReturnType<typeof startChangeableRekey>>;
let postmark: PostmarkApi;
const settings = { STRANGER_MAILS_PER_HOUR: '100000' };
const throughPostmark = () => ({
  MAIL_PROVIDER: 'postmark',
  MAIL_API_URL: postmark.url,
  MAIL_API_KEY: 'test',
  MAIL_WEBHOOK_SECRET: '',
});

beforeAll(async () => {
  [rekey, postmark] = await Promise.all([startChangeableRekey(settings), startPostmarkApi()]);
});
afterAll(async () => {
  await rekey.stop();
  await postmark.close();
});

type Weather = Omit<Fault, 'to' | 'times'> | null;

/** Down for ten minutes, flapping and slow for five, then taking two mails a second. Whom it refuses it refuses whenever it is up. */
const badDay = (refused: ReadonlySet<string>) => {
  const random = createRandom(SEED);
  const sentIn = new Map<number, number>();
  let tooSlow = TOO_SLOW;
  return (atMs: number, id: string): Weather => {
    if (atMs < DOWN_UNTIL_MS) return random.below(2) === 0 ? { status: 503 } : { hangUp: true };
    if (refused.has(id)) return { status: 422 };
    if (atMs < FLAPPING_UNTIL_MS) {
      if (Math.floor(atMs / 20_000) % 2 === 0) return { status: 500 };
      if (tooSlow > 0 && random.below(4) === 0) {
        tooSlow -= 1;
        return { accept: true, delayMs: 11_000 };
      }
      // The mail is out, and the answer is late, or lost.
      if (random.below(4) === 0) return { accept: true, delayMs: 300 };
      return random.below(4) === 0 ? { accept: true, hangUp: true } : null;
    }
    const second = Math.floor(atMs / 1000);
    const sent = (sentIn.get(second) ?? 0) + 1;
    sentIn.set(second, sent);
    return sent > MAILS_A_SECOND ? { status: 429, retryAfter: 1 + random.below(5) } : null;
  };
};

const manyJobs = () => {
  const random = createRandom(SEED);
  const jobs = Array.from({ length: JOBS }, () => ({
    job: askedJob('registration_asked', createPerson(rekey)),
    dueMs: random.below(ARRIVALS_MS),
  }));
  const refused = new Set(jobs.filter((_, at) => at % 10 === 7).map(({ job }) => job.id));
  return { jobs, refused };
};

const longest = (settled: Map<string, Settled>) => {
  const all = [...settled.values()];
  return {
    tries: Math.max(...all.map(({ tries }) => tries)),
    minutes: Math.ceil(Math.max(...all.map(({ atMs }) => atMs)) / MINUTE_MS),
  };
};

const deadJobs = (ids: ReadonlySet<string>) =>
  rekey
    .events()
    .filter(({ event, jobId }) => event === 'mail_dead' && ids.has(jobId))
    .map(({ jobId }) => jobId as string)
    .sort();

describe(`of ${JOBS} mails on a day when the mail API is down for ten minutes, flaps and is slow for five and then takes two a second`, () => {
  test('each goes out exactly once where the provider takes a key, and the dead letters are those it refused', {
    timeout: LIMIT_MS,
  }, async () => {
    await rekey.doors.changeSettings({});
    const { jobs, refused } = manyJobs();
    const weather = badDay(refused);
    const settled = await runQueue(rekey, jobs, (atMs, { id }) => {
      const to = jobs.find(({ job }) => job.id === id)?.job.email ?? '';
      const fault = weather(atMs, id);
      rekey.mailbox.clearFaults(to);
      if (fault) rekey.mailbox.setFaults({ ...fault, to, times: 1 });
    });
    const out = (email: string) => rekey.mailbox.mailsTo(email).length;
    expect(jobs.filter(({ job }) => out(job.email) !== (refused.has(job.id) ? 0 : 1))).toEqual([]);
    expect([...settled.values()].filter(({ isDead }) => isDead)).toEqual([]);
    const ids = new Set(jobs.map(({ job }) => job.id));
    await expect.poll(() => deadJobs(ids), { timeout: 15_000 }).toEqual([...refused].sort());
    const { tries, minutes } = longest(settled);
    note(`mail under fire, with keys: ${JOBS} jobs, at most ${tries} tries, the last after ${minutes} minutes`);
  });

  test('each goes out at least once where the provider takes no key', { timeout: LIMIT_MS }, async () => {
    await rekey.doors.changeSettings(throughPostmark());
    const { jobs, refused } = manyJobs();
    const weather = badDay(refused);
    const settled = await runQueue(rekey, jobs, (atMs, { id }) => postmark.setWeather(weather(atMs, id)));
    const out = (email: string) => postmark.mailsTo(email);
    expect(jobs.filter(({ job }) => refused.has(job.id) && out(job.email) > 0)).toEqual([]);
    expect(jobs.filter(({ job }) => !refused.has(job.id) && out(job.email) === 0)).toEqual([]);
    const ids = new Set(jobs.map(({ job }) => job.id));
    await expect.poll(() => deadJobs(ids), { timeout: 15_000 }).toEqual([...refused].sort());
    const twice = jobs.filter(({ job }) => out(job.email) > 1).length;
    note(`mail under fire, without keys: ${JOBS} jobs, ${twice} mails came twice (${longest(settled).tries} tries)`);
  });
});

describe('a second provider', () => {
  const withFallback = () => ({
    MAIL_FALLBACK_PROVIDER: 'postmark',
    MAIL_FALLBACK_API_URL: postmark.url,
    MAIL_FALLBACK_API_KEY: 'second',
  });
  /** One job of somebody without an account, whose mails meet this at the first provider. */
  const jobMeeting = async (fault: Omit<Fault, 'to'>) => {
    await rekey.doors.changeSettings(withFallback());
    postmark.setWeather(null);
    const eve = createPerson(rekey, 'eve');
    const job = askedJob('registration_asked', eve);
    rekey.mailbox.setFaults({ ...fault, to: eve.email });
    const tries: number[] = [];
    const settled = await runQueue(rekey, [{ job, dueMs: 0 }], atMs => void tries.push(atMs / 1000));
    const [record] = (await rowsOf(rekey, 'mails')).filter(row => row.job_id === job.id);
    return { eve, tries, settled: settled.get(job.id), record };
  };

  test('takes over after two failures, at once', async () => {
    const { eve, tries, record } = await jobMeeting({ status: 503 });
    expect(tries).toEqual([0, 10, 30]);
    expect([rekey.mailbox.mailsTo(eve.email).length, postmark.mailsTo(eve.email)]).toEqual([0, 1]);
    expect(record).toMatchObject({ provider: 'postmark', state: 'accepted', failures: 2 });
  });

  test('takes over where the first refuses our key, with an alarm', async () => {
    const { eve } = await jobMeeting({ status: 401 });
    expect(postmark.mailsTo(eve.email)).toBe(1);
    expect(
      rekey.events().some(({ event, provider }) => event === 'mail_key_or_sender_refused' && provider === 'resend'),
    ).toBe(true);
  });

  test('does not wait for the hour that the first asks for', async () => {
    const { eve, tries } = await jobMeeting({ status: 429, retryAfter: 3600 });
    expect(tries).toEqual([0, 10]);
    expect(postmark.mailsTo(eve.email)).toBe(1);
  });

  test('does not send within two minutes what the first may have accepted', async () => {
    // A gateway before it gave up waiting. (A broken connection is a 500 by the time the harness hands it on.)
    const { eve, tries, record } = await jobMeeting({ status: 504 });
    expect(tries.slice(0, 2)).toEqual([0, 10]);
    const lastFailure = 10;
    const handedOver = tries.at(-1) ?? 0;
    expect(handedOver - lastFailure).toBeGreaterThanOrEqual(120);
    expect(handedOver - lastFailure).toBeLessThan(140);
    expect(rekey.mailbox.attemptsTo(eve.email)).toHaveLength(2);
    expect(postmark.mailsTo(eve.email)).toBe(1);
    expect(record).toMatchObject({ provider: 'postmark', state: 'accepted' });
  });

  test('holds no place among the reset mails while nobody may send: the next link that is asked for goes out', async () => {
    await rekey.doors.changeSettings(withFallback());
    postmark.setWeather(null);
    const ada = await createRegistered(rekey);
    const job = askedJob('reset_asked', ada);
    rekey.mailbox.setFaults({ status: 504, to: ada.email, times: 2 });
    expect(await rekey.deliver(job, 1)).toBe('retried in 10');
    expect(await rekey.deliver(job, 2)).toMatch(/^retried in 1[12]\d$/);
    expect(await rekey.deliver(job, 3)).toMatch(/^retried in 1[12]\d$/);
    expect((await rowsOf(rekey, 'reset_mails')).filter(row => row.job_id === job.id)).toEqual([]);
    expect(postmark.attemptsTo(ada.email)).toBe(0);
  });

  test('and the first take turns, where both are down', async () => {
    await rekey.doors.changeSettings(withFallback());
    const eve = createPerson(rekey, 'eve');
    const job = askedJob('registration_asked', eve);
    rekey.mailbox.setFaults({ status: 503, to: eve.email, times: 3 });
    postmark.setWeather({ status: 503 });
    await runQueue(rekey, [{ job, dueMs: 0 }]).catch(() => {});
    const asked = rekey.mailbox.attemptsTo(eve.email).length;
    expect([asked, rekey.mailbox.mailsTo(eve.email).length, postmark.attemptsTo(eve.email)]).toEqual([4, 1, 2]);
  });

  test('leaves alone what the first refuses for good', async () => {
    const { eve, record } = await jobMeeting({ status: 422 });
    expect(postmark.attemptsTo(eve.email)).toBe(0);
    expect(record).toMatchObject({ state: 'refused' });
  });
});

describe('between two tries of a job', () => {
  const failOnce = (email: string) => rekey.mailbox.setFaults({ status: 500, to: email, times: 1 });

  test('the keys may be replaced: the mail goes out, and its link works', async () => {
    await rekey.doors.changeSettings({});
    const ada = await createRegistered(rekey);
    const job = askedJob('reset_asked', ada);
    failOnce(ada.email);
    expect(await rekey.deliver(job, 1)).toBe('retried in 10');
    const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
    await rekey.doors.changeSettings({ TOKEN_SECRET: `${secret},${TOKEN_SECRET}`, MAIL_API_KEY: 'rotated' });
    expect(await rekey.deliver(job, 2)).toBe('acked');
    const token = tokenOf(await ada.readMail('Password Reset Request'));
    expect((await ada.post('/api/password-resets/check', { token })).status).toBe(200);
    await rekey.doors.changeSettings({});
  });

  test('the address may get an account: its owner hears of it, with a way in', async () => {
    const eve = createPerson(rekey, 'eve');
    const job = askedJob('registration_asked', eve);
    failOnce(eve.email);
    expect(await rekey.deliver(job, 1)).toBe('retried in 10');
    await eve.register();
    expect(await rekey.deliver(job, 2)).toBe('acked');
    expect(eve.mails()[0]?.subject).toBe('You already have a Rekey account');
    const [record] = (await rowsOf(rekey, 'mails')).filter(row => row.job_id === job.id);
    expect(record).toMatchObject({ kind: 'account_exists', state: 'accepted', user_id: expect.any(String) });
  });

  test('a release may land: a job of the one before is read, and one of the one after waits', async () => {
    const eve = createPerson(rekey, 'eve');
    const { asked: _, ...old } = askedJob('registration_asked', eve);
    expect(await rekey.deliver(old, 1)).toBe('acked');
    expect(rekey.mailbox.mailsTo(eve.email)).toHaveLength(1);
    const newer = { ...old, id: crypto.randomUUID(), priority: 'high' };
    expect(await rekey.deliver(newer, 1)).toBe('acked');
    expect(await rekey.deliver({ ...old, kind: 'of_tomorrow' }, 1)).toBe('retried in 3600');
  });
});
