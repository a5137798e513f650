/** What an owner sees and changes of the account beside its password and address: name, sessions, activity, export. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  activityOf,
  askEmailChange,
  changePassword,
  changeToken,
  completeReset,
  confirmEmail,
  deleteAccount,
  NEW_BROWSER,
  secure,
  signInElsewhere,
  tokenAfter,
} from '../support/account.ts';
import { expectProblem, fieldsOf } from '../support/expect-problem.ts';
import { type Rekey, startRekey, withClockAhead } from '../support/harness.ts';
import { type Answer, createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person } from '../support/people.ts';
import { rowsOfUser, storedUser } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0';

const elsewhere = (who: { username: string; email: string }) => createPerson(rekey, 'elsewhere', who);
const rename = (person: Person, username: unknown) =>
  person.send('/api/account', { method: 'PATCH', json: { username } });
const remove = (person: Person, path: string) => person.send(path, { method: 'DELETE' });

type Session = {
  id: string;
  current: boolean;
  createdAt: string;
  lastSeenAt: string;
  userAgent: string | null;
  country: string | null;
};
const sessionsOf = async (person: Person): Promise<Session[]> =>
  (await person.get('/api/account/sessions')).body.sessions as Session[];

/** A page of activity. */
const pageOf = async (person: Person, before?: string | null) => {
  const answer = await person.get(`/api/account/activity${before ? `?before=${before}` : ''}`);
  expect(answer.status).toBe(200);
  return answer.body as { activity: Record<string, unknown>[]; next: string | null };
};

describe('the profile', () => {
  test('is the signed-in account’s', async () => {
    const ada = await createRegistered(rekey);
    const answer = await ada.get('/api/account');
    expect(answer.status).toBe(200);
    const { id, username, email, createdAt } = answer.body.user as Record<string, string>;
    expect(answer.body).toEqual({ user: { id, username, email, createdAt, language: 'en' }, mail: 'ok' });
    expect([username, email]).toEqual([ada.username, ada.email]);
    expect(new Date(createdAt ?? '').toISOString()).toBe(createdAt);
    expectProblem(await createPerson(rekey).get('/api/account'), 'not_signed_in');
  });

  test('takes another username', async () => {
    const ada = await createRegistered(rekey);
    const name = `x${ada.username}`;
    const answer = await rename(ada, name);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ user: { username: name, email: ada.email } });
    expect(await ada.whoAmI()).toBe(name);
    expect(await activityOf(ada)).toEqual(['username_changed', 'registered']);
    const bob = createPerson(rekey, 'bob');
    await createPerson(rekey, 'bob', { username: ada.username, email: bob.email }).register();
  });

  test('takes the same name in other letters, which is the owner’s own; and the very same, which is no change', async () => {
    const ada = await createRegistered(rekey);
    expect((await rename(ada, ada.username.toUpperCase())).status).toBe(200);
    expect(await ada.whoAmI()).toBe(ada.username.toUpperCase());
    expect((await rename(ada, ada.username.toUpperCase())).status).toBe(200);
    expect(await activityOf(ada)).toEqual(['username_changed', 'registered']);
  });

  test('refuses a name that somebody has, in any letters', async () => {
    const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey, 'bob')];
    for (const name of [bob.username, bob.username.toUpperCase()]) {
      expectProblem(await rename(ada, name), 'username_taken');
    }
    expect(await ada.whoAmI()).toBe(ada.username);
    expect(await activityOf(ada)).toEqual(['registered']);
  });

  test('refuses a name of somebody who is gone, for 30 days', async () => {
    const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey, 'bob')];
    expect((await deleteAccount(bob)).status).toBe(204);
    expectProblem(await rename(ada, bob.username.toUpperCase()), 'username_taken');
    await withClockAhead(rekey, 30 * DAY_MS - HOUR_MS, async () => {
      await ada.signIn();
      expectProblem(await rename(ada, bob.username), 'username_taken');
    });
    await withClockAhead(rekey, 30 * DAY_MS + HOUR_MS, async () => {
      await ada.signIn();
      expect((await rename(ada, bob.username)).status).toBe(200);
    });
  });

  test('refuses a name that breaks a rule with 422 and another shape with 400', async () => {
    const ada = await createRegistered(rekey);
    for (const name of ['', 'a', 'x'.repeat(21), 'ada lovelace', 'ádá', 'a@b', 'İstanbul']) {
      const answer = await rename(ada, name);
      expectProblem(answer, 'invalid_input');
      expect(fieldsOf(answer)).toEqual(['username']);
    }
    for (const json of [{}, { username: 1 }, { username: 'ok-name', email: 'x@example.com' }, [], null]) {
      expectProblem(await ada.send('/api/account', { method: 'PATCH', json }), 'malformed_request');
    }
    expect(await ada.whoAmI()).toBe(ada.username);
  });

  test('gives one name to one of ten people who want it at the same time', async () => {
    const people: Person[] = [];
    for (let n = 0; n < 10; n += 1) people.push(await createRegistered(rekey));
    const answers = await Promise.all(people.map((person, n) => rename(person, n % 2 ? 'Wanted.Name' : 'wanted.name')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)]);
  });
});

