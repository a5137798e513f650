/** Links that must not open anything: ended, forged, of another purpose, of another deployment. */
import { createHmac, hkdfSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectProblem } from '../support/expect-problem.ts';
import { APP_URL, type Rekey, startRekey, TOKEN_SECRET, withClockAhead } from '../support/harness.ts';
import { makeToken, resetClaims } from '../support/link-tokens.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person } from '../support/people.ts';
import { wholeDatabase } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const OTHER_SECRET = Buffer.alloc(32, 'another secret').toString('base64url');

type Part = Record<string, unknown>;
const encode = (part: Part): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const decode = (part = ''): Part => JSON.parse(Buffer.from(part, 'base64url').toString());
const hmac = (key: string | Buffer, text: string, hash = 'sha256') =>
  createHmac(hash, key).update(text).digest('base64url');

/** A token taken apart and put together again with some of its header and payload changed, and signed by `sign`. */
const forge = (
  token: string,
  change: { header?: Part; payload?: Part },
  sign: (text: string) => string = () => token.split('.')[2] ?? '',
): string => {
  const [header, payload] = token.split('.');
  const text = `${encode({ ...decode(header), ...change.header })}.${encode({ ...decode(payload), ...change.payload })}`;
  return `${text}.${sign(text)}`;
};

const check = (twin: 'registrations' | 'password-resets', token: string) =>
  createPerson(rekey).post(`/api/${twin}/check`, { token });

const expectRefused = async (twin: 'registrations' | 'password-resets', token: string): Promise<void> => {
  expectProblem(await check(twin, token), 'invalid_or_expired_token');
  const body = { token, password: NEW_PASSWORD, ...(twin === 'registrations' && { username: 'eve' }) };
  expectProblem(await createPerson(rekey).post(`/api/${twin}/complete`, body), 'invalid_or_expired_token');
};

/** One token of each purpose, good until a test changes it. */
const goodTokens = async (ada: Person) => ({
  reset: await makeToken('reset', await resetClaims(rekey, ada)),
  register: await makeToken('register', { email: createPerson(rekey, 'new').email }),
});

describe('a link ends to the second', () => {
  test.each([
    { twin: 'password-resets', lifeSeconds: 1800 },
    { twin: 'registrations', lifeSeconds: 86_400 },
  ] as const)('$twin', async ({ twin, lifeSeconds }) => {
    const person = twin === 'registrations' ? createPerson(rekey) : await createRegistered(rekey);
    const token = await person.linkToken(twin);
    const { body } = await check(twin, token);
    expect(body).toEqual({ email: person.email, expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) });
    const leftMs = Date.parse(String(body.expiresAt)) - Date.now();
    expect(Math.abs(leftMs - lifeSeconds * 1000)).toBeLessThan(5000);

    // A second of slack before the end for the time that the calls themselves take; none after it.
    await withClockAhead(rekey, Date.parse(String(body.expiresAt)) - Date.now() - 1000, async () => {
      expect((await check(twin, token)).status).toBe(200);
    });
    await withClockAhead(rekey, Date.parse(String(body.expiresAt)) - Date.now(), () => expectRefused(twin, token));
  });
});

test('a link that is not valid yet is refused', async () => {
  const ada = await createRegistered(rekey);
  const claims = await resetClaims(rekey, ada);
  await expectRefused('password-resets', await makeToken('reset', claims, { inSeconds: 60 }));
  await expectRefused('registrations', await makeToken('register', { email: 'new@example.com' }, { inSeconds: 60 }));
});

test('a link of one purpose is refused at the other', async () => {
  const { reset, register } = await goodTokens(await createRegistered(rekey));
  await expectRefused('registrations', reset);
  await expectRefused('password-resets', register);
  expect((await check('password-resets', reset)).status).toBe(200);
  expect((await check('registrations', register)).status).toBe(200);
});

