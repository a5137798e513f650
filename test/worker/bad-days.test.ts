/** Bad days: a part that we need does not answer. The caller reads 503, nothing is half done, and links stay good. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectProblem } from '../support/expect-problem.ts';
import { startBreakableRekey, startRekey } from '../support/harness.ts';
import { askedJob } from '../support/mail-jobs.ts';
import { type Answer, createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person } from '../support/people.ts';
import { wholeDatabase } from '../support/rows.ts';

let rekey: Awaited<ReturnType<typeof startBreakableRekey>>;
beforeAll(async () => {
  rekey = await startBreakableRekey();
});
beforeEach(() => rekey.doors.mendAll());
afterAll(() => rekey.stop());

const expectUnavailable = (answer: Answer): void => {
  expectProblem(answer, 'unavailable');
  expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
};

type Scene = { ada: Person; eve: Person; reset: string; registration: string };
/** A person with an account and a reset link, and somebody with a registration link. */
const scene = async (): Promise<Scene> => {
  const [ada, eve] = [await createRegistered(rekey), createPerson(rekey, 'eve')];
  return {
    ada,
    eve,
    reset: await ada.linkToken('password-resets'),
    registration: await eve.linkToken('registrations'),
  };
};

type Call = { title: string; call: (on: Scene) => Promise<Answer>; status: number };
const checkReset: Call = {
  title: 'looking at a reset link',
  call: ({ ada, reset }) => ada.post('/api/password-resets/check', { token: reset }),
  status: 200,
};
const checkRegistration: Call = {
  title: 'looking at a registration link',
  call: ({ eve, registration }) => eve.post('/api/registrations/check', { token: registration }),
  status: 200,
};
const completeReset: Call = {
  title: 'completing a reset',
  call: ({ ada, reset }) => ada.post('/api/password-resets/complete', { token: reset, password: NEW_PASSWORD }),
  status: 204,
};
const completeRegistration: Call = {
  title: 'completing a registration',
  call: ({ eve, registration: token }) =>
    eve.post('/api/registrations/complete', { token, username: eve.username, password: PASSWORD }),
  status: 200,
};
const signIn: Call = { title: 'signing in', call: ({ ada }) => ada.signIn(), status: 200 };
const signOut: Call = {
  title: 'signing out',
  call: ({ ada }) => ada.send('/api/session', { method: 'DELETE' }),
  status: 204,
};
const whoAmI: Call = { title: 'asking who one is', call: ({ ada }) => ada.get('/api/session'), status: 200 };
const account: Call = { title: 'asking for the account', call: ({ ada }) => ada.get('/api/account'), status: 200 };
const health: Call = { title: 'asking for health', call: ({ ada }) => ada.get('/api/health'), status: 200 };
const askReset: Call = { title: 'asking for a reset', call: ({ ada }) => ada.askReset(), status: 202 };
const askRegistration: Call = { title: 'asking to register', call: ({ eve }) => eve.askRegistration(), status: 202 };

const expectUnavailableThenGood = async ({ call, status }: Call, part: 'database' | 'queue' | 'hasher', after = 0) => {
  const on = await scene();
  const before = await wholeDatabase(rekey);
  await rekey.doors.breakPart(part, after);
  const refused = await call(on);
  await rekey.doors.mendAll();
  expectUnavailable(refused);
  expect(refused.headers.getSetCookie()).toEqual([]);
  expect(await wholeDatabase(rekey)).toBe(before);
  expect((await call(on)).status).toBe(status);
};

