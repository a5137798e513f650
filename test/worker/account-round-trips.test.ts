/** What the account costs the database: one round trip to look, two to change, and no more rows with more users. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  askEmailChange,
  CHANGED,
  changePassword,
  changeToken,
  confirmEmail,
  deleteAccount,
  secure,
  signInElsewhere,
} from '../support/account.ts';
import { startCountingRekey } from '../support/harness.ts';
import { insertUsers } from '../support/many-users.ts';
import { type Answer, createPerson, createRegistered, NEW_PASSWORD, type Person, tokenOf } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';

let rekey: Awaited<ReturnType<typeof startCountingRekey>>;
beforeAll(async () => {
  rekey = await startCountingRekey();
});
afterAll(() => rekey.stop());

const MANY_USERS = 100_000;

/** Waits until nothing of what was asked for is under way any more: it would be counted with the next call. */
const quiet = async (): Promise<void> => {
  await expect.poll(() => rowsOf(rekey, 'notices'), { interval: 10 }).toEqual([]);
  let before = -1;
  await expect
    .poll(
      async () => {
        const last = before;
        before = await rekey.doors.roundTrips();
        return before - last;
      },
      { interval: 10 },
    )
    .toBe(0);
};

/** They say what is known of the address, which is found under its key only when the session has told the address. */
const ASKING_TWICE = ['GET /api/account', 'GET /api/account/export'];

type Cost = { trips: number; rows: number };

/** Each call of the account, by somebody new, and what it costs. */
const costs = async (): Promise<Record<string, Cost>> => {
  const noted: Record<string, Cost> = {};
  const note = async (call: string, expected: number, work: () => Promise<Answer>): Promise<void> => {
    await quiet();
    const { status, headers, text } = await work();
    if (status !== expected) throw new Error(`${call} answered ${status}: ${text}`);
    noted[call] = { trips: Number(headers.get('X-Round-Trips')), rows: Number(headers.get('X-Rows-Read')) };
  };

  const ada = await createRegistered(rekey);
  const home = createPerson(rekey, 'new-home');
  const token = await changeToken(rekey, ada, home);
  await signInElsewhere(rekey, ada);
  await note('GET /api/account', 200, () => ada.get('/api/account'));
  await note('GET /api/account/sessions', 200, () => ada.get('/api/account/sessions'));
  await note('GET /api/account/activity', 200, () => ada.get('/api/account/activity'));
  const before = `${Date.now()}-${crypto.randomUUID()}`;
  await note('GET /api/account/activity, a page after', 200, () => ada.get(`/api/account/activity?before=${before}`));
  await note('GET /api/account/export', 200, () => ada.get('/api/account/export'));
  await note('POST /api/account/email/check', 200, () => ada.post('/api/account/email/check', { token }));

  const phoneOf = (person: Person) => createPerson(rekey, 'phone', person);
  await note('POST /api/session, wrong', 401, () => phoneOf(ada).signIn(NEW_PASSWORD));
  await note('POST /api/session, unknown', 401, () => createPerson(rekey, 'nobody').signIn());
  await note('POST /api/session', 200, () => ada.signIn());

  await note('PATCH /api/account', 200, () => rename(ada, `x${ada.username}`));
  const bob = await createRegistered(rekey, 'bob');
  await note('PATCH /api/account, taken', 409, () => rename(ada, bob.username));
  await note('POST /api/account/reset-link', 202, () => ada.send('/api/account/reset-link'));
  const phone = (await ada.get('/api/account/sessions')).body.sessions as { id: string; current: boolean }[];
  const other = phone.find(({ current }) => !current)?.id;
  await note('DELETE /api/account/sessions/:id', 204, () => remove(ada, `/${other}`));
  await note('DELETE /api/account/sessions/:id, none', 404, () => remove(ada, `/${other}`));
  await signInElsewhere(rekey, ada);
  await note('DELETE /api/account/sessions', 204, () => remove(ada, ''));
  await note('POST /api/account/password', 204, () => changePassword(ada));
  await note('POST /api/account/password, wrong', 403, () => changePassword(ada));
  await note('POST /api/account/password, refused', 422, () => changePassword(ada, NEW_PASSWORD, 'weak'));
  await note('POST /api/account/email', 202, () => askEmailChange(ada, home, NEW_PASSWORD));
  await note('POST /api/account/email, same', 422, () => askEmailChange(ada, ada, NEW_PASSWORD));
  await quiet();
  const change = tokenOf(await home.readMail('Confirm your new email address'));
  await note('POST /api/account/email/confirm', 200, () => confirmEmail(ada, change));
  await note('POST /api/account/email, pending', 409, () => askEmailChange(ada, ada, NEW_PASSWORD));
  await note('DELETE /api/account, pending', 409, () => deleteAccount(ada, NEW_PASSWORD));
  const undo = tokenOf(await ada.readMail(CHANGED));
  await note('POST /api/account/secure', 204, () => secure(ada, undo));
  await note('POST /api/account/secure, used', 400, () => secure(ada, undo));

  await signInElsewhere(rekey, bob);
  await note('DELETE /api/account', 204, () => deleteAccount(bob));
  await note('GET /api/account, signed out', 401, () => bob.get('/api/account'));
  return noted;
};

const rename = (person: Person, username: string) =>
  person.send('/api/account', { method: 'PATCH', json: { username } });
const remove = (person: Person, path: string) => person.send(`/api/account/sessions${path}`, { method: 'DELETE' });

test('every look costs one round trip, two with what is known of the address, every change two at most, and no call reads more rows with more users', async () => {
  await insertUsers(rekey, 1, 10);
  const few = await costs();
  await insertUsers(rekey, 11, MANY_USERS);
  const many = await costs();

  const trips = Object.fromEntries(Object.entries(few).map(([call, cost]) => [call, cost.trips]));
  for (const [call, cost] of Object.entries(few)) {
    const most = /^GET|check$/.test(call) && !ASKING_TWICE.includes(call) ? 1 : 2;
    expect([call, cost.trips <= most]).toEqual([call, true]);
  }
  expect(trips).toMatchObject({ 'GET /api/account, signed out': 0, 'POST /api/account/secure': 1 });
  expect(many).toEqual(few);
  expect(few['GET /api/account']?.rows).toBeGreaterThan(0);
}, 60_000);
