/** Bad days: a part that we need does not answer. The caller reads 503, nothing is half done, and links stay good. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectProblem } from '../support/expect-problem.ts';
import { startBreakableRekey, startRekey, withClockAhead } from '../support/harness.ts';
import { makeToken, resetClaims } from '../support/link-tokens.ts';
import { askedJob } from '../support/mail-jobs.ts';
import { type Answer, createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person } from '../support/people.ts';
import { rowsOf, storedUser, wholeDatabase } from '../support/rows.ts';

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

const ownPassword = { currentPassword: PASSWORD };
const rename: Call = {
  title: 'changing the username',
  call: ({ ada }) => ada.send('/api/account', { method: 'PATCH', json: { username: `${ada.username}.2` } }),
  status: 200,
};
const changePassword: Call = {
  title: 'changing the password',
  call: ({ ada }) => ada.post('/api/account/password', { ...ownPassword, password: NEW_PASSWORD }),
  status: 204,
};
const resetLink: Call = {
  title: 'asking for a reset while signed in',
  call: ({ ada }) => ada.send('/api/account/reset-link'),
  status: 202,
};
const askAddress: Call = {
  title: 'asking for another address',
  call: ({ ada }) => ada.post('/api/account/email', { ...ownPassword, email: `new-${ada.email}` }),
  status: 202,
};
const changeToken = async (ada: Person) =>
  makeToken('change', { ...(await resetClaims(rekey, ada)), email: `new-${ada.email}` });
const checkChange: Call = {
  title: 'looking at a change link',
  call: async ({ ada }) => ada.post('/api/account/email/check', { token: await changeToken(ada) }),
  status: 200,
};
const confirmChange: Call = {
  title: 'changing the address',
  call: async ({ ada }) => ada.post('/api/account/email/confirm', { token: await changeToken(ada) }),
  status: 200,
};
const secure: Call = {
  title: 'saying "this was not me"',
  call: async ({ ada, eve }) => {
    const { userId } = await resetClaims(rekey, ada);
    return eve.post('/api/account/secure', { token: await makeToken('secure', { userId, atMs: Date.now() }) });
  },
  status: 204,
};
const endOthers: Call = {
  title: 'ending the other sessions',
  call: ({ ada }) => ada.send('/api/account/sessions', { method: 'DELETE' }),
  status: 204,
};
const endOne: Call = {
  title: 'ending a session',
  call: async ({ ada }) => {
    const { id: userId } = await storedUser(rekey, ada);
    const own = (await rowsOf(rekey, 'sessions')).find(({ user_id }) => user_id === userId);
    return ada.send(`/api/account/sessions/${own?.id}`, { method: 'DELETE' });
  },
  status: 204,
};
const remove: Call = {
  title: 'deleting the account',
  call: ({ ada }) => ada.send('/api/account', { method: 'DELETE', json: ownPassword }),
  status: 204,
};
const readings: Call[] = ['sessions', 'activity', 'export'].map(what => ({
  title: `asking for the account's ${what}`,
  call: ({ ada }) => ada.get(`/api/account/${what}`),
  status: 200,
}));

/** Everything but the records of mails: those of the scene are still on their way through the queue. */
const database = async () =>
  (await wholeDatabase(rekey)).replace(/"(mails|stranger_mails|stranger_mail_hours)": \[.*?\]/gs, '');
/** And but how often a password was tried: that is counted before anything else is done. */
const databaseButTries = async () =>
  (await database()).replaceAll(/"wrong_passwords": \d+/g, '').replace(/"guesses": \[.*?\]/s, '');

const expectUnavailableThenGood = async ({ call, status }: Call, part: 'database' | 'queue' | 'hasher', after = 0) => {
  const on = await scene();
  // A try that the database has counted and then cannot take back stays counted, until the password is right.
  const contents = part === 'database' && after > 0 ? databaseButTries : database;
  const before = await contents();
  await rekey.doors.breakPart(part, after);
  const refused = await call(on);
  await rekey.doors.mendAll();
  expectUnavailable(refused);
  expect(refused.headers.getSetCookie()).toEqual([]);
  expect(await contents()).toBe(before);
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
    rename,
    changePassword,
    askAddress,
    checkChange,
    confirmChange,
    secure,
    endOne,
    endOthers,
    remove,
    ...readings,
  ];
  test.each(needIt)('$title is unavailable, and works again afterwards', call =>
    expectUnavailableThenGood(call, 'database'),
  );

  const inTwoTrips = [
    completeReset,
    completeRegistration,
    signIn,
    rename,
    changePassword,
    askAddress,
    confirmChange,
    endOne,
    endOthers,
    remove,
  ];
  test.each(inTwoTrips)('$title is unavailable when it fails at the writing, and nothing is half done', call =>
    expectUnavailableThenGood(call, 'database', 1),
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
  test.each([askReset, askRegistration, resetLink])('$title is unavailable, and works again afterwards', call =>
    expectUnavailableThenGood(call, 'queue'),
  );

  test('a reset that is written is no error: its notice goes out later', async () => {
    const { ada, reset: token } = await scene();
    await rekey.doors.breakPart('queue');
    const done = await ada.post('/api/password-resets/complete', { token, password: NEW_PASSWORD });
    expect(done.status).toBe(204);
    expect((await ada.signIn(NEW_PASSWORD)).status).toBe(200);
  });

  test.each([
    { ...changePassword, subjects: ['Your password was changed'] },
    { ...askAddress, subjects: ['A new email address was asked for'] },
    { ...confirmChange, subjects: ['Your email address was changed'] },
    { ...secure, subjects: ['Your account is secured'] },
    { ...remove, subjects: ['Your account was deleted'] },
  ])('$title that is written is no error: the cron sends its mail', async ({ call, status, subjects: [subject] }) => {
    const on = await scene();
    const failures = () => rekey.events().filter(({ event }) => event === 'later_failed').length;
    const before = failures();
    await rekey.doors.breakPart('queue');
    expect((await call(on)).status).toBe(status);
    await expect.poll(failures).toBeGreaterThan(before);
    await rekey.doors.mendAll();
    expect(on.ada.mails().map(mail => mail.subject)).not.toContain(subject);
    await withClockAhead(rekey, 120_000, () => rekey.runCron());
    await on.ada.readMail(subject);
  });
});

describe('the hasher does not answer', () => {
  const needIt = [completeReset, completeRegistration, signIn, changePassword, askAddress, remove];
  test.each(needIt)('$title is unavailable, and works again afterwards', call =>
    expectUnavailableThenGood(call, 'hasher'),
  );

  test('changing the password is unavailable when only the new one cannot be hashed, and no try is lost', () =>
    expectUnavailableThenGood(changePassword, 'hasher', 1));

  test('however often that happens, the session does not end', async () => {
    const on = await scene();
    await rekey.doors.breakPart('hasher');
    for (let times = 0; times < 6; times += 1) expectUnavailable(await changePassword.call(on));
    await rekey.doors.mendAll();
    expect((await changePassword.call(on)).status).toBe(204);
  });
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

// It hashes a hundred times, on a machine that other tests have, too.
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
}, 60_000);
