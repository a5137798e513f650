/** Bad input: answered with the contract's problem, never a 5xx, nothing changed, nothing repeated. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProblemCode } from '../../worker/contract/problems.ts';
import { expectProblem, fieldsOf } from '../support/expect-problem.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { createPerson, createRegistered, PASSWORD, type Person } from '../support/people.ts';
import { databaseAtRest, rowsOf, wholeDatabase } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const JSON_TYPE = { 'Content-Type': 'application/json' };

type Call = { path: string; method?: string; isSignedIn?: true; good: Record<string, unknown> };

/** Each call that takes a body, with one of its shape. */
const CALLS: Call[] = [
  { path: '/api/registrations', good: { email: 'ada@example.com' } },
  { path: '/api/registrations/check', good: { token: 'x' } },
  { path: '/api/registrations/complete', good: { token: 'x', username: 'ada', password: PASSWORD } },
  { path: '/api/password-resets', good: { email: 'ada@example.com' } },
  { path: '/api/password-resets/check', good: { token: 'x' } },
  { path: '/api/password-resets/complete', good: { token: 'x', password: PASSWORD } },
  { path: '/api/session', good: { email: 'ada@example.com', password: PASSWORD } },
  { path: '/api/account', method: 'PATCH', isSignedIn: true, good: { username: 'renamed' } },
  { path: '/api/account', method: 'DELETE', isSignedIn: true, good: { currentPassword: 'wrong' } },
  {
    path: '/api/account/password',
    isSignedIn: true,
    good: { currentPassword: 'wrong', password: 'another password of mine' },
  },
  { path: '/api/account/email', isSignedIn: true, good: { email: 'new@example.com', currentPassword: 'wrong' } },
  { path: '/api/account/email/check', good: { token: 'x' } },
  { path: '/api/account/email/confirm', isSignedIn: true, good: { token: 'x' } },
  { path: '/api/account/secure', good: { token: 'x' } },
];

const named = ({ path, method = 'POST' }: Call) => `${method} ${path}`;

/** Sends to a call from a network of its own each time, signed in where the call asks for it. */
const senderFor = async ({ path, method = 'POST', isSignedIn }: Call) => {
  const owner = isSignedIn && (await createRegistered(rekey));
  return (sent: Parameters<Person['send']>[1], at = path) => {
    const person = createPerson(rekey);
    const session = owner ? owner.cookies.get('rekey-session') : undefined;
    if (session) person.cookies.set('rekey-session', session);
    return person.send(at, { method, ...sent });
  };
};

const inChunks = (text: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(stream) {
      for (let at = 0; at < text.length; at += 1000) stream.enqueue(text.slice(at, at + 1000));
      stream.close();
    },
  });

const bytes = (text: string) => new TextEncoder().encode(text);

