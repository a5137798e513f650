/** Signing in and out: what a refused try tells, and how long a session lives. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../worker/config.ts';
import { hashPassword } from '../../worker/credentials/password-hash.ts';
import { newSession } from '../../worker/credentials/session-secret.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { type Rekey, startRekey, TEST_SETTINGS, withClockAhead } from '../support/harness.ts';
import { type Answer, createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person } from '../support/people.ts';
import { rowsOf, storedUser } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;

const sessionsOf = async (person: Person) => {
  const { id } = await storedUser(rekey, person);
  return (await rowsOf(rekey, 'sessions')).filter(({ user_id }) => user_id === id);
};
const whoAmIAhead = (person: Person, aheadMs: number) => withClockAhead(rekey, aheadMs, () => person.whoAmI());
/** The same person in a browser that is not signed in. */
const elsewhere = (person: Person) => createPerson(rekey, 'elsewhere', person);

test('a person signs in, is known, and signs out', async () => {
  const ada = elsewhere(await createRegistered(rekey));
  expect(await ada.signIn()).toMatchObject({
    status: 200,
    body: { user: { username: ada.username, email: ada.email } },
  });
  expect(await ada.whoAmI()).toBe(ada.username);
  expect((await ada.send('/api/session', { method: 'DELETE' })).status).toBe(204);
  expect(await ada.whoAmI()).toBeNull();
});

