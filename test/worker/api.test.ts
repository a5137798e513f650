/** Every call of the API, as it answers when all is well: status, body, headers and cookies. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { version } from '../../package.json';
import { browserCookie, CLEARED_SESSION, SESSION_COOKIE } from '../support/cookies.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { endOf } from '../support/mail-jobs.ts';
import { type Answer, createPerson, createRegistered, NEW_PASSWORD, PASSWORD, tokenOf } from '../support/people.ts';
import { wholeDatabase } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Where the local edge says that the tests are: it depends on the machine, and may be nowhere. */
const isCountry = (country: unknown): boolean => country === null || /^[A-Z]{2}$/.test(String(country));

/** What every good answer of the API has in common, and its own status and body. */
const expectAnswer = (answer: Answer, status: number, body: Record<string, unknown>): void => {
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body });
  expect(answer.headers.get('Content-Type')).toBe(status === 204 ? null : 'application/json');
  expect(answer.headers.get('Cache-Control')).toBe('no-store');
  expect(answer.headers.get('X-Request-Id')).toMatch(UUID);
  if (status === 204) expect(answer.text).toBe('');
};

const userOf = ({ username, email }: { username: string; email: string }) => ({
  user: {
    id: expect.stringMatching(UUID),
    username,
    email,
    createdAt: expect.stringMatching(ISO),
    language: 'en',
  },
});

test('POST /api/registrations answers 202 and says that a mail was sent', async () => {
  const asked = await createPerson(rekey).askRegistration();
  expectAnswer(asked, 202, { message: 'An email has been sent with instructions to finish signing up.' });
});

test('POST /api/registrations/check answers whose link it is and when it ends', async () => {
  const ada = createPerson(rekey);
  const token = await ada.linkToken('registrations');
  const expiresAt = new Date(endOf(token)).toISOString();
  expectAnswer(await ada.post('/api/registrations/check', { token }), 200, { email: ada.email, expiresAt });
});

test('POST /api/registrations/complete answers the user, starts a session and makes the browser known', async () => {
  const ada = createPerson(rekey);
  const token = await ada.linkToken('registrations');
  const done = await ada.post('/api/registrations/complete', { token, username: ada.username, password: PASSWORD });
  expectAnswer(done, 200, userOf(ada));
  expect(done.headers.getSetCookie()).toEqual([
    expect.stringMatching(SESSION_COOKIE),
    expect.stringMatching(browserCookie(1)),
  ]);
});

test('POST /api/session answers the user, starts a session and makes the browser known', async () => {
  const ada = await createRegistered(rekey);
  const signedIn = await createPerson(rekey, 'ada', ada).signIn();
  expectAnswer(signedIn, 200, userOf(ada));
  expect(signedIn.headers.getSetCookie()).toEqual([
    expect.stringMatching(SESSION_COOKIE),
    expect.stringMatching(browserCookie(1)),
  ]);
});

test('GET /api/session answers the user, or null for somebody signed out', async () => {
  const ada = await createRegistered(rekey);
  expectAnswer(await ada.get('/api/session'), 200, userOf(ada));
  expectAnswer(await createPerson(rekey).get('/api/session'), 200, { user: null });
});

test('DELETE /api/session answers 204 and clears the cookie, for somebody signed out too', async () => {
  for (const person of [await createRegistered(rekey), createPerson(rekey)]) {
    const signedOut = await person.send('/api/session', { method: 'DELETE' });
    expectAnswer(signedOut, 204, {});
    expect(signedOut.headers.getSetCookie()).toEqual([CLEARED_SESSION]);
    expect(signedOut.headers.get('Clear-Site-Data')).toBe('"storage"');
  }
});

test('GET /api/account answers the user and whether mails arrive, and 401 to somebody signed out', async () => {
  const ada = await createRegistered(rekey);
  expectAnswer(await ada.get('/api/account'), 200, { ...userOf(ada), mail: 'ok' });
  expectProblem(await createPerson(rekey).get('/api/account'), 'not_signed_in');
});

test('PATCH /api/account answers the user under the new name', async () => {
  const ada = await createRegistered(rekey);
  const username = `${ada.username}.2`;
  expectAnswer(
    await ada.send('/api/account', { method: 'PATCH', json: { username } }),
    200,
    userOf({ ...ada, username }),
  );
  expectAnswer(await ada.get('/api/account'), 200, { ...userOf({ ...ada, username }), mail: 'ok' });
});

test('DELETE /api/account answers 204 and clears the cookie', async () => {
  const ada = await createRegistered(rekey);
  const done = await ada.send('/api/account', { method: 'DELETE', json: { currentPassword: PASSWORD } });
  expectAnswer(done, 204, {});
  expect(done.headers.getSetCookie()).toEqual([CLEARED_SESSION]);
  expect(done.headers.get('Clear-Site-Data')).toBe('"storage"');
});

