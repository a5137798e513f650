/** How often a person at the edge waits for the database: counted in the Worker, one call of D1 at a time. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operate, REQUIRE_RESET, SUSPEND } from '../support/account-states.ts';
import { startCountingRekey, withClockAhead } from '../support/harness.ts';
import { type Answer, createPerson, createRegistered, NEW_PASSWORD, PASSWORD, tokenOf } from '../support/people.ts';
import { waitForMailRecords } from '../support/rows.ts';

let rekey: Awaited<ReturnType<typeof startCountingRekey>>;
beforeAll(async () => {
  rekey = await startCountingRekey();
});
afterAll(() => rekey.stop());

const HOUR_MS = 3600 * 1000;

const tripsOf = (answer: Answer, status: number): number | string =>
  answer.status === status ? Number(answer.headers.get('X-Round-Trips')) : `answered ${answer.status}`;

test('a person waits for the database as seldom as promised', async () => {
  const ada = createPerson(rekey);
  const counted: Record<string, number | string> = {};
  const note = (call: string, answer: Answer, status = 200) => {
    counted[call] = tripsOf(answer, status);
  };
  const { username, email } = ada;
  const readToken = async (subject?: string): Promise<string> => {
    const token = tokenOf(await ada.readMail(subject));
    // Its record is written after it went out, and the call that comes next must not be taken for that.
    await waitForMailRecords(rekey);
    return token;
  };

  note('ask for a registration', await ada.askRegistration(), 202);
  const registration = await readToken();
  note('check a registration link', await ada.post('/api/registrations/check', { token: registration }));
  note(
    'complete a registration',
    await ada.post('/api/registrations/complete', { token: registration, username, password: PASSWORD }),
  );
  note('who am I', await ada.get('/api/session'));
  note('my account', await ada.get('/api/account'));
  note('sign out', await ada.send('/api/session', { method: 'DELETE' }), 204);
  note('who am I, without a cookie', await ada.get('/api/session'));
  note('sign out, without a cookie', await ada.send('/api/session', { method: 'DELETE' }), 204);
  note('sign in', await ada.signIn());
  note('sign in with a cookie that came along', await ada.signIn());
  await rekey.doors.stopClock(true);
  note('sign in, refused', await ada.signIn(NEW_PASSWORD), 401);
  for (let n = 0; n < 4; n += 1) await createPerson(rekey, 'stranger', { username, email }).signIn(NEW_PASSWORD);
  const stranger = createPerson(rekey, 'stranger', { username, email });
  note('sign in, refused as a stranger', await stranger.signIn(NEW_PASSWORD), 401);
  note('sign in, held back', await stranger.signIn(), 429);
  await rekey.doors.stopClock(false);
  note('ask for a reset', await ada.post('/api/password-resets', { email }), 202);
  const reset = await readToken('Password Reset Request');
  note('check a reset link', await ada.post('/api/password-resets/check', { token: reset }));
  note('a forged link', await ada.post('/api/password-resets/check', { token: `${reset}A` }), 400);
  note('health', await ada.get('/api/health'));
  note(
    'complete a reset',
    await ada.post('/api/password-resets/complete', { token: reset, password: NEW_PASSWORD }),
    204,
  );

  expect(counted).toEqual({
    'ask for a registration': 0,
    'check a registration link': 1,
    'complete a registration': 2,
    'who am I': 1,
    'my account': 2,
    'sign out': 1,
    'who am I, without a cookie': 0,
    'sign out, without a cookie': 0,
    'sign in': 2,
    'sign in with a cookie that came along': 2,
    'sign in, refused': 1,
    'sign in, refused as a stranger': 1,
    'sign in, held back': 1,
    'ask for a reset': 0,
    'check a reset link': 1,
    'complete a reset': 2,
    'a forged link': 0,
    health: 1,
  });
});

test('an account that the operator has closed costs no round trip more', async () => {
  const ada = await createRegistered(rekey);
  await operate(rekey, REQUIRE_RESET, ada);
  const required = await createPerson(rekey, 'elsewhere', ada).signIn();
  await ada.readMail('Password Reset Request');
  await waitForMailRecords(rekey);
  await operate(rekey, SUSPEND, ada);
  const suspended = await createPerson(rekey, 'elsewhere', ada).signIn();
  expect({
    'sign in, reset required': tripsOf(required, 403),
    'sign in, suspended': tripsOf(suspended, 403),
    'who am I': tripsOf(await ada.get('/api/session'), 200),
    'my account': tripsOf(await ada.get('/api/account'), 401),
  }).toEqual({ 'sign in, reset required': 2, 'sign in, suspended': 2, 'who am I': 1, 'my account': 1 });
});

test('noting that a session was used is work after the answer', async () => {
  const ada = await createRegistered(rekey);
  const before = await rekey.doors.roundTrips();
  await withClockAhead(rekey, 2 * HOUR_MS, async () => {
    expect(tripsOf(await ada.get('/api/session'), 200)).toBe(1);
    await expect.poll(() => rekey.doors.roundTrips()).toBe(before + 2);
    expect(tripsOf(await ada.get('/api/session'), 200)).toBe(1);
  });
  expect(await rekey.doors.roundTrips()).toBe(before + 3);
});
