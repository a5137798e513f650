/** Links that must not open anything: ended, forged, of another purpose, of another deployment. */
import { createHmac, hkdfSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LinkClaims, LinkPurpose } from '../../worker/credentials/link-token.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { APP_URL, type Rekey, startRekey, TOKEN_SECRET, withClockAhead } from '../support/harness.ts';
import { makeToken, resetClaims } from '../support/link-tokens.ts';
import { endOf } from '../support/mail-jobs.ts';
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

const PURPOSES = ['register', 'reset', 'change', 'secure'] as const satisfies LinkPurpose[];
const PAGES: Record<LinkPurpose, string> = {
  register: '/complete-registration',
  reset: '/reset-password',
  change: '/change-email',
  secure: '/secure-account',
};

/** Where links of a purpose are used; but for `secure`, `check` beside it says whether one is good. */
const USES: Record<LinkPurpose, { path: string; body: Part }> = {
  register: { path: '/api/registrations/complete', body: { username: 'eve', password: NEW_PASSWORD } },
  reset: { path: '/api/password-resets/complete', body: { password: NEW_PASSWORD } },
  change: { path: '/api/account/email/confirm', body: {} },
  secure: { path: '/api/account/secure', body: {} },
};
const checkPathOf = (purpose: LinkPurpose) => USES[purpose].path.replace(/(complete|confirm)$/, 'check');

/** For `secure` this uses it. */
const check = (purpose: LinkPurpose, token: string) => createPerson(rekey).post(checkPathOf(purpose), { token });

/** `change` asks for somebody who is signed in: the one whose account it is. */
const use = async (purpose: LinkPurpose, token: string, owner: Person) => {
  const person = createPerson(rekey, 'ada', owner);
  if (purpose === 'change') await person.signIn();
  return person.post(USES[purpose].path, { token, ...USES[purpose].body });
};

const expectRefused = async (purpose: LinkPurpose, token: string, owner: Person): Promise<void> => {
  expectProblem(await check(purpose, token), 'invalid_or_expired_token');
  expectProblem(await use(purpose, token, owner), 'invalid_or_expired_token');
};

const expectGood = async (purpose: LinkPurpose, token: string): Promise<void> => {
  expect([purpose, (await check(purpose, token)).status]).toEqual([purpose, purpose === 'secure' ? 204 : 200]);
};

/** One token of each purpose, good until a test changes it. */
const goodTokens = async (ada: Person): Promise<Record<LinkPurpose, string>> => {
  const claims = await claimsOf(ada);
  return {
    register: await makeToken('register', claims.register),
    reset: await makeToken('reset', claims.reset),
    change: await makeToken('change', claims.change),
    secure: await makeToken('secure', claims.secure),
  };
};

const claimsOf = async (ada: Person): Promise<LinkClaims> => {
  const reset = await resetClaims(rekey, ada);
  return {
    register: { email: createPerson(rekey, 'new').email },
    reset,
    change: { ...reset, email: createPerson(rekey, 'moved').email },
    secure: { userId: reset.userId, atMs: Date.now() },
  };
};

describe('a link ends to the second', () => {
  test.each([
    { purpose: 'reset', twin: 'password-resets', lifeSeconds: 1800 },
    { purpose: 'register', twin: 'registrations', lifeSeconds: 86_400 },
  ] as const)('$twin', async ({ purpose, twin, lifeSeconds }) => {
    const owner = await createRegistered(rekey);
    const person = purpose === 'register' ? createPerson(rekey) : owner;
    const token = await person.linkToken(twin);
    const { body } = await check(purpose, token);
    expect(body).toEqual({ email: person.email, expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) });
    const leftMs = Date.parse(String(body.expiresAt)) - Date.now();
    expect(Math.abs(leftMs - lifeSeconds * 1000)).toBeLessThan(5000);

    // A second of slack before the end for the time that the calls themselves take; none after it.
    await withClockAhead(rekey, Date.parse(String(body.expiresAt)) - Date.now() - 1000, async () => {
      expect((await check(purpose, token)).status).toBe(200);
    });
    await withClockAhead(rekey, Date.parse(String(body.expiresAt)) - Date.now(), () =>
      expectRefused(purpose, token, owner),
    );
  });

  test.each([
    { purpose: 'change', lifeMs: 86_400_000 },
    { purpose: 'secure', lifeMs: 7 * 86_400_000 },
  ] as const)('$purpose', async ({ purpose, lifeMs }) => {
    const owner = await createRegistered(rekey);
    const issuedAtMs = Math.floor(Date.now() / 1000) * 1000;
    const token = (await goodTokens(owner))[purpose];
    expect(Math.abs(endOf(token) - issuedAtMs - lifeMs)).toBeLessThanOrEqual(1000);
    await withClockAhead(rekey, endOf(token) - Date.now(), () => expectRefused(purpose, token, owner));
    await withClockAhead(rekey, endOf(token) - Date.now() - 1000, () => expectGood(purpose, token));
  });
});

