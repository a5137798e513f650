/**
 * The API description against the API: a walk through every call and every refusal. Each answer must be one that is
 * described, and each code that is described must have been answered.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { confirmEmail, deleteAccount, secure } from '../support/account.ts';
import { operate, REQUIRE_RESET, SUSPEND } from '../support/account-states.ts';
import {
  type Call,
  callsOf,
  createValidators,
  isForClients,
  pathOf,
  readDescription,
} from '../support/api-description.ts';
import { goodBodies, tokensOf } from '../support/good-bodies.ts';
import { type Rekey, startBreakableRekey, startRekey } from '../support/harness.ts';
import { makeToken } from '../support/link-tokens.ts';
import { type Answer, createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person } from '../support/people.ts';
import { createRecorder } from '../support/recording.ts';
import { signResend, type Webhook } from '../support/webhooks.ts';

const description = readDescription();
const calls = callsOf(description);
const { record, wrong, answersOf } = createRecorder(description);

let rekey: Rekey;
let breakable: Awaited<ReturnType<typeof startBreakableRekey>>;
beforeAll(async () => {
  breakable = await startBreakableRekey();
  rekey = record(breakable);
});
afterAll(() => breakable.stop());

const tokens = () => tokensOf(breakable);
/** Sends to a call by its name in the description. */
const send = (person: Person, id: string, sent: Parameters<Person['send']>[1] = {}): Promise<Answer> => {
  const call = callOf(id);
  return person.send(pathOf(call), { method: call.method, ...sent });
};
const sendJson = (person: Person, id: string, json: unknown) => send(person, id, { json });
const callOf = (id: string): Call => {
  const call = calls.find(one => one.id === id);
  if (!call) throw new Error(`there is no call ${id}`);
  return call;
};

test('a good body for every call is one that the description allows', async () => {
  const bodies = await goodBodies(breakable, await createRegistered(rekey));
  const validatorOf = createValidators(description);
  const taken = calls.flatMap(({ id, body }) => (body ? [[id, validatorOf(body)(bodies[id])]] : []));
  expect(Object.fromEntries(taken)).toEqual(Object.fromEntries(Object.keys(bodies).map(id => [id, true])));
});

test('a person walks through the whole API', async () => {
  const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey, 'bob')];
  const elsewhere = createPerson(rekey, 'elsewhere', ada);
  await elsewhere.signIn();
  await ada.get('/api/session');
  await createPerson(rekey).get('/api/session');
  await ada.send('/api/session', { method: 'HEAD' });
  await ada.send('/api/account', { method: 'HEAD' });
  const bodies = await goodBodies(breakable, ada);
  for (const id of ['checkRegistration', 'askPasswordReset', 'checkPasswordReset', 'checkEmailChange']) {
    expect([id, (await sendJson(ada, id, bodies[id])).status]).toEqual([
      id,
      callOf(id).id.startsWith('ask') ? 202 : 200,
    ]);
  }
  for (const id of ['readAccount', 'exportAccount', 'askOwnResetLink', 'listSessions', 'listActivity', 'health']) {
    expect((await send(ada, id)).status).toBeLessThan(300);
  }
  await send(ada, 'describeApi');
  await send(ada, 'changePasswordPage');

  await sendJson(ada, 'renameAccount', { username: bob.username });
  await sendJson(ada, 'renameAccount', { username: '?' });
  await sendJson(ada, 'renameAccount', bodies.renameAccount);
  const { sessions } = (await ada.get('/api/account/sessions')).body as {
    sessions: { id: string; current: boolean }[];
  };
  const other = sessions.find(({ current }) => !current);
  expect((await ada.send(`/api/account/sessions/${other?.id}`, { method: 'DELETE' })).status).toBe(204);
  await send(ada, 'endSession');
  await send(ada, 'endOtherSessions');

  await sendJson(ada, 'changePassword', { currentPassword: 'x', password: NEW_PASSWORD });
  await sendJson(ada, 'changePassword', { currentPassword: PASSWORD, password: 'x' });
  await sendJson(ada, 'changePassword', bodies.changePassword);
  const withNew = { currentPassword: NEW_PASSWORD };

  const address = createPerson(rekey).email;
  await sendJson(ada, 'askEmailChange', { email: address, currentPassword: 'x' });
  await sendJson(ada, 'askEmailChange', { email: '@', ...withNew });
  await sendJson(ada, 'askEmailChange', { email: address, ...withNew });
  const token = await tokens().change(ada, address);
  await confirmEmail(bob, token);
  await confirmEmail(ada, await tokens().change(ada, bob.email));
  expect((await confirmEmail(ada, token)).status).toBe(200);
  const moved = { ...ada, email: address };
  await confirmEmail(ada, await tokens().change(moved, createPerson(rekey).email));
  await sendJson(ada, 'askEmailChange', { email: createPerson(rekey).email, ...withNew });
  await deleteAccount(ada, NEW_PASSWORD);
  await send(ada, 'exportAccount');
  expect((await secure(ada, await tokens().secure(moved))).status).toBe(204);

  await deleteAccount(bob, 'x');
  await deleteAccount(bob, '');
  expect((await deleteAccount(bob)).status).toBe(204);
});