describe.each(CALLS.map(call => [named(call), call] as const))('%s', (_name, call) => {
  const { good } = call;
  let send: Awaited<ReturnType<typeof senderFor>>;
  beforeAll(async () => {
    send = await senderFor(call);
  });
  const fields = Object.keys(good);

  const bodies: { title: string; body: string | Uint8Array<ArrayBuffer>; code?: ProblemCode }[] = [
    { title: 'no body', body: '' },
    { title: 'broken JSON', body: '{"email": ' },
    { title: 'two values', body: '{}{}' },
    { title: 'an array', body: JSON.stringify([good]) },
    { title: 'null', body: 'null' },
    { title: 'a number', body: '1' },
    { title: 'a string', body: JSON.stringify(JSON.stringify(good)) },
    { title: 'no fields', body: '{}' },
    { title: 'bytes that are no UTF-8', body: Uint8Array.from([...bytes('{"email":"'), 0xff, 0xfe, ...bytes('"}')]) },
    { title: 'a lone half of a two-byte character', body: Uint8Array.from([0xc3]) },
    {
      title: '20 KB',
      body: JSON.stringify({ ...good, [fields[0] ?? '']: 'x'.repeat(20_000) }),
      code: 'payload_too_large',
    },
    { title: '17 KB of nesting', body: '['.repeat(17_000), code: 'payload_too_large' },
    { title: '16 KB of nesting', body: '['.repeat(8000) + ']'.repeat(8000) },
    { title: 'an unknown field', body: JSON.stringify({ ...good, admin: true }) },
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map(name => ({
      title: `an unknown field called ${name}`,
      body: JSON.stringify(good).replace('{', `{"${name}":{"admin":true},`),
    })),
    ...fields.flatMap(field => [
      { title: `no ${field}`, body: JSON.stringify({ ...good, [field]: undefined }) },
      ...[null, 1, true, ['x'], { x: 'x' }].map(value => ({
        title: `${field} as ${JSON.stringify(value)}`,
        body: JSON.stringify({ ...good, [field]: value }),
      })),
    ]),
  ];

  test('takes no body of another shape', async () => {
    const before = await databaseAtRest(rekey);
    for (const { title, body, code = 'malformed_request' } of bodies) {
      const answer = await send({ headers: JSON_TYPE, body });
      expect([title, answer.body.code]).toEqual([title, code]);
      expectProblem(answer, code);
    }
    expect(await wholeDatabase(rekey)).toBe(before);
  });

  test('takes at most 16 KiB, with a Content-Length or in chunks', async () => {
    const padded = (size: number) => bytes(JSON.stringify(good).padEnd(size, ' '));
    const code = async (body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>) =>
      (await send({ headers: JSON_TYPE, body })).body.code;
    expect(await code(padded(16_385))).toBe('payload_too_large');
    expect(await code(inChunks(padded(16_385)))).toBe('payload_too_large');
    expect(await code(padded(16_384))).not.toBe('payload_too_large');
    expect(await code(inChunks(padded(16_384)))).not.toBe('payload_too_large');
  });

  test('takes application/json alone', async () => {
    const body = JSON.stringify(good);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/json', 'application/jsonp', 'json']) {
      const answer = await send({ headers: { 'Content-Type': type }, body });
      expectProblem(answer, 'unsupported_media_type');
    }
    const withCharset = { 'Content-Type': 'Application/JSON; charset=utf-8' };
    expect((await send({ headers: withCharset, body })).status).not.toBe(415);
  });
});

test('a body over the limit is too large, though its first bytes are no UTF-8', async () => {
  const body = inChunks(new Uint8Array(20_000).fill(0xff));
  expectProblem(await createPerson(rekey).send('/api/session', { headers: JSON_TYPE, body }), 'payload_too_large');
});

describe('an address must be one', () => {
  const local = 'a'.repeat(242);
  const bad = [
    '',
    '   ',
    'ada',
    'ada@',
    '@example.com',
    'ada@example..com',
    'ada@-example.com',
    'a da@example.com',
    'ada@exam ple.com',
    'ada@example.com\r\nBcc: eve@evil.example',
    'ada\n@example.com',
    'ada\0@example.com',
    'Ada <ada@example.com>',
    'ada@example.com, eve@evil.example',
    'ada@exämple.com',
    'adа@example.com',
    '\u{1F600}@example.com',
    '\ud800@example.com',
    `${local}a@example.com`,
    'ada@@example.com',
    '"ada"@example.com',
  ];
  const senders = new Map<Call, Awaited<ReturnType<typeof senderFor>>>();
  test.each(bad)('%j is refused', async email => {
    for (const call of CALLS.filter(({ good }) => 'email' in good)) {
      const send = senders.get(call) ?? (await senderFor(call));
      senders.set(call, send);
      const answer = await send({ json: { ...call.good, email } });
      expectProblem(answer, 'invalid_input');
      expect(fieldsOf(answer)).toEqual(['email']);
    }
  });

  test.each([
    ' ada@example.com ',
    '\tada@example.com\r\n',
    "o'hara+tag@sub.example.com",
    'ada@localhost',
    `${local}@example.com`,
  ])('%j is taken', async email => {
    expect((await createPerson(rekey).post('/api/password-resets', { email })).status).toBe(202);
  });
});

test('an empty password at sign-in is a broken rule, not a refused sign-in', async () => {
  const answer = await createPerson(rekey).post('/api/session', { email: 'ada@example.com', password: '' });
  expectProblem(answer, 'invalid_input');
  expect(answer.body.errors).toEqual([
    { field: 'password', rule: 'password_missing', message: 'Enter your password.' },
  ]);
});