describe('a refused sign-in', () => {
  const comparable = ({ status, headers, text }: Answer) => {
    const entries = [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date');
    return { status, text, headers: Object.fromEntries(entries) };
  };

  test('is the same to the byte for an unknown address and a wrong password', async () => {
    const ada = elsewhere(await createRegistered(rekey));
    const [wrong, unknown] = [await ada.signIn(NEW_PASSWORD), await createPerson(rekey, 'nobody').signIn(NEW_PASSWORD)];
    expectProblem(wrong, 'invalid_credentials');
    expect(wrong.body.detail).toBe('Login unsuccessful. Please check email and password');
    expect(comparable(unknown)).toEqual(comparable(wrong));
  });

  test('is the same for an account whose stored hash cannot be read', async () => {
    const ada = elsewhere(await createRegistered(rekey));
    await rekey.env.DB.prepare("UPDATE users SET password_hash = '!' WHERE email = ?").bind(ada.email).run();
    const unusable = await ada.signIn();
    expect(comparable(unusable)).toEqual(comparable(await createPerson(rekey, 'nobody').signIn()));
  });

  test('costs one hash for everyone: an unknown address and an unusable hash as much as a wrong password', async () => {
    const dear = await startRekey({ settings: { SCRYPT: 'ln=14,r=8,p=3' } });
    try {
      const [ada, bob] = [await createRegistered(dear), await createRegistered(dear, 'bob')];
      await dear.env.DB.prepare("UPDATE users SET password_hash = '!' WHERE email = ?").bind(bob.email).run();
      const fastestMs = async (person: Person) => {
        const times: number[] = [];
        for (const _ of [1, 2, 3]) {
          const startedAtMs = performance.now();
          expectProblem(await person.signIn(NEW_PASSWORD), 'invalid_credentials');
          times.push(performance.now() - startedAtMs);
        }
        return Math.min(...times);
      };
      const wrongMs = await fastestMs(ada);
      expect(await fastestMs(createPerson(dear, 'nobody'))).toBeGreaterThan(wrongMs / 2);
      expect(await fastestMs(bob)).toBeGreaterThan(wrongMs / 2);
    } finally {
      await dear.stop();
    }
  });

  test('ends no session and starts none', async () => {
    const ada = await createRegistered(rekey);
    const refused = await ada.signIn(NEW_PASSWORD);
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([401, []]);
    expect(await ada.whoAmI()).toBe(ada.username);
    expect(await sessionsOf(ada)).toHaveLength(1);
  });

  test('comes no sooner than the floor, a good one does not wait', async () => {
    const slow = await startRekey({ settings: { REFUSAL_FLOOR_MS: '1500' } });
    try {
      const ada = await createRegistered(slow);
      const timed = async (work: () => Promise<Answer>) => {
        const startedAtMs = performance.now();
        const { status } = await work();
        return { status, ms: performance.now() - startedAtMs };
      };
      const [wrong, unknown] = await Promise.all([
        timed(() => createPerson(slow, 'ada', ada).signIn(NEW_PASSWORD)),
        timed(() => createPerson(slow, 'nobody').signIn()),
      ]);
      expect([wrong.status, unknown.status]).toEqual([401, 401]);
      // Two clocks and a timer: a few milliseconds of grace.
      expect(Math.min(wrong.ms, unknown.ms)).toBeGreaterThan(1490);
      const good = await timed(() => ada.signIn());
      expect(good.status).toBe(200);
      expect(good.ms).toBeLessThan(1490);
    } finally {
      await slow.stop();
    }
  });
});

test('the rules for new passwords are not for signing in', async () => {
  const ada = elsewhere(await createRegistered(rekey));
  const { id } = await storedUser(rekey, ada);
  const short = hashPassword('short', { ln: 10, r: 8, p: 1 });
  await rekey.env.DB.prepare('UPDATE users SET password_hash = ? WHERE id = ?').bind(short, id).run();
  expect((await ada.signIn('short')).status).toBe(200);
  expectProblem(await ada.signIn('x'.repeat(5000)), 'invalid_credentials');
});

describe('sessions', () => {
  test('have a new secret each time, of which the database holds only a hash', async () => {
    const ada = await createRegistered(rekey);
    const browsers = Array.from({ length: 20 }, () => elsewhere(ada));
    for (const browser of browsers) await browser.signIn();
    const secrets = browsers.map(({ cookies }) => cookies.get('rekey-session') ?? '');
    expect(new Set(secrets).size).toBe(20);
    for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}$/);
    const stored = JSON.stringify(await sessionsOf(ada));
    expect(secrets.filter(secret => stored.includes(secret))).toEqual([]);
  });

  test('of a thousand no two have the same secret', async () => {
    const outcome = readConfig(TEST_SETTINGS);
    if (outcome.kind === 'bad') throw new Error(outcome.problems.join('; '));
    const terms = {
      stamp: 'stamp',
      remember: false,
      visitor: { userAgent: null, country: null, timeZone: null },
      nowMs: 0,
    };
    const made = Array.from({ length: 1000 }, () => newSession(outcome.config, terms));
    expect(new Set((await Promise.all(made)).map(({ cookie }) => cookie.secret)).size).toBe(1000);
  });

  test('of a cookie that comes along end when somebody signs in', async () => {
    const ada = await createRegistered(rekey);
    const old = ada.cookies.get('rekey-session') ?? '';
    await ada.signIn();
    expect(ada.cookies.get('rekey-session')).not.toBe(old);
    const replay = await createPerson(rekey).get('/api/session', { Cookie: `rekey-session=${old}` });
    expect(replay.body).toEqual({ user: null });
    expect(await sessionsOf(ada)).toHaveLength(1);
  });

  test('of somebody else’s cookie end too when another signs in with it', async () => {
    const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey, 'bob')];
    const shared = createPerson(rekey, 'bob', bob);
    shared.cookies.set('rekey-session', ada.cookies.get('rekey-session') ?? '');
    await shared.signIn();
    expect([await ada.whoAmI(), await shared.whoAmI()]).toEqual([null, bob.username]);
  });

  test('end on the server at sign-out: the cookie opens nothing any more', async () => {
    const ada = await createRegistered(rekey);
    const phone = elsewhere(ada);
    await phone.signIn();
    const stolen = ada.cookies.get('rekey-session') ?? '';
    await ada.send('/api/session', { method: 'DELETE' });
    const replay = await createPerson(rekey).get('/api/account', { Cookie: `rekey-session=${stolen}` });
    expectProblem(replay, 'not_signed_in');
    expect(await phone.whoAmI()).toBe(ada.username);
  });

  test('without "remember me" end with the browser, and after 12 hours at the latest', async () => {
    const ada = elsewhere(await createRegistered(rekey));
    const [cookie] = (await ada.signIn(PASSWORD, false)).headers.getSetCookie();
    expect(cookie).toMatch(/^rekey-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(await whoAmIAhead(ada, 12 * HOUR_MS - 5000)).toBe(ada.username);
    expect(await whoAmIAhead(ada, 12 * HOUR_MS)).toBeNull();
  });

  test('with "remember me" live for 30 days if they are used', async () => {
    const ada = elsewhere(await createRegistered(rekey));
    const [cookie] = (await ada.signIn(PASSWORD, true)).headers.getSetCookie();
    expect(cookie).toMatch(/^rekey-session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
    const seen = async () => Math.max(...(await sessionsOf(ada)).map(({ last_seen_at }) => Number(last_seen_at)));
    for (const days of [13, 26]) {
      expect(await whoAmIAhead(ada, days * DAY_MS)).toBe(ada.username);
      await expect.poll(seen).toBeGreaterThan(Date.now() + (days - 1) * DAY_MS);
    }
    expect(await whoAmIAhead(ada, 30 * DAY_MS - 5000)).toBe(ada.username);
    expect(await whoAmIAhead(ada, 30 * DAY_MS)).toBeNull();
  });

  test('with "remember me" end after 14 days without use', async () => {
    const ada = elsewhere(await createRegistered(rekey));
    await ada.signIn(PASSWORD, true);
    expect(await whoAmIAhead(ada, 14 * DAY_MS)).toBeNull();
    expect(await whoAmIAhead(ada, 14 * DAY_MS - 5000)).toBe(ada.username);
  });
});