describe('the database does not answer', () => {
  const needIt = [
    checkReset,
    checkRegistration,
    completeReset,
    completeRegistration,
    signIn,
    signOut,
    whoAmI,
    account,
    health,
  ];
  test.each(needIt)('$title is unavailable, and works again afterwards', call =>
    expectUnavailableThenGood(call, 'database'),
  );

  test.each([completeReset, completeRegistration, signIn])(
    '$title is unavailable when it fails at the writing, and nothing is half done',
    call => expectUnavailableThenGood(call, 'database', 1),
  );

  test('asking for a link works all the same, and its mail waits', async () => {
    const ada = await createRegistered(rekey);
    await rekey.doors.breakPart('database');
    const job = askedJob('reset_asked', ada);
    expect((await createPerson(rekey).askReset()).status).toBe(202);
    expect(await rekey.deliver(job)).toBe('retried in 10');
    expect(await rekey.deliver(job, 1, 'rekey-mail-dead')).toBe('retried in 10');
    const logged = rekey.events().filter(({ jobId }) => jobId === job.id);
    expect(logged).toMatchObject([{ event: 'mail_job_failed', attempts: 1 }, { event: 'mail_dead_retry' }]);
    await rekey.doors.mendAll();
    expect(await rekey.deliver(job, 2)).toBe('acked');
  });

  test('somebody without a cookie is served without it', async () => {
    await rekey.doors.breakPart('database');
    expect((await createPerson(rekey).get('/api/session')).body).toEqual({ user: null });
  });
});

describe('the queue does not answer', () => {
  test.each([askReset, askRegistration])('$title is unavailable, and works again afterwards', call =>
    expectUnavailableThenGood(call, 'queue'),
  );

  test('a reset that is written is no error: its notice goes out later', async () => {
    const { ada, reset: token } = await scene();
    await rekey.doors.breakPart('queue');
    const done = await ada.post('/api/password-resets/complete', { token, password: NEW_PASSWORD });
    expect(done.status).toBe(204);
    expect((await ada.signIn(NEW_PASSWORD)).status).toBe(200);
  });
});

describe('the hasher does not answer', () => {
  test.each([completeReset, completeRegistration, signIn])('$title is unavailable, and works again afterwards', call =>
    expectUnavailableThenGood(call, 'hasher'),
  );
});

test('a rate limiter that does not answer stops nobody', async () => {
  await rekey.doors.breakPart('limiter');
  expect((await createPerson(rekey).askReset()).status).toBe(202);
  expect(rekey.events()).toContainEqual(expect.objectContaining({ level: 'warn', event: 'rate_limiter_failed' }));
});

test('what failed is in the log by its name, with the request’s id', async () => {
  const on = await scene();
  for (const [part, { call }] of [
    ['database', signIn],
    ['queue', askReset],
    ['hasher', signIn],
  ] as const) {
    await rekey.doors.breakPart(part);
    const requestId = (await call(on)).headers.get('X-Request-Id');
    await rekey.doors.mendAll();
    expect(rekey.events().filter(line => line.requestId === requestId && line.event === 'unavailable')).toMatchObject([
      { level: 'error', service: part },
    ]);
  }
});

test('a mail API that is not there is tried again', async () => {
  const cut = await startRekey({ settings: { MAIL_API_URL: 'http://127.0.0.1:9' } });
  try {
    expect(await cut.deliver(askedJob('registration_asked', createPerson(cut)))).toBe('retried in 10');
    expect(cut.events().at(-1)).toMatchObject({ level: 'warn', event: 'mail_retry' });
  } finally {
    await cut.stop();
  }
});

test('a flood of sign-ins is refused before it is hashed, while resets and registrations go through', async () => {
  const busy = await startRekey({ settings: { SCRYPT: 'ln=13,r=8,p=1' } });
  try {
    const [ada, eve] = [await createRegistered(busy), createPerson(busy, 'eve')];
    const reset = await ada.linkToken('password-resets');
    const registration = await eve.linkToken('registrations');
    const flood = Promise.all(Array.from({ length: 200 }, () => createPerson(busy, 'flood').signIn()));
    const [done, registered] = await Promise.all([
      ada.post('/api/password-resets/complete', { token: reset, password: NEW_PASSWORD }),
      eve.post('/api/registrations/complete', { token: registration, username: eve.username, password: PASSWORD }),
    ]);
    expect([done.status, registered.status]).toEqual([204, 200]);
    const answers = await flood;
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(50);
    for (const answer of refused) expectUnavailable(answer);
    expect(answers.filter(({ status }) => status !== 503 && status !== 401)).toEqual([]);
    expect((await ada.signIn(NEW_PASSWORD)).status).toBe(200);
  } finally {
    await busy.stop();
  }
});