describe('the sessions', () => {
  test('are listed with browser, country and times, the one that asks marked, and nobody else’s', async () => {
    const ada = await createRegistered(rekey);
    await createRegistered(rekey, 'bob');
    const phone = elsewhere(ada);
    await phone.post('/api/session', { email: ada.email, password: PASSWORD }, { 'User-Agent': FIREFOX });
    const [own, other] = [await sessionsOf(ada), await sessionsOf(phone)];
    expect(own).toHaveLength(2);
    expect(own.filter(({ current }) => current)).toHaveLength(1);
    expect(own.map(({ id }) => id).sort()).toEqual(other.map(({ id }) => id).sort());
    const [mine, firefox] = [own.find(({ current }) => current), other.find(({ current }) => current)];
    expect(mine?.id).not.toBe(firefox?.id);
    expect(firefox).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      current: true,
      createdAt: expect.any(String),
      lastSeenAt: expect.any(String),
      userAgent: 'Firefox on Windows',
      country: firefox?.country === null ? null : expect.stringMatching(/^[A-Z]{2}$/),
    });
    expect(new Date(firefox?.createdAt ?? '').toISOString()).toBe(firefox?.createdAt);
  });

  test('say when they were last seen, to the hour, and stand in that order', async () => {
    const ada = await createRegistered(rekey);
    const phone = await signInElsewhere(rekey, ada);
    await withClockAhead(rekey, HOUR_MS / 2, () => ada.whoAmI());
    const before = await sessionsOf(phone);
    expect(before.map(({ current }) => current)).toEqual([true, false]);
    expect(before[1]?.lastSeenAt).toBe(before[1]?.createdAt);
    await withClockAhead(rekey, 2 * HOUR_MS, async () => {
      await ada.get('/api/account/sessions');
      const { id } = await storedUser(rekey, ada);
      const seen = async () =>
        (await rowsOfUser(rekey, 'sessions', id)).filter(
          ({ last_seen_at, created_at }) => Number(last_seen_at) > Number(created_at),
        ).length;
      await expect.poll(seen).toBe(1);
      const own = await sessionsOf(ada);
      expect(own.map(({ current }) => current)).toEqual([true, false]);
    });
  });

  test('that are over, or under a stamp that is no longer the account’s, are not listed', async () => {
    const ada = await createRegistered(rekey);
    await ada.signIn(PASSWORD, true);
    await signInElsewhere(rekey, ada);
    expect(await sessionsOf(ada)).toHaveLength(2);
    await withClockAhead(rekey, DAY_MS, async () => expect(await sessionsOf(ada)).toHaveLength(1));
    await withClockAhead(rekey, 15 * DAY_MS, async () => {
      expectProblem(await ada.get('/api/account/sessions'), 'not_signed_in');
    });
  });

  test('end one by one, and the current one takes its cookie along', async () => {
    const ada = await createRegistered(rekey);
    const phone = await signInElsewhere(rekey, ada);
    const other = (await sessionsOf(ada)).find(({ current }) => !current);
    const ended = await remove(ada, `/api/account/sessions/${other?.id}`);
    expect([ended.status, ended.headers.getSetCookie()]).toEqual([204, []]);
    expect(await phone.whoAmI()).toBeNull();
    expect((await activityOf(ada))[0]).toBe('session_ended');
    expectProblem(await remove(ada, `/api/account/sessions/${other?.id}`), 'not_found');
    const [own] = await sessionsOf(ada);
    const out = await remove(ada, `/api/account/sessions/${own?.id}`);
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie()).toEqual(['rekey-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax']);
    expectProblem(await ada.get('/api/account'), 'not_signed_in');
  });

  test('of others are not there to end', async () => {
    const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey, 'bob')];
    const [bobs] = await sessionsOf(bob);
    for (const id of [bobs?.id, crypto.randomUUID(), 'x', '%27']) {
      expectProblem(await remove(ada, `/api/account/sessions/${id}`), 'not_found');
    }
    expect(await bob.whoAmI()).toBe(bob.username);
    expect(await activityOf(ada)).toEqual(['registered']);
    expectProblem(await remove(createPerson(rekey), `/api/account/sessions/${bobs?.id}`), 'not_signed_in');
  });

  test('all end but the one that asks', async () => {
    const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey, 'bob')];
    const others = [await signInElsewhere(rekey, ada), await signInElsewhere(rekey, ada)];
    expect((await remove(ada, '/api/account/sessions')).status).toBe(204);
    expect(await Promise.all(others.map(other => other.whoAmI()))).toEqual([null, null]);
    expect([await ada.whoAmI(), await bob.whoAmI()]).toEqual([ada.username, bob.username]);
    expect(await sessionsOf(ada)).toHaveLength(1);
    expect((await remove(ada, '/api/account/sessions')).status).toBe(204);
    expect((await activityOf(ada)).filter(kind => kind === 'other_sessions_ended')).toHaveLength(1);
  });
});

