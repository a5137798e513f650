/** The error table: every error's shape, and which one wins where several hold. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProblemCode } from '../../worker/contract/problems.ts';
import { expectProblem, fieldsOf } from '../support/expect-problem.ts';
import { APP_URL, type Rekey, startRekey } from '../support/harness.ts';
import { makeToken, resetClaims } from '../support/link-tokens.ts';
import { createPerson, createRegistered, type Person } from '../support/people.ts';
import { wholeDatabase } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const FOREIGN = { Origin: 'https://evil.example' };
const JSON_TYPE = { 'Content-Type': 'application/json' };
const TEXT_TYPE = { 'Content-Type': 'text/plain' };
const BIG = 'x'.repeat(20_000);
const BAD_SIGN_IN = { email: 'nobody@example.com', password: 'wrong' };

type Request = { path: string } & Parameters<Person['send']>[1];
type Row = { title: string; code: ProblemCode; request: Request };

describe('the first that holds wins', () => {
  const rows: Row[] = [
    {
      title: 'the wrong host before an unknown path',
      code: 'wrong_host',
      request: { path: 'http://other.example/api/nothing' },
    },
    {
      title: 'an unknown path before a method that none takes',
      code: 'not_found',
      request: { path: '/api/nothing', method: 'PUT' },
    },
    {
      title: 'a wrong method before a foreign origin',
      code: 'method_not_allowed',
      request: { path: '/api/session', method: 'PUT', headers: FOREIGN },
    },
    {
      title: 'a foreign origin before a body too large',
      code: 'forbidden_origin',
      request: { path: '/api/session', headers: { ...FOREIGN, ...JSON_TYPE }, body: BIG },
    },
    {
      title: 'a body too large before another media type',
      code: 'payload_too_large',
      request: { path: '/api/session', headers: TEXT_TYPE, body: BIG },
    },
    {
      title: 'another media type before broken JSON',
      code: 'unsupported_media_type',
      request: { path: '/api/session', headers: TEXT_TYPE, body: '{' },
    },
    {
      title: 'an unknown field before a broken rule',
      code: 'malformed_request',
      request: { path: '/api/session', json: { ...BAD_SIGN_IN, email: 'not an address', extra: 1 } },
    },
    {
      title: 'a wrong type before a broken rule',
      code: 'malformed_request',
      request: { path: '/api/session', json: { email: 'not an address', password: 1 } },
    },
    {
      title: 'a broken rule before a refused sign-in',
      code: 'invalid_input',
      request: { path: '/api/session', json: { ...BAD_SIGN_IN, email: 'not an address' } },
    },
  ];
  test.each(rows)('$title', async ({ code, request: { path, ...sent } }) => {
    expectProblem(await createPerson(rekey).send(path, sent), code);
  });

  test('another media type before too many requests, and those before everything that needs the body', async () => {
    const flood = createPerson(rekey);
    const send = () => flood.post('/api/session', {});
    while ((await send()).status !== 429);
    expectProblem(await flood.send('/api/session', { headers: TEXT_TYPE, body: '{' }), 'unsupported_media_type');
    expectProblem(await flood.send('/api/session', { headers: JSON_TYPE, body: '{' }), 'too_many_requests');
    const noText = new Uint8Array([0x22, 0xff, 0x22]);
    expectProblem(await flood.send('/api/session', { headers: JSON_TYPE, body: noText }), 'too_many_requests');
    expectProblem(await flood.post('/api/session', { email: '', password: '' }), 'too_many_requests');
    expectProblem(await flood.post('/api/session', BAD_SIGN_IN), 'too_many_requests');
  });

  test('too many requests before somebody signed out', async () => {
    const flood = createPerson(rekey);
    while ((await flood.post('/api/session', {})).status !== 429);
    expectProblem(await flood.send('/api/account', { method: 'PATCH', json: {} }), 'too_many_requests');
  });

  test.each([
    ['no JSON', { headers: JSON_TYPE, body: '{' }],
    ['another shape', { json: { other: 1 } }],
    ['a broken rule', { json: { username: '!' } }],
  ])('somebody signed out before %s', async (_title, sent) => {
    expectProblem(await createPerson(rekey).send('/api/account', { method: 'PATCH', ...sent }), 'not_signed_in');
  });

  test('another shape before a broken rule, and that before a wrong password', async () => {
    const ada = await createRegistered(rekey);
    const ask = (json: Record<string, unknown>) => ada.post('/api/account/email', json);
    expectProblem(await ask({ email: '!', currentPassword: 'wrong', extra: 1 }), 'malformed_request');
    expectProblem(await ask({ email: '!', currentPassword: 'wrong' }), 'invalid_input');
    expectProblem(await ask({ email: 'new@example.com', currentPassword: 'wrong' }), 'wrong_password');
    const shape = await ada.get('/api/account/activity?before=x');
    expectProblem(shape, 'malformed_request');
  });

  test('another account before anything else that a change link could be refused for', async () => {
    const [ada, eve] = [await createRegistered(rekey), await createRegistered(rekey, 'eve')];
    const taken = await makeToken('change', { ...(await resetClaims(rekey, eve)), email: eve.email });
    expectProblem(await ada.post('/api/account/email/confirm', { token: taken }), 'other_account');
  });

  test('a dead link before a password that no rule allows', async () => {
    const answer = await createPerson(rekey).post('/api/password-resets/complete', { token: 'x', password: '' });
    expectProblem(answer, 'invalid_or_expired_token');
  });

  test('a broken rule before a username that is taken', async () => {
    const { username } = await createRegistered(rekey);
    const eve = createPerson(rekey, 'eve');
    const token = await eve.linkToken('registrations');
    const short = await eve.post('/api/registrations/complete', { token, username, password: 'short' });
    expectProblem(short, 'invalid_input');
    expect(fieldsOf(short)).toEqual(['password']);
  });
});

test('Allow says which methods an address takes', async () => {
  const ada = createPerson(rekey);
  const allowed = async (path: string, method: string) => {
    const answer = await ada.send(path, { method });
    if (method !== 'HEAD') expectProblem(answer, 'method_not_allowed');
    return [answer.status, answer.headers.get('Allow')];
  };
  expect(await allowed('/api/session', 'PATCH')).toEqual([405, 'GET, HEAD, POST, DELETE']);
  expect(await allowed('/api/session', 'OPTIONS')).toEqual([405, 'GET, HEAD, POST, DELETE']);
  expect(await allowed('/api/registrations', 'GET')).toEqual([405, 'POST']);
  expect(await allowed('/api/registrations/check', 'HEAD')).toEqual([405, 'POST']);
  expect(await allowed('/api/registrations/complete', 'DELETE')).toEqual([405, 'POST']);
  expect(await allowed('/api/password-resets', 'PUT')).toEqual([405, 'POST']);
  expect(await allowed('/api/password-resets/check', 'GET')).toEqual([405, 'POST']);
  expect(await allowed('/api/password-resets/complete', 'PATCH')).toEqual([405, 'POST']);
  expect(await allowed('/api/account', 'POST')).toEqual([405, 'GET, HEAD, PATCH, DELETE']);
  expect(await allowed('/api/account/password', 'GET')).toEqual([405, 'POST']);
  expect(await allowed('/api/account/reset-link', 'GET')).toEqual([405, 'POST']);
  expect(await allowed('/api/account/email', 'DELETE')).toEqual([405, 'POST']);
  expect(await allowed('/api/account/email/check', 'GET')).toEqual([405, 'POST']);
  expect(await allowed('/api/account/email/confirm', 'GET')).toEqual([405, 'POST']);
  expect(await allowed('/api/account/secure', 'GET')).toEqual([405, 'POST']);
  expect(await allowed('/api/account/sessions', 'POST')).toEqual([405, 'GET, HEAD, DELETE']);
  expect(await allowed('/api/account/sessions/x', 'GET')).toEqual([405, 'DELETE']);
  expect(await allowed('/api/account/activity', 'DELETE')).toEqual([405, 'GET, HEAD']);
  expect(await allowed('/api/account/export', 'POST')).toEqual([405, 'GET, HEAD']);
  expect(await allowed('/api/health', 'DELETE')).toEqual([405, 'GET, HEAD']);
});

test('a path that is none is not found, however it is written', async () => {
  const ada = createPerson(rekey);
  const paths = [
    '/api/nothing',
    '/api/session/',
    '/api/SESSION',
    '/api//session',
    '/api/%',
    '/api/%E0%A4',
    '/api/a%2Fb',
  ];
  for (const path of paths) expectProblem(await ada.get(path), 'not_found');
});

test('the wrong host is told which address to open', async () => {
  for (const host of ['http://other.example', 'http://localhost:9999', 'http://127.0.0.1:8787']) {
    const answer = await createPerson(rekey).get(`${host}/api/session`);
    expectProblem(answer, 'wrong_host');
    expect(answer.body.detail).toBe(`This is not the address of this application. Open ${APP_URL}`);
  }
});

describe('a changing request must come from the application itself', () => {
  // Not here: `Origin: https://localhost:8787` and an empty one, which wrangler's local proxy rewrites and drops.
  const refused: Record<string, string>[] = [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: 'http://localhost:8787.evil.example' },
    { Origin: 'http://localhost:87870' },
    { Origin: 'http://localhost' },
    { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'none' },
  ];
  const taken: Record<string, string>[] = [
    {},
    { Origin: APP_URL },
    { Origin: APP_URL, 'Sec-Fetch-Site': 'same-origin' },
    { 'Sec-Fetch-Site': 'same-origin' },
  ];

  test.each(refused)('with %j it is refused, with or without a body', async headers => {
    const ada = await createRegistered(rekey);
    expectProblem(await ada.send('/api/session', { method: 'DELETE', headers }), 'forbidden_origin');
    expectProblem(await ada.post('/api/password-resets', { email: ada.email }, headers), 'forbidden_origin');
    expectProblem(await ada.post('/api/session', BAD_SIGN_IN, headers), 'forbidden_origin');
    expect(await ada.whoAmI()).toBe(ada.username);
  });

  test.each(refused)('with %j nothing of the account is changed', async headers => {
    const ada = await createRegistered(rekey);
    const before = await wholeDatabase(rekey);
    for (const [method, path] of [
      ['PATCH', '/api/account'],
      ['DELETE', '/api/account'],
      ['POST', '/api/account/password'],
      ['POST', '/api/account/reset-link'],
      ['POST', '/api/account/email'],
      ['POST', '/api/account/email/confirm'],
      ['POST', '/api/account/secure'],
      ['DELETE', '/api/account/sessions'],
      ['DELETE', '/api/account/sessions/x'],
    ] as const) {
      expectProblem(await ada.send(path, { method, headers }), 'forbidden_origin');
    }
    expect(await wholeDatabase(rekey)).toBe(before);
  });

  test.each(taken)('with %j it is taken', async headers => {
    const ada = await createRegistered(rekey);
    expect((await ada.send('/api/session', { method: 'DELETE', headers })).status).toBe(204);
  });

  test('reading is allowed from anywhere, since no other site can see the answer', async () => {
    const answer = await createPerson(rekey).get('/api/session', { ...FOREIGN, 'Sec-Fetch-Site': 'cross-site' });
    expect(answer.status).toBe(200);
    expect([...answer.headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([]);
  });
});

test('no two answers have the same request id', async () => {
  const ada = createPerson(rekey);
  const ids = await Promise.all(
    Array.from({ length: 20 }, async () => (await ada.get('/api/session')).headers.get('X-Request-Id')),
  );
  expect(new Set(ids).size).toBe(20);
});