test('POST /api/account/password answers 204 and a new cookie', async () => {
  const ada = await createRegistered(rekey);
  const before = ada.cookies.get('rekey-session');
  const done = await ada.post('/api/account/password', { currentPassword: PASSWORD, password: NEW_PASSWORD });
  expectAnswer(done, 204, {});
  expect(done.headers.getSetCookie()).toEqual([expect.stringMatching(SESSION_COOKIE)]);
  expect(ada.cookies.get('rekey-session')).not.toBe(before);
});

test('POST /api/account/reset-link answers 202 with the words of a reset that is asked for', async () => {
  const ada = await createRegistered(rekey);
  const message = 'An email has been sent with instructions to reset your password.';
  expectAnswer(await ada.send('/api/account/reset-link'), 202, { message });
  await ada.readMail('Password Reset Request');
});

test('POST /api/account/email answers 202; its link is checked, and confirmed with the user and a new cookie', async () => {
  const ada = await createRegistered(rekey);
  const { email } = createPerson(rekey, 'moved');
  const message = 'An email has been sent to the new address with a link to confirm it.';
  expectAnswer(await ada.post('/api/account/email', { email, currentPassword: PASSWORD }), 202, { message });
  const token = tokenOf(await rekey.mailbox.waitForMail(email, { timeoutMs: 15_000 }));

  const expiresAt = new Date(endOf(token)).toISOString();
  expectAnswer(await ada.post('/api/account/email/check', { token }), 200, { email, expiresAt });

  const done = await ada.post('/api/account/email/confirm', { token });
  expectAnswer(done, 200, userOf({ ...ada, email }));
  expect(done.headers.getSetCookie()).toEqual([expect.stringMatching(SESSION_COOKIE)]);
});

test('POST /api/account/secure answers 204 and sets no cookie, signed in or not', async () => {
  for (const isSignedIn of [false, true]) {
    const ada = await createRegistered(rekey);
    await createPerson(rekey, 'ada', ada).signIn();
    const token = tokenOf(await ada.readMail('A new browser logged in'));
    const done = await (isSignedIn ? ada : createPerson(rekey)).post('/api/account/secure', { token });
    expectAnswer(done, 204, {});
    expect(done.headers.getSetCookie()).toEqual([]);
  }
});

test('GET /api/account/sessions answers where the account is signed in, latest use first', async () => {
  const ada = await createRegistered(rekey);
  await createPerson(rekey, 'ada', ada).signIn();
  const answer = await ada.get('/api/account/sessions');
  const entry = (current: boolean) => ({
    id: expect.stringMatching(UUID),
    current,
    createdAt: expect.stringMatching(ISO),
    lastSeenAt: expect.stringMatching(ISO),
    userAgent: null,
    country: expect.toSatisfy(isCountry),
  });
  expectAnswer(answer, 200, { sessions: [entry(false), entry(true)] });
});

test('DELETE /api/account/sessions/:id answers 204, and 404 where there is none', async () => {
  const ada = await createRegistered(rekey);
  await createPerson(rekey, 'ada', ada).signIn();
  const { sessions } = (await ada.get('/api/account/sessions')).body as {
    sessions: { id: string; current: boolean }[];
  };
  const other = sessions.find(({ current }) => !current);
  const path = `/api/account/sessions/${other?.id}`;
  expectAnswer(await ada.send(path, { method: 'DELETE' }), 204, {});
  expectProblem(await ada.send(path, { method: 'DELETE' }), 'not_found');
});

test('DELETE /api/account/sessions answers 204, whether there were others or not', async () => {
  const ada = await createRegistered(rekey);
  const phone = createPerson(rekey, 'ada', ada);
  await phone.signIn();
  for (let time = 0; time < 2; time += 1) {
    expectAnswer(await ada.send('/api/account/sessions', { method: 'DELETE' }), 204, {});
  }
  expect([await ada.whoAmI(), await phone.whoAmI()]).toEqual([ada.username, null]);
});

test('GET /api/account/activity answers what happened, newest first, and where the next page begins', async () => {
  const ada = await createRegistered(rekey);
  await ada.signIn();
  const happened = (kind: string) => ({
    kind,
    at: expect.stringMatching(ISO),
    userAgent: null,
    country: expect.toSatisfy(isCountry),
    operator: null,
  });
  expectAnswer(await ada.get('/api/account/activity'), 200, {
    activity: [happened('signed_in'), happened('registered')],
    next: null,
  });
});