describe('the activity', () => {
  test('holds each kind once, written by the thing that it names, newest first', async () => {
    const ada = await createRegistered(rekey);
    const { id } = await storedUser(rekey, ada);
    const kinds = async () => (await rowsOfUser(rekey, 'activity', id)).map(({ kind }) => kind);
    const expected: string[] = ['registered'];
    const adds = async (kind: string, work: () => Promise<Answer>) => {
      const { status } = await work();
      expect([kind, status < 300 || kind === 'sign_in_refused']).toEqual([kind, true]);
      expected.unshift(kind);
      await expect.poll(kinds).toHaveLength(expected.length);
      expect(await activityOf(ada)).toEqual(expected);
    };

    await adds('sign_in_refused', () => elsewhere(ada).signIn(NEW_PASSWORD));
    const phone = elsewhere(ada);
    await adds('signed_in', () => phone.signIn());
    const other = (await sessionsOf(ada)).find(({ current }) => !current);
    await adds('session_ended', () => remove(ada, `/api/account/sessions/${other?.id}`));
    await adds('signed_in', () => phone.signIn());
    await adds('other_sessions_ended', () => remove(ada, '/api/account/sessions'));
    await adds('username_changed', () => rename(ada, `x${ada.username}`));
    await adds('password_changed', () => changePassword(ada));
    await adds('password_changed', () => changePassword(ada, NEW_PASSWORD, PASSWORD));
    await adds('reset_asked', () => ada.askReset());
    const reset = /#([\w.-]+)$/m.exec((await ada.readMail('Password Reset Request')).text ?? '')?.[1] ?? '';
    expected.unshift('password_reset');
    expect((await completeReset(ada, reset)).status).toBe(204);
    await adds('signed_in', () => ada.signIn(NEW_PASSWORD));
    const home = createPerson(rekey, 'new-home');
    const token = await changeToken(rekey, ada, home, NEW_PASSWORD);
    expected.unshift('email_change_asked');
    await adds('email_changed', () => confirmEmail(ada, token));
    const atHome = { username: ada.username, email: home.email };
    const noticed = await tokenAfter(rekey, home, NEW_BROWSER, () => elsewhere(atHome).signIn(NEW_PASSWORD));
    expect((await secure(ada, noticed)).status).toBe(204);
    expect(await kinds()).toContain('secured');
  });

  test('shows kind, time, browser, country and operator, and nothing else', async () => {
    const ada = await createRegistered(rekey);
    await elsewhere(ada).post('/api/session', { email: ada.email, password: PASSWORD }, { 'User-Agent': FIREFOX });
    const { activity, next } = await pageOf(ada);
    expect(next).toBeNull();
    expect(activity.map(row => Object.keys(row).sort())).toEqual(
      activity.map(() => ['at', 'country', 'kind', 'operator', 'userAgent']),
    );
    expect(activity[0]).toMatchObject({ kind: 'signed_in', userAgent: 'Firefox on Windows' });
    expect(new Date(String(activity[0]?.at)).toISOString()).toBe(activity[0]?.at);
  });

  test('notes refused sign-ins once an hour', async () => {
    const ada = await createRegistered(rekey);
    const refused = async () => (await activityOf(ada)).filter(kind => kind === 'sign_in_refused').length;
    for (let n = 0; n < 4; n += 1) await elsewhere(ada).signIn(NEW_PASSWORD);
    await Promise.all(Array.from({ length: 4 }, () => elsewhere(ada).signIn(NEW_PASSWORD)));
    await expect.poll(refused).toBe(1);
    await withClockAhead(rekey, HOUR_MS - 20_000, () => elsewhere(ada).signIn(NEW_PASSWORD));
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(await refused()).toBe(1);
    await withClockAhead(rekey, HOUR_MS + 1000, () => elsewhere(ada).signIn(NEW_PASSWORD));
    await expect.poll(refused).toBe(2);
  });

  test('comes in pages of 50 that hold every row once, even of one moment', async () => {
    const ada = await createRegistered(rekey);
    const { id } = await storedUser(rekey, ada);
    // 120 rows in 3 moments, longer ago than the registration.
    await rekey.env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 119)
       INSERT INTO activity (id, user_id, kind, at)
       SELECT printf('%08x-0000-4000-8000-%012x', i * 7919 % 120, i), ?, 'signed_in', 1000000 + i / 40 FROM n`,
    )
      .bind(id)
      .run();
    const sizes: number[] = [];
    const at: string[] = [];
    let next: string | null | undefined;
    do {
      const page = await pageOf(ada, next);
      sizes.push(page.activity.length);
      at.push(...page.activity.map(row => String(row.at)));
      next = page.next;
    } while (next);
    expect(sizes).toEqual([50, 50, 21]);
    expect(at).toEqual([...at].sort().reverse());
    expect(at.filter(moment => moment === new Date(1_000_001).toISOString())).toHaveLength(40);
    await rekey.env.DB.prepare('DELETE FROM activity WHERE user_id = ? AND at = 1000000').bind(id).run();
    await rekey.env.DB.prepare(
      'DELETE FROM activity WHERE id IN (SELECT id FROM activity WHERE user_id = ? AND at = 1000001 LIMIT 31)',
    )
      .bind(id)
      .run();
    const full = await pageOf(ada);
    expect([full.activity.length, full.next]).toEqual([50, null]);
  });

  test('refuses a place that is none of its own, after asking who is there', async () => {
    const ada = await createRegistered(rekey);
    const odd = [
      '',
      'x',
      '1',
      '1-',
      `-${crypto.randomUUID()}`,
      `1-${crypto.randomUUID()}x`,
      `1e3-${crypto.randomUUID()}`,
    ];
    for (const before of odd) {
      const path = `/api/account/activity?before=${encodeURIComponent(before)}`;
      expectProblem(await ada.get(path), 'malformed_request');
      expectProblem(await createPerson(rekey).get(path), 'not_signed_in');
    }
  });

  test('of somebody else is not to be had by a place in it', async () => {
    const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey, 'bob')];
    await signInElsewhere(rekey, bob);
    const { id } = await storedUser(rekey, bob);
    const [row] = await rowsOfUser(rekey, 'activity', id);
    const { activity } = await pageOf(ada, `${Number(row?.at) + 1000}-${row?.id}`);
    expect(activity.map(({ kind }) => kind)).toEqual(['registered']);
  });

  test('holds never a token, a password or another person’s data', async () => {
    const ada = await createRegistered(rekey);
    const home = createPerson(rekey, 'new-home');
    const token = await changeToken(rekey, ada, home);
    await changePassword(ada);
    const { id } = await storedUser(rekey, ada);
    const text = JSON.stringify(await rowsOfUser(rekey, 'activity', id));
    for (const secret of [token, PASSWORD, NEW_PASSWORD, home.email, ada.network]) expect(text).not.toContain(secret);
  });

  test('is kept for 180 days, then the cron deletes it', async () => {
    const ada = await createRegistered(rekey);
    const { id } = await storedUser(rekey, ada);
    const left = async () => (await rowsOfUser(rekey, 'activity', id)).length;
    await withClockAhead(rekey, 180 * DAY_MS - HOUR_MS, () => rekey.runCron());
    expect(await left()).toBe(1);
    await withClockAhead(rekey, 180 * DAY_MS + HOUR_MS, () => rekey.runCron());
    expect(await left()).toBe(0);
  });
});

describe('the export', () => {
  test('is a file with all that is kept about the person', async () => {
    const ada = await createRegistered(rekey);
    await signInElsewhere(rekey, ada);
    await ada.linkToken('password-resets', 'Password Reset Request');
    const home = createPerson(rekey, 'new-home');
    await confirmEmail(ada, await changeToken(rekey, ada, home));
    const answer = await ada.get('/api/account/export');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Disposition')).toBe('attachment; filename="account.json"');
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    const { id } = await storedUser(rekey, home);
    expect(answer.body).toMatchObject({
      exportedAt: expect.any(String),
      user: {
        id,
        username: ada.username,
        email: home.email,
        previousEmail: ada.email,
        emailChangedAt: expect.any(String),
        securedAt: null,
      },
      sessions: [{ id: expect.any(String), createdAt: expect.any(String), expiresAt: expect.any(String) }],
      resetMails: [{ mailedAt: expect.any(String), linkExpiresAt: expect.any(String) }],
    });
    const { activity, sessions } = answer.body as Record<string, { kind: string }[]>;
    expect(activity?.map(({ kind }) => kind)).toEqual([
      'email_changed',
      'email_change_asked',
      'reset_asked',
      'signed_in',
      'registered',
    ]);
    expect(sessions).toHaveLength((await rowsOfUser(rekey, 'sessions', id)).length);
  });

  test('holds no hash, no stamp, no secret and nobody else', async () => {
    const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey, 'bob')];
    await signInElsewhere(rekey, bob);
    const user = await storedUser(rekey, ada);
    const [session] = await rowsOfUser(rekey, 'sessions', user.id);
    const { text } = await ada.get('/api/account/export');
    const secrets = [
      user.password_hash,
      user.security_stamp,
      user.browser_stamp,
      String(session?.secret_hash),
      ada.cookies.get('rekey-session') ?? '',
      bob.email,
      bob.username,
      (await storedUser(rekey, bob)).id,
    ];
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/scrypt|stamp|hash|secret/i);
    expectProblem(await createPerson(rekey).get('/api/account/export'), 'not_signed_in');
  });
});

test('the well-known address for changing a password leads to its section of the account', async () => {
  const answer = await createPerson(rekey).get('/.well-known/change-password');
  expect([answer.status, answer.headers.get('Location')]).toEqual([302, '/account#password']);
});

describe('who is not signed in hears of that before anything is said of the body', () => {
  const calls: [method: string, path: string, broken: unknown][] = [
    ['PATCH', '/api/account', { username: '' }],
    ['DELETE', '/api/account', { currentPassword: '' }],
    ['POST', '/api/account/password', { currentPassword: '', password: '' }],
    ['POST', '/api/account/email', { email: 'none', currentPassword: '' }],
  ];
  test.each(calls)('%s %s', async (method, path, broken) => {
    const nobody = createPerson(rekey);
    const ada = await createRegistered(rekey);
    for (const sent of [{ json: broken }, { json: { odd: 1 } }, { json: [] }, {}]) {
      expectProblem(await nobody.send(path, { method, ...sent }), 'not_signed_in');
    }
    const notJson = { method, body: '{', headers: { 'Content-Type': 'application/json' } };
    expectProblem(await nobody.send(path, notJson), 'not_signed_in');
    expectProblem(await ada.send(path, notJson), 'malformed_request');
    expectProblem(await ada.send(path, { method, json: { odd: 1 } }), 'malformed_request');
    expectProblem(await ada.send(path, { method }), 'malformed_request');
    expectProblem(await ada.send(path, { method, json: broken }), 'invalid_input');
    expectProblem(
      await ada.send(path, { method, json: broken, headers: { Origin: 'https://evil.example' } }),
      'forbidden_origin',
    );
    expect(await ada.whoAmI()).toBe(ada.username);
  });

  test('and so it is for a link, a session and a reset link of one’s own', async () => {
    const nobody = createPerson(rekey);
    expectProblem(await confirmEmail(nobody, 'no token'), 'not_signed_in');
    expectProblem(await nobody.post('/api/account/email/confirm', { odd: 1 }), 'not_signed_in');
    expectProblem(await remove(nobody, '/api/account/sessions'), 'not_signed_in');
    expectProblem(await remove(nobody, '/api/account/sessions/x'), 'not_signed_in');
    expectProblem(await nobody.send('/api/account/reset-link'), 'not_signed_in');
    for (const path of ['', '/sessions', '/activity', '/export']) {
      expectProblem(await nobody.get(`/api/account${path}`), 'not_signed_in');
    }
    expectProblem(await askEmailChange(nobody, nobody), 'not_signed_in');
    // These two are for whoever holds the link.
    expectProblem(await nobody.post('/api/account/email/check', { token: 'x' }), 'invalid_or_expired_token');
    expectProblem(await secure(nobody, 'x'), 'invalid_or_expired_token');
    expectProblem(await nobody.post('/api/account/secure', {}), 'malformed_request');
  });

  test('and a cookie of a session that is over is cleared', async () => {
    const ada = await createRegistered(rekey);
    await rekey.env.DB.prepare('DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE email = ?)')
      .bind(ada.email)
      .run();
    const cookie = { Cookie: `rekey-session=${ada.cookies.get('rekey-session')}` };
    const reading = ['', '/sessions', '/activity', '/export'].map(path => ada.get(`/api/account${path}`, cookie));
    for (const answer of await Promise.all([rename(ada, 'another-name'), ...reading])) {
      expectProblem(answer, 'not_signed_in');
      expect(answer.headers.getSetCookie()).toEqual(['rekey-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax']);
    }
  });
});

test('a name and a language that are changed at one moment are both kept', async () => {
  const ada = await createRegistered(rekey);
  for (const [at, language] of ['fr', 'de', 'es', 'ja', 'ar', 'en', 'fr', 'de', 'es', 'ja'].entries()) {
    const username = `both-${at}-${crypto.randomUUID().slice(0, 8)}`;
    await Promise.all([{ language }, { username }].map(json => ada.send('/api/account', { method: 'PATCH', json })));
    expect((await ada.get('/api/account')).body.user).toMatchObject({ username, language });
  }
});