test('and meets every refusal of links, names and passwords', async () => {
  const [ada, eve] = [await createRegistered(rekey), createPerson(rekey, 'eve')];
  for (const { id, body } of calls.filter(({ body }) => body && 'token' in (body.properties as object))) {
    const refused = { token: 'x', username: 'eve', password: PASSWORD };
    const fields = Object.keys(body?.properties as object).map(name => [name, refused[name as keyof typeof refused]]);
    expect([id, (await sendJson(ada, id, Object.fromEntries(fields))).status]).toEqual([id, 400]);
  }
  const token = await makeToken('register', { email: eve.email });
  await sendJson(eve, 'completeRegistration', { token, username: ada.username, password: PASSWORD });
  await sendJson(eve, 'completeRegistration', { token, username: '', password: 'x' });
  await sendJson(eve, 'completePasswordReset', { token: await tokens().reset(ada), password: 'x' });
  for (const id of ['askRegistration', 'askPasswordReset']) await sendJson(eve, id, { email: 'x' });
  await sendJson(ada, 'signIn', { email: '', password: '' });
  await ada.signIn('wrong');
  await sendJson(ada, 'completePasswordReset', { token: await tokens().reset(ada), password: NEW_PASSWORD });
  await send(ada, 'signOut');
  for (const [statement, code] of [
    [REQUIRE_RESET, 'reset_required'],
    [SUSPEND, 'suspended'],
  ] as const) {
    await operate(breakable, statement, ada);
    expect((await ada.signIn(NEW_PASSWORD)).body.code).toBe(code);
  }
});

test('a mail provider is believed, refused, and told what it sends that is none of its own', async () => {
  const tell = (webhook: Webhook, path = pathOf(callOf('tellOfMails'))) => createPerson(rekey).send(path, webhook);
  expect((await tell(signResend({ type: 'email.sent' }))).status).toBe(204);
  expect((await tell({ headers: {}, body: '' })).body.code).toBe('invalid_signature');
  expect((await tell(signResend('[]'))).body.code).toBe('malformed_request');
  expect((await tell(signResend({}), '/api/mail-events/brevo')).body.code).toBe('not_found');
  expect((await tell(signResend('x'.repeat(1024 * 1024 + 1)))).body.code).toBe('payload_too_large');
});

describe('every call answers as described', () => {
  const changing = calls.filter(isForClients);
  const ofApi = calls.filter(({ path }) => path.startsWith('/api/'));
  let ada: Person;
  beforeAll(async () => {
    ada = await createRegistered(rekey);
  });
  const expectCode = async (call: Call, code: string, answer: Promise<Answer>) =>
    expect([call.id, (await answer).body.code]).toEqual([call.id, code]);

  test('at another host', async () => {
    for (const call of ofApi) {
      const { method } = call;
      await expectCode(call, 'wrong_host', ada.send(`http://other.example${pathOf(call)}`, { method }));
    }
  });

  test('from another origin', async () => {
    const headers = { Origin: 'https://evil.example' };
    for (const call of changing) await expectCode(call, 'forbidden_origin', send(ada, call.id, { headers }));
  });

  test('to what is too large, of another type or of another shape', async () => {
    const headers = { 'Content-Type': 'application/json' };
    for (const call of changing) {
      const stranger = createPerson(rekey);
      await expectCode(call, 'payload_too_large', send(stranger, call.id, { body: 'x'.repeat(17_000) }));
      await expectCode(call, 'unsupported_media_type', send(stranger, call.id, { body: 'x' }));
      if (call.body) await expectCode(call, 'malformed_request', send(ada, call.id, { headers, body: '[]' }));
    }
    expect((await ada.get('/api/account/activity?before=x')).status).toBe(400);
  });

  test('to somebody who is not signed in', async () => {
    for (const call of calls.filter(({ needsSession }) => needsSession)) {
      await expectCode(call, 'not_signed_in', send(createPerson(rekey), call.id, call.body ? { json: {} } : {}));
    }
  });

  test('to too many requests', async () => {
    for (const call of changing) {
      // The limit's window may end in between: then it takes as many again.
      const flooder = { 'CF-Connecting-IP': '203.0.113.7', 'Content-Type': 'application/json' };
      let code: unknown;
      for (let tries = 0; code !== 'too_many_requests' && tries < 130; tries += 1) {
        code = (await send(createPerson(rekey), call.id, { headers: flooder, body: '[]' })).body.code;
      }
      expect([call.id, code]).toEqual([call.id, 'too_many_requests']);
    }
  });

  test('where the database or the queue does not answer', async () => {
    const bodies = await goodBodies(breakable, ada);
    await breakable.doors.breakPart('database');
    await breakable.doors.breakPart('queue');
    const promised = calls.filter(({ responses }) => responses.has(503));
    for (const call of promised) {
      const json = bodies[call.id];
      const person = createPerson(rekey);
      for (const [name, value] of ada.cookies) person.cookies.set(name, value);
      const sent = call.id === 'tellOfMails' ? signResend({ type: 'email.sent' }) : json ? { json } : {};
      await expectCode(call, 'unavailable', send(person, call.id, sent));
    }
    await breakable.doors.mendAll();
    expect(promised.length).toBeGreaterThan(20);
  });

  test('where a setting is missing', async () => {
    const misconfigured = await startRekey({ without: ['LOOKUP_SECRET'] });
    const person = createPerson(record(misconfigured));
    for (const call of calls) await expectCode(call, 'misconfigured', send(person, call.id));
    await misconfigured.stop();
  });
});

test('no answer of all these was another than the description promises', () => {
  expect(wrong).toEqual([]);
});

test('and no code is described that no call has answered, but for the one that must not happen', () => {
  const unseen = calls.flatMap(({ id, responses }) =>
    ['success', ...[...responses.values()].flatMap(({ codes }) => codes)]
      .filter(code => code !== 'internal_error' && !answersOf(id).has(code))
      .map(code => `${id}: ${code}`),
  );
  expect(unseen).toEqual([]);
});