test('renaming a link’s purpose in its header or audience does not change it', async () => {
  const { reset, register } = await goodTokens(await createRegistered(rekey));
  const as = (purpose: string, page: string) => ({
    header: { typ: `rekey-${purpose}+jwt` },
    payload: { aud: `${APP_URL}${page}` },
  });
  await expectRefused('password-resets', forge(register, as('reset', '/reset-password')));
  await expectRefused('registrations', forge(reset, as('register', '/complete-registration')));
});

test('the key of one purpose signs nothing for the other', async () => {
  const { reset } = await goodTokens(await createRegistered(rekey));
  const secret = Buffer.from(TOKEN_SECRET, 'base64url');
  const signedFor = (purpose: string) => {
    const key = Buffer.from(hkdfSync('sha256', secret, '', `rekey link ${purpose}`, 32));
    return forge(reset, {}, text => hmac(key, text));
  };
  expect(signedFor('reset')).toBe(reset);
  await expectRefused('password-resets', signedFor('register'));
});

test('a link of another deployment is refused', async () => {
  const claims = await resetClaims(rekey, await createRegistered(rekey));
  for (const settings of [{ APP_URL: 'http://127.0.0.1:8787' }, { TOKEN_SECRET: OTHER_SECRET }]) {
    await expectRefused('password-resets', await makeToken('reset', claims, { settings }));
    await expectRefused('registrations', await makeToken('register', { email: 'new@example.com' }, { settings }));
  }
});

describe.each(['reset', 'register'] as const)('a forged %s link', purpose => {
  const twin = purpose === 'reset' ? 'password-resets' : 'registrations';
  let token = '';
  beforeAll(async () => {
    token = (await goodTokens(await createRegistered(rekey)))[purpose];
  });

  const evil = 'https://evil.example/keys.json';
  const jwk = { kty: 'oct', k: OTHER_SECRET, alg: 'HS256' };
  const withOther = (text: string) => hmac(Buffer.from(OTHER_SECRET, 'base64url'), text);
  const forgeries: { title: string; of: () => string }[] = [
    { title: 'a changed header', of: () => forge(token, { header: { x: 1 } }) },
    { title: 'a changed payload', of: () => forge(token, { payload: { email: 'eve@evil.example', userId: 'eve' } }) },
    { title: 'a later end', of: () => forge(token, { payload: { exp: 9_999_999_999 } }) },
    { title: 'a changed signature', of: () => token.replace(/.(?=.{9}$)/, char => (char === 'A' ? 'B' : 'A')) },
    { title: 'no signature', of: () => token.replace(/[^.]*$/, '') },
    { title: 'a signature cut short', of: () => token.slice(0, -2) },
    { title: 'alg none', of: () => forge(token, { header: { alg: 'none' } }, () => '') },
    { title: 'alg None with a signature', of: () => forge(token, { header: { alg: 'None' } }) },
    { title: 'no alg', of: () => forge(token, { header: { alg: undefined } }) },
    {
      title: 'HS512 under a key of one’s own',
      of: () => forge(token, { header: { alg: 'HS512' } }, text => hmac('key', text, 'sha512')),
    },
    { title: 'RS256', of: () => forge(token, { header: { alg: 'RS256' } }) },
    { title: 'a foreign key', of: () => forge(token, {}, withOther) },
    {
      title: 'the key id as the key',
      of: () => forge(token, {}, text => hmac(String(decode(token.split('.')[0]).kid), text)),
    },
    {
      title: 'the undivided secret as the key',
      of: () => forge(token, {}, text => hmac(Buffer.from(TOKEN_SECRET, 'base64url'), text)),
    },
    { title: 'an empty key', of: () => forge(token, {}, text => hmac('', text)) },
    { title: 'a foreign kid', of: () => forge(token, { header: { kid: 'AAAAAAAAAAA' } }, withOther) },
    {
      title: 'a kid that is a path',
      of: () => forge(token, { header: { kid: '../../dev/null' } }, text => hmac('', text)),
    },
    { title: 'a kid of another type', of: () => forge(token, { header: { kid: { x: 1 } } }, withOther) },
    { title: 'no kid', of: () => forge(token, { header: { kid: undefined } }, withOther) },
    { title: 'a jku of one’s own', of: () => forge(token, { header: { jku: evil, kid: 'eve' } }, withOther) },
    { title: 'a jwk of one’s own', of: () => forge(token, { header: { jwk, kid: undefined } }, withOther) },
    { title: 'an x5u of one’s own', of: () => forge(token, { header: { x5u: evil } }, withOther) },
    { title: 'a crit that nobody knows', of: () => forge(token, { header: { crit: ['x'], x: 1 } }) },
    { title: 'an unencoded payload', of: () => forge(token, { header: { b64: false, crit: ['b64'] } }) },
    { title: 'an empty token', of: () => '' },
    { title: 'three dots', of: () => '...' },
    { title: 'five parts', of: () => `${token}.x.y` },
    { title: 'a space before it', of: () => ` ${token}` },
    { title: 'padding after it', of: () => `${token}==` },
    { title: 'another alphabet', of: () => `${token.slice(0, -9)}+/+/+/+/+` },
    { title: 'a header that is no JSON', of: () => `AAAA.${token.split('.').slice(1).join('.')}` },
    { title: 'a header that is null', of: () => `bnVsbA.${token.split('.').slice(1).join('.')}` },
    { title: '16,000 characters', of: () => 'A'.repeat(16_000) },
  ];
  test.each(forgeries)('with $title is refused', ({ of }) => expectRefused(twin, of()));

  test('leaves the genuine one good, and nothing changed', async () => {
    const before = await wholeDatabase(rekey);
    for (const { of } of forgeries.slice(0, 5)) await check(twin, of());
    expect((await check(twin, token)).status).toBe(200);
    expect(await wholeDatabase(rekey)).toBe(before);
  });
});