test('where the application is on https, the cookies are for this host alone and never travel in the clear', async () => {
  const secure = await startRekey({
    settings: { APP_URL: 'https://localhost:8787', SCRYPT: 'ln=14,r=8,p=5', MAIL_FROM: 'Rekey <mail@rekey.example>' },
  });
  try {
    const ada = await createRegistered(secure);
    const cookies = (await ada.signIn(PASSWORD, true)).headers.getSetCookie();
    expect(cookies).toEqual([
      expect.stringMatching(/^__Host-session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
      expect.stringMatching(
        /^__Host-browser=[\w~!*-]{100,}; Max-Age=34560000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
    expect(await ada.whoAmI()).toBe(ada.username);
    const out = await ada.send('/api/session', { method: 'DELETE' });
    expect(out.headers.getSetCookie()).toEqual(['__Host-session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax']);
    expect((await ada.readMail()).link).toMatch(/^https:\/\/localhost:8787\//);
  } finally {
    await secure.stop();
  }
});

describe('a hash made at another cost', () => {
  const OLD_COST = { ln: 8, r: 8, p: 1 };
  const withOldHash = async () => {
    const ada = elsewhere(await createRegistered(rekey));
    const old = hashPassword(PASSWORD, OLD_COST);
    await rekey.env.DB.prepare('UPDATE users SET password_hash = ? WHERE email = ?').bind(old, ada.email).run();
    return { ada, old, hash: async () => (await storedUser(rekey, ada)).password_hash };
  };

  test('is replaced at sign-in, after the answer; the password stays, and no session ends', async () => {
    const { ada, hash } = await withOldHash();
    const { security_stamp } = await storedUser(rekey, ada);
    expect((await ada.signIn()).status).toBe(200);
    await expect.poll(hash).toMatch(/^\$scrypt\$ln=10,r=8,p=1\$/);
    expect((await storedUser(rekey, ada)).security_stamp).toBe(security_stamp);
    expect(await ada.whoAmI()).toBe(ada.username);
    expect((await elsewhere(ada).signIn()).status).toBe(200);
  });

  test('stays at a refused sign-in', async () => {
    const { ada, old, hash } = await withOldHash();
    expectProblem(await ada.signIn(NEW_PASSWORD), 'invalid_credentials');
    expect(await hash()).toBe(old);
  });

  test('is never written over a reset that happened meanwhile', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { ada } = await withOldHash();
      const token = await ada.linkToken('password-resets');
      // Fewer than five: what is refused after the reset counts as guessing.
      const thieves = Array.from({ length: 3 }, () => elsewhere(ada));
      const reset = elsewhere(ada).post('/api/password-resets/complete', { token, password: NEW_PASSWORD });
      await Promise.all([...thieves.map(thief => thief.signIn()), reset]);
      expect((await reset).status).toBe(204);
      await ada.readMail('Your password was reset');
      expectProblem(await elsewhere(ada).signIn(PASSWORD), 'invalid_credentials');
      expect((await elsewhere(ada).signIn(NEW_PASSWORD)).status).toBe(200);
      expect(await Promise.all(thieves.map(thief => thief.whoAmI()))).toEqual(thieves.map(() => null));
    }
  });
});