test('a link that is not valid yet is refused', async () => {
  const ada = await createRegistered(rekey);
  const claims = await claimsOf(ada);
  for (const purpose of PURPOSES) {
    await expectRefused(purpose, await makeToken(purpose, claims[purpose], { inSeconds: 60 }), ada);
  }
});

test.each(PURPOSES)('a link to %s is refused wherever another is taken', async made => {
  const ada = await createRegistered(rekey);
  const token = (await goodTokens(ada))[made];
  for (const used of PURPOSES) if (used !== made) await expectRefused(used, token, ada);
  await expectGood(made, token);
});

test.each(PURPOSES)(
  'renaming the purpose of a link to %s, in its header or audience, does not change it',
  async made => {
    const ada = await createRegistered(rekey);
    const tokens = await goodTokens(ada);
    for (const used of PURPOSES) {
      if (used === made) continue;
      const header = { typ: `rekey-${used}+jwt` };
      const payload = { aud: `${APP_URL}${PAGES[used]}`, ...decode(tokens[used].split('.')[1]) };
      await expectRefused(used, forge(tokens[made], { header }), ada);
      await expectRefused(used, forge(tokens[made], { payload }), ada);
      await expectRefused(used, forge(tokens[made], { header, payload }), ada);
    }
  },
);

test.each(PURPOSES)('the keys of other purposes sign no link to %s', async purpose => {
  const ada = await createRegistered(rekey);
  const token = (await goodTokens(ada))[purpose];
  const secret = Buffer.from(TOKEN_SECRET, 'base64url');
  const signedFor = (other: LinkPurpose) => {
    const key = Buffer.from(hkdfSync('sha256', secret, '', `rekey link ${other}`, 32));
    return forge(token, {}, text => hmac(key, text));
  };
  expect(signedFor(purpose)).toBe(token);
  for (const other of PURPOSES) if (other !== purpose) await expectRefused(purpose, signedFor(other), ada);
});

test.each(PURPOSES)('a link to %s of another deployment is refused', async purpose => {
  const ada = await createRegistered(rekey);
  const claims = await claimsOf(ada);
  for (const settings of [{ APP_URL: 'http://127.0.0.1:8787' }, { TOKEN_SECRET: OTHER_SECRET }]) {
    await expectRefused(purpose, await makeToken(purpose, claims[purpose], { settings }), ada);
  }
});

describe.each(PURPOSES)('a forged link to %s', purpose => {
  let owner: Person;
  let token = '';
  beforeAll(async () => {
    owner = await createRegistered(rekey);
    token = (await goodTokens(owner))[purpose];
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
  test.each(forgeries)('with $title is refused', ({ of }) => expectRefused(purpose, of(), owner));

  test('leaves the genuine one good, and nothing changed', async () => {
    const before = await wholeDatabase(rekey);
    for (const { of } of forgeries) await check(purpose, of());
    expect(await wholeDatabase(rekey)).toBe(before);
    await expectGood(purpose, token);
  });
});

test('the log says why a link was refused, and the world does not learn it', async () => {
  const ada = await createRegistered(rekey);
  const token = await ada.linkToken('password-resets');
  await ada.post('/api/password-resets/complete', { token, password: NEW_PASSWORD });
  const reasonOf = async (refused: string) => {
    const answer = await check('reset', refused);
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