test('the log says why a link was refused, and the world does not learn it', async () => {
  const ada = await createRegistered(rekey);
  const token = await ada.linkToken('password-resets');
  await ada.post('/api/password-resets/complete', { token, password: NEW_PASSWORD });
  const reasonOf = async (refused: string) => {
    const answer = await check('password-resets', refused);
    const requestId = answer.headers.get('X-Request-Id');
    const [logged] = rekey.events().filter(line => line.event === 'link_refused' && line.requestId === requestId);
    return [answer.body.detail, logged?.reason];
  };
  const said = 'That is an invalid or expired token';
  expect(await reasonOf(token)).toEqual([said, 'used']);
  expect(await reasonOf('x')).toEqual([said, 'malformed']);
  expect(await reasonOf(forge(token, { payload: { exp: 9_999_999_999 } }))).toEqual([said, 'forged']);
  const expired = await makeToken('reset', { userId: 'x', stamp: 'x' }, { inSeconds: -1800 });
  expect(await reasonOf(expired)).toEqual([said, 'expired']);
});

test('a link survives the replacement of the secret that signed it while the old one is listed behind the new', async () => {
  const rotated = await startRekey({ settings: { TOKEN_SECRET: `${OTHER_SECRET}, ${TOKEN_SECRET}` } });
  const dropped = await startRekey({ settings: { TOKEN_SECRET: OTHER_SECRET } });
  try {
    const claims = { email: 'ada@example.com' };
    const old = await makeToken('register', claims);
    const signedByNew = await makeToken('register', claims, { settings: { TOKEN_SECRET: OTHER_SECRET } });
    const status = async (at: Rekey, token: string) =>
      (await createPerson(at).post('/api/registrations/check', { token })).status;
    expect([await status(rotated, old), await status(rotated, signedByNew)]).toEqual([200, 200]);
    expect([await status(dropped, old), await status(dropped, signedByNew)]).toEqual([400, 200]);

    const ada = createPerson(rotated);
    const mailed = await ada.linkToken('registrations');
    expect(await status(dropped, mailed)).toBe(200);
    expect(await status(rekey, mailed)).toBe(400);
    const done = await ada.post('/api/registrations/complete', {
      token: mailed,
      username: ada.username,
      password: PASSWORD,
    });
    expect(done.status).toBe(200);
  } finally {
    await rotated.stop();
    await dropped.stop();
  }
});