test('odd Unicode in a password, a username or a token is refused and breaks nothing', async () => {
  const ada = await createRegistered(rekey);
  const eve = createPerson(rekey, 'eve');
  const registration = await eve.linkToken('registrations');
  const reset = await ada.linkToken('password-resets');
  // The owner is told of refused sign-ins, at most once an hour and after the answer: this one is it.
  expectProblem(await ada.signIn('refused'), 'invalid_credentials');
  const refusals = async () => (await rowsOf(rekey, 'activity')).filter(({ kind }) => kind === 'sign_in_refused');
  await expect.poll(refusals).toHaveLength(1);
  await rekey.env.DB.exec('DELETE FROM guesses');
  const before = await wholeDatabase(rekey);
  for (const odd of ['\ud800', '\udc00\ud800', '\0', '\u202e', '\ufeff', '\u{10ffff}', "' OR 1=1;--", '%']) {
    expectProblem(await ada.signIn(odd), 'invalid_credentials');
    await rekey.env.DB.exec('DELETE FROM guesses');
    expectProblem(await ada.post('/api/password-resets/check', { token: odd }), 'invalid_or_expired_token');
    expectProblem(await ada.post('/api/password-resets/complete', { token: reset, password: odd }), 'invalid_input');
    const completed = { token: registration, username: odd, password: PASSWORD };
    expectProblem(await eve.post('/api/registrations/complete', completed), 'invalid_input');
  }
  const broken = { token: reset, password: `${PASSWORD}\ud800` };
  expectProblem(await ada.post('/api/password-resets/complete', broken), 'invalid_input');
  expect(await wholeDatabase(rekey)).toBe(before);
});

test('a malformed cookie is nobody', async () => {
  const cookies = [
    'rekey-session=',
    'rekey-session=x',
    `rekey-session=${'A'.repeat(43)}`,
    'rekey-session=%00',
    'rekey-browser=%00',
    `rekey-browser=${'~A!A'.repeat(500)}*A`,
    '=;=,;',
  ];
  for (const Cookie of cookies) {
    const answer = await createPerson(rekey).get('/api/session', { Cookie });
    expect([Cookie, answer.status, answer.body]).toEqual([Cookie, 200, { user: null }]);
  }
});

test('nothing that was sent comes back, and none of it is in the log', async () => {
  const sentinel = 'xyzzy';
  const headers = Object.fromEntries(
    ['Origin', 'Accept', 'User-Agent', 'Referer', 'X-Request-Id', 'Accept-Language', 'Authorization'].map(name => [
      name,
      `${sentinel}-${name}`,
    ]),
  );
  const { Origin: _, ...withoutOrigin } = headers;
  const cookie = { Cookie: `rekey-session=${sentinel.padEnd(43, 'A')}` };
  for (const call of CALLS) {
    const { path, good } = call;
    const send = await senderFor(call);
    const marked = Object.fromEntries(Object.keys(good).map(field => [field, `${sentinel} ${field}`]));
    const sent = [
      { json: marked, headers: { ...withoutOrigin, ...(call.isSignedIn ? {} : cookie) } },
      { json: marked, headers },
      { json: { ...marked, email: `${sentinel}@example.com` }, headers: call.isSignedIn ? {} : cookie },
      { json: { ...good, [sentinel]: sentinel } },
      { json: Object.fromEntries(Object.keys(good).map(field => [field, { [sentinel]: sentinel }])) },
      { body: `{"${sentinel}": `, headers: JSON_TYPE },
      { body: sentinel, headers: { 'Content-Type': `text/${sentinel}` } },
    ];
    for (const request of sent) {
      for (const at of [path, `${path}?${sentinel}=${sentinel}`]) {
        const answer = await send(request, at);
        expect(answer.status).toBeGreaterThanOrEqual(202);
        expect(answer.status).toBeLessThan(500);
        expect(answer.text + JSON.stringify([...answer.headers])).not.toContain(sentinel);
      }
    }
  }
  expect(await wholeDatabase(rekey)).not.toContain(sentinel);
  const lost = await createPerson(rekey).get(`/api/${sentinel}`);
  expect(lost.text).not.toContain(sentinel);
  const logged = rekey
    .rawLog()
    .split('\n')
    .filter(line => line.includes(sentinel));
  expect(logged).toEqual([]);
});