test('GET /api/account/export answers one file with all that is kept', async () => {
  const ada = await createRegistered(rekey);
  const answer = await ada.get('/api/account/export');
  const user = expect.objectContaining(userOf(ada).user);
  expectAnswer(answer, 200, {
    exportedAt: expect.stringMatching(ISO),
    user,
    sessions: [expect.any(Object)],
    activity: [expect.objectContaining({ kind: 'registered' })],
    resetMails: [],
    dueNotices: [],
    mails: expect.any(Array),
    mailSuppressed: null,
  });
  expect(answer.headers.get('Content-Disposition')).toBe('attachment; filename="account.json"');
});

test('every call of the account answers 401 to somebody signed out, and to a cookie that ended', async () => {
  const ada = await createRegistered(rekey);
  const Cookie = `rekey-session=${ada.cookies.get('rekey-session')}`;
  await ada.send('/api/session', { method: 'DELETE' });
  const id = crypto.randomUUID();
  const calls: [method: string, path: string, json?: Record<string, unknown>][] = [
    ['GET', '/api/account'],
    ['PATCH', '/api/account', { username: 'eve' }],
    ['DELETE', '/api/account', { currentPassword: PASSWORD }],
    ['POST', '/api/account/password', { currentPassword: PASSWORD, password: NEW_PASSWORD }],
    ['POST', '/api/account/reset-link'],
    ['POST', '/api/account/email', { email: 'eve@example.com', currentPassword: PASSWORD }],
    ['POST', '/api/account/email/confirm', { token: 'x' }],
    ['GET', '/api/account/sessions'],
    ['DELETE', `/api/account/sessions/${id}`],
    ['DELETE', '/api/account/sessions'],
    ['GET', '/api/account/activity'],
    ['GET', '/api/account/activity?before=x'],
    ['GET', '/api/account/export'],
  ];
  const before = await wholeDatabase(rekey);
  for (const [method, path, json] of calls) {
    const sent = { method, ...(json && { json }) };
    for (const headers of [undefined, { Cookie }]) {
      const answer = await createPerson(rekey).send(path, { ...sent, ...(headers && { headers }) });
      expect([method, path, answer.body.code]).toEqual([method, path, 'not_signed_in']);
      expectProblem(answer, 'not_signed_in');
    }
  }
  expect(await wholeDatabase(rekey)).toBe(before);
});

test('POST /api/password-resets answers 202 with the same words, account or not', async () => {
  const message = 'An email has been sent with instructions to reset your password.';
  for (const person of [await createRegistered(rekey), createPerson(rekey)]) {
    expectAnswer(await person.askReset(), 202, { message });
  }
});

test('POST /api/password-resets/check answers whose link it is and when it ends', async () => {
  const ada = await createRegistered(rekey);
  const token = await ada.linkToken('password-resets');
  const expiresAt = new Date(endOf(token)).toISOString();
  expectAnswer(await ada.post('/api/password-resets/check', { token }), 200, { email: ada.email, expiresAt });
});

test('POST /api/password-resets/complete answers 204, signs nobody in and makes the browser known', async () => {
  const ada = await createRegistered(rekey);
  const token = await ada.linkToken('password-resets');
  const done = await ada.post('/api/password-resets/complete', { token, password: NEW_PASSWORD });
  expectAnswer(done, 204, {});
  expect(done.headers.getSetCookie()).toEqual([CLEARED_SESSION, expect.stringMatching(browserCookie(1))]);
});

test('GET /api/health answers that it stands, in which version, and that the database answers', async () => {
  expectAnswer(await createPerson(rekey).get('/api/health'), 200, { status: 'ok', version, database: 'ok' });
});

test('HEAD is answered as GET, without a body', async () => {
  const ada = await createRegistered(rekey);
  for (const path of ['/api/session', '/api/account', '/api/health']) {
    const [got, head] = [await ada.get(path), await ada.send(path, { method: 'HEAD' })];
    expect([head.status, head.text, head.headers.get('Content-Type')]).toEqual([
      got.status,
      '',
      got.headers.get('Content-Type'),
    ]);
  }
});

test('GET /.well-known/change-password leads to the page that changes the password', async () => {
  const answer = await createPerson(rekey).get('/.well-known/change-password');
  expect([answer.status, answer.headers.get('Location')]).toEqual([302, '/account#password']);
  expect(answer.headers.get('X-Request-Id')).toMatch(UUID);
});

test('an address is kept as it was registered and shown so', async () => {
  const { username, email } = createPerson(rekey);
  const ada = createPerson(rekey, 'ada', { username, email: `Ada.${email}` });
  await ada.register();
  const signedIn = await ada.post('/api/session', { email: ` ${ada.email.toUpperCase()} `, password: PASSWORD });
  expectAnswer(signedIn, 200, userOf(ada));
});
