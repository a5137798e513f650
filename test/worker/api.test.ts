/** Every call of the API, as it answers when all is well: status, body, headers and cookies. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { version } from '../../package.json';
import { expectProblem } from '../support/expect-problem.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { endOf } from '../support/mail-jobs.ts';
import { type Answer, createPerson, createRegistered, NEW_PASSWORD, PASSWORD } from '../support/people.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

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
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  },
});

const SESSION_COOKIE = /^rekey-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/;
const CLEARED_COOKIE = 'rekey-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax';

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

test('POST /api/registrations/complete answers the user and starts a session', async () => {
  const ada = createPerson(rekey);
  const token = await ada.linkToken('registrations');
  const done = await ada.post('/api/registrations/complete', { token, username: ada.username, password: PASSWORD });
  expectAnswer(done, 200, userOf(ada));
  expect(done.headers.getSetCookie()).toEqual([expect.stringMatching(SESSION_COOKIE)]);
});

test('POST /api/session answers the user and starts a session', async () => {
  const ada = await createRegistered(rekey);
  const signedIn = await createPerson(rekey, 'ada', ada).signIn();
  expectAnswer(signedIn, 200, userOf(ada));
  expect(signedIn.headers.getSetCookie()).toEqual([expect.stringMatching(SESSION_COOKIE)]);
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
    expect(signedOut.headers.getSetCookie()).toEqual([CLEARED_COOKIE]);
    expect(signedOut.headers.get('Clear-Site-Data')).toBe('"storage"');
  }
});

test('GET /api/account answers the user, and 401 to somebody signed out', async () => {
  const ada = await createRegistered(rekey);
  expectAnswer(await ada.get('/api/account'), 200, userOf(ada));
  expectProblem(await createPerson(rekey).get('/api/account'), 'not_signed_in');
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

test('POST /api/password-resets/complete answers 204 and signs nobody in', async () => {
  const ada = await createRegistered(rekey);
  const token = await ada.linkToken('password-resets');
  const done = await ada.post('/api/password-resets/complete', { token, password: NEW_PASSWORD });
  expectAnswer(done, 204, {});
  expect(done.headers.getSetCookie()).toEqual([CLEARED_COOKIE]);
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
  expect([answer.status, answer.headers.get('Location')]).toEqual([302, '/forgot-password']);
  expect(answer.headers.get('X-Request-Id')).toMatch(UUID);
});

test('an address is kept as it was registered and shown so', async () => {
  const { username, email } = createPerson(rekey);
  const ada = createPerson(rekey, 'ada', { username, email: `Ada.${email}` });
  await ada.register();
  const signedIn = await ada.post('/api/session', { email: ` ${ada.email.toUpperCase()} `, password: PASSWORD });
  expectAnswer(signedIn, 200, userOf(ada));
});
