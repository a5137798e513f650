/** Changing the address: mailbox and person must agree, the old mailbox is told, and for 7 days it can be undone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  activityOf,
  addressOf,
  askEmailChange,
  CHANGE_ASKED,
  CHANGE_LINK,
  CHANGED,
  changePassword,
  changeToken,
  completeReset,
  confirmEmail,
  deleteAccount,
  mailsTo,
  moveTo,
  secure,
  signInElsewhere,
  tokenAfter,
} from '../support/account.ts';
import { expectProblem, fieldsOf } from '../support/expect-problem.ts';
import { type Rekey, startRekey, withClockAhead } from '../support/harness.ts';
import { makeToken, resetClaims } from '../support/link-tokens.ts';
import { askedJob, endOf } from '../support/mail-jobs.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person, tokenOf } from '../support/people.ts';
import { rowsOf, rowsOfUser, storedUser } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const SECOND_MS = 1000;
const DAY_MS = 24 * 3600 * SECOND_MS;
const TAKEN = 'This address has an account already';

const elsewhere = (who: { username: string; email: string }) => createPerson(rekey, 'elsewhere', who);
const newMailbox = () => createPerson(rekey, 'new-home');
const at = ({ username }: Person, { email }: { email: string }) => ({ username, email });
const check = (person: Person, token: string) => person.post('/api/account/email/check', { token });

describe('the whole change', () => {
  test('goes through the new mailbox, and this browser goes on under a new cookie', async () => {
    const ada = await createRegistered(rekey);
    const home = newMailbox();
    const phone = await signInElsewhere(rekey, ada);
    const before = await storedUser(rekey, ada);

    const asked = await askEmailChange(ada, home);
    expect([asked.status, asked.body]).toEqual([
      202,
      { message: 'An email has been sent to the new address with a link to confirm it.' },
    ]);
    const token = tokenOf(await home.readMail(CHANGE_LINK));
    expect(await addressOf(ada)).toBe(ada.email);

    const shown = await check(ada, token);
    expect(shown.status).toBe(200);
    expect(shown.body).toEqual({ email: home.email, expiresAt: new Date(endOf(token)).toISOString() });
    expect(await addressOf(ada)).toBe(ada.email);

    const oldCookie = ada.cookies.get('rekey-session');
    const done = await confirmEmail(ada, token);
    expect(done.status).toBe(200);
    expect(done.body).toEqual({
      user: { id: before.id, username: ada.username, email: home.email, createdAt: expect.any(String), language: 'en' },
    });
    expect(ada.cookies.get('rekey-session')).not.toBe(oldCookie);
    expect(await addressOf(ada)).toBe(home.email);
    expect(await phone.whoAmI()).toBeNull();
    expectProblem(await elsewhere(ada).get('/api/account', { Cookie: `rekey-session=${oldCookie}` }), 'not_signed_in');
    expect(await rowsOfUser(rekey, 'sessions', before.id)).toHaveLength(1);
    expect((await storedUser(rekey, home)).security_stamp).not.toBe(before.security_stamp);

    expectProblem(await elsewhere(ada).signIn(), 'invalid_credentials');
    expect((await elsewhere(at(ada, home)).signIn()).status).toBe(200);
    expect((await activityOf(ada)).slice(0, 4)).toEqual([
      'signed_in',
      'email_changed',
      'email_change_asked',
      'signed_in',
    ]);
  });

  test('tells the old mailbox at asking and when it takes effect, each time with a link to undo it', async () => {
    const ada = await createRegistered(rekey);
    const home = newMailbox();
    const token = await changeToken(rekey, ada, home);
    const asked = await ada.readMail(CHANGE_ASKED);
    expect(asked.text).toContain('/secure-account#');
    expect(asked.text).not.toContain(home.email);
    await confirmEmail(ada, token);
    const changed = await ada.readMail(CHANGED);
    expect(changed.text).toContain('/secure-account#');
    expect(changed.text).not.toContain(home.email);
    const { id } = await storedUser(rekey, home);
    await expect.poll(() => rowsOfUser(rekey, 'notices', id)).toEqual([]);
    expect(rekey.mailbox.mailsTo(home.email).map(({ subject }) => subject)).toEqual([CHANGE_LINK]);
  });

  test('keeps the end of the session, and whether it was remembered', async () => {
    for (const remember of [true, false]) {
      const ada = await createRegistered(rekey);
      await ada.signIn(PASSWORD, remember);
      const { id } = await storedUser(rekey, ada);
      const [before] = await rowsOfUser(rekey, 'sessions', id);
      const done = await confirmEmail(ada, await changeToken(rekey, ada, newMailbox()));
      expect(/Max-Age=/.test(done.headers.get('Set-Cookie') ?? '')).toBe(remember);
      const [after] = await rowsOfUser(rekey, 'sessions', id);
      expect(after).toMatchObject({ expires_at: before?.expires_at, remembered: remember ? 1 : 0 });
    }
  });

  test('takes the address as it was typed, and compares it without case', async () => {
    const ada = await createRegistered(rekey);
    const home = newMailbox();
    expect((await askEmailChange(ada, { email: ` ${home.email.toUpperCase()} ` })).status).toBe(202);
    const token = tokenOf(await home.readMail(CHANGE_LINK));
    expect((await confirmEmail(ada, token)).status).toBe(200);
    expect(await addressOf(ada)).toBe(home.email.toUpperCase());
    expect((await elsewhere(at(ada, home)).signIn()).status).toBe(200);
  });

  test('is asked for in vain at the address that is the account’s already, in any letters', async () => {
    const ada = await createRegistered(rekey);
    for (const email of [ada.email, ada.email.toUpperCase(), ` ${ada.email} `]) {
      const answer = await askEmailChange(ada, { email });
      expectProblem(answer, 'invalid_input');
      expect(fieldsOf(answer)).toEqual(['email']);
    }
    expect(await rowsOf(rekey, 'notices')).toEqual([]);
    const { id } = await storedUser(rekey, ada);
    expect(await rowsOfUser(rekey, 'sessions', id)).toMatchObject([{ wrong_passwords: 0 }]);
  });

  test('takes the current password', async () => {
    const ada = await createRegistered(rekey);
    expectProblem(await askEmailChange(ada, newMailbox(), NEW_PASSWORD), 'wrong_password');
    expect(await rowsOf(rekey, 'notices')).toEqual([]);
  });
});

test('a change is asked for five times a day at most: nobody is buried in notices, and the seconds say when', async () => {
  const ada = await createRegistered(rekey);
  await ada.signIn(PASSWORD, true);
  const homes = Array.from({ length: 6 }, (_, n) => createPerson(rekey, `home-${n}`));
  for (const [hour, home] of homes.entries()) {
    if (hour < 5) await withClockAhead(rekey, hour * 3_600_000, () => changeToken(rekey, ada, home));
  }
  const [sixth] = homes.slice(-1) as [Person];
  const mails = () => [...mailsTo(rekey, ada), ...mailsTo(rekey, sixth)].length;
  await expect.poll(() => rowsOf(rekey, 'notices')).toEqual([]);
  const before = mails();
  await withClockAhead(rekey, 5 * 3_600_000, async () => {
    const refused = await askEmailChange(ada, sixth);
    expectProblem(refused, 'too_many_requests');
    const seconds = Number(refused.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan(19 * 3600 - 60);
    expect(seconds).toBeLessThanOrEqual(19 * 3600);
  });
  expect([mails(), await rowsOf(rekey, 'notices')]).toEqual([before, []]);
  await withClockAhead(rekey, 24 * 3_600_000, () => changeToken(rekey, ada, sixth));
});

describe('the link', () => {
  test('opens nothing in a browser that is signed out', async () => {
    const ada = await createRegistered(rekey);
    const home = newMailbox();
    const token = await changeToken(rekey, ada, home);
    expectProblem(await confirmEmail(home, token), 'not_signed_in');
    expect((await check(home, token)).status).toBe(200);
    expect(await addressOf(ada)).toBe(ada.email);
    expect((await confirmEmail(ada, token)).status).toBe(200);
  });

  test('opens nothing for another account: nobody is walked into somebody else’s', async () => {
    const mallory = await createRegistered(rekey, 'mallory');
    const bob = await createRegistered(rekey, 'bob');
    const token = await changeToken(rekey, mallory, newMailbox());
    const cookie = bob.cookies.get('rekey-session');
    const answer = await confirmEmail(bob, token);
    expectProblem(answer, 'other_account');
    expect(answer.text).not.toContain(mallory.username);
    expect([await addressOf(bob), await addressOf(mallory)]).toEqual([bob.email, mallory.email]);
    expect(bob.cookies.get('rekey-session')).toBe(cookie);
  });

  test('works in any browser that is signed in to the account', async () => {
    const ada = await createRegistered(rekey);
    const token = await changeToken(rekey, ada, newMailbox());
    const phone = await signInElsewhere(rekey, ada);
    expect((await confirmEmail(phone, token)).status).toBe(200);
    expect(await ada.whoAmI()).toBeNull();
  });

  test('works once', async () => {
    const ada = await createRegistered(rekey);
    const token = await changeToken(rekey, ada, newMailbox());
    expect((await confirmEmail(ada, token)).status).toBe(200);
    expectProblem(await confirmEmail(ada, token), 'invalid_or_expired_token');
    expectProblem(await check(ada, token), 'invalid_or_expired_token');
  });

  test('lives for a day, to the second', async () => {
    const ada = await createRegistered(rekey);
    await ada.signIn(PASSWORD, true);
    const token = await changeToken(rekey, ada, newMailbox());
    expect(Math.abs(endOf(token) - Date.now() - DAY_MS)).toBeLessThan(5 * SECOND_MS);
    await withClockAhead(rekey, endOf(token) - Date.now(), async () => {
      expectProblem(await check(ada, token), 'invalid_or_expired_token');
      expectProblem(await confirmEmail(ada, token), 'invalid_or_expired_token');
    });
    await withClockAhead(rekey, endOf(token) - Date.now() - SECOND_MS, async () => {
      expect((await confirmEmail(ada, token)).status).toBe(200);
    });
  });

  test('dies with a change of the password, a reset, and another change of address', async () => {
    const ada = await createRegistered(rekey);
    const [home, other] = [newMailbox(), newMailbox()];
    const first = await changeToken(rekey, ada, home);
    await changePassword(ada);
    expectProblem(await confirmEmail(ada, first), 'invalid_or_expired_token');
    const second = await changeToken(rekey, ada, home, NEW_PASSWORD);
    const reset = await ada.linkToken('password-resets', 'Password Reset Request');
    expect((await completeReset(ada, reset, PASSWORD)).status).toBe(204);
    await ada.signIn();
    expectProblem(await confirmEmail(ada, second), 'invalid_or_expired_token');
    const [third, fourth] = [await changeToken(rekey, ada, home), await changeToken(rekey, ada, other)];
    expect((await confirmEmail(ada, fourth)).status).toBe(200);
    expectProblem(await confirmEmail(ada, third), 'invalid_or_expired_token');
    expect(await addressOf(ada)).toBe(other.email);
  });

  test('is not mailed any more when the account has moved on before the mail went out', async () => {
    const ada = await createRegistered(rekey);
    const home = newMailbox();
    const { id, security_stamp } = await storedUser(rekey, ada);
    const noticeId = crypto.randomUUID();
    await rekey.env.DB.prepare(
      "INSERT INTO notices (id, user_id, kind, email, stamp, created_at) VALUES (?, ?, 'email_change_link', ?, ?, ?)",
    )
      .bind(noticeId, id, home.email, `${security_stamp}x`, Date.now())
      .run();
    expect(await rekey.deliver({ id: noticeId, kind: 'notice', madeAtMs: Date.now() })).toBe('acked');
    expect(rekey.mailbox.mailsTo(home.email)).toEqual([]);
    expect(await rowsOfUser(rekey, 'notices', id)).toEqual([]);
  });

  test('of another purpose or another secret changes nothing', async () => {
    const ada = await createRegistered(rekey);
    const claims = { ...(await resetClaims(rekey, ada)), email: newMailbox().email };
    const forged = [
      await makeToken('change', claims, { settings: { TOKEN_SECRET: 'A'.repeat(43) } }),
      await makeToken('reset', claims),
      await makeToken('register', { email: claims.email }),
      'A',
    ];
    for (const token of forged) {
      expectProblem(await confirmEmail(ada, token), 'invalid_or_expired_token');
      expectProblem(await check(ada, token), 'invalid_or_expired_token');
    }
    expect(await addressOf(ada)).toBe(ada.email);
  });
});

describe('an address that has an account', () => {
  test('is not told to the asker: the mail to it says so', async () => {
    const ada = await createRegistered(rekey);
    const bob = await createRegistered(rekey, 'bob');
    const [taken, free] = [await askEmailChange(ada, bob), await askEmailChange(ada, newMailbox())];
    expect([taken.status, taken.body]).toEqual([free.status, free.body]);
    expect([...taken.headers.keys()]).toEqual([...free.headers.keys()]);
    const mail = await bob.readMail(TAKEN);
    expect(mail.text).not.toMatch(/#/);
    expect(mail.text).not.toContain(ada.username);
    expect(mail.text).not.toContain(ada.email);
    expect((await ada.readMail(CHANGE_ASKED)).text).not.toContain(bob.email);
    expect(mailsTo(rekey, bob, CHANGE_LINK)).toEqual([]);
  });

  test('by the time that the link is used is told, and nothing changes', async () => {
    const ada = await createRegistered(rekey);
    const bob = createPerson(rekey, 'bob');
    const token = await changeToken(rekey, ada, bob);
    await bob.register();
    const before = await storedUser(rekey, ada);
    const cookie = ada.cookies.get('rekey-session');
    expectProblem(await confirmEmail(ada, token), 'email_taken');
    expect(await storedUser(rekey, ada)).toEqual(before);
    expect(ada.cookies.get('rekey-session')).toBe(cookie);
    expect(await ada.whoAmI()).toBe(ada.username);
    expect(await rowsOfUser(rekey, 'sessions', before.id)).toHaveLength(1);
    expect(mailsTo(rekey, ada, CHANGED)).toEqual([]);
    expect(await activityOf(ada)).not.toContain('email_changed');
  });
});

describe('for 7 days after a change', () => {
  test('another change and a deletion are refused, and then no longer', async () => {
    const ada = await createRegistered(rekey);
    await ada.signIn(PASSWORD, true);
    const home = newMailbox();
    const undo = await moveTo(rekey, { person: ada, from: ada, to: home });
    const { id } = await storedUser(rekey, home);
    const refused = async () => {
      expectProblem(await askEmailChange(ada, newMailbox()), 'change_pending');
      expectProblem(await deleteAccount(ada), 'change_pending');
    };
    await refused();
    await withClockAhead(rekey, endOf(undo) - Date.now() - SECOND_MS, refused);
    expect(await rowsOfUser(rekey, 'sessions', id)).toMatchObject([{ wrong_passwords: 0 }]);
    await withClockAhead(rekey, endOf(undo) - Date.now() + SECOND_MS, async () => {
      expect((await askEmailChange(ada, newMailbox())).status).toBe(202);
      expect((await deleteAccount(ada)).status).toBe(204);
    });
  });

  test('a wrong password is told before that', async () => {
    const ada = await createRegistered(rekey);
    await moveTo(rekey, { person: ada, from: ada, to: newMailbox() });
    expectProblem(await askEmailChange(ada, newMailbox(), NEW_PASSWORD), 'wrong_password');
    expectProblem(await deleteAccount(ada, NEW_PASSWORD), 'wrong_password');
  });

  test('the old address is nobody’s to register, and then anybody’s', async () => {
    const ada = await createRegistered(rekey);
    const home = newMailbox();
    const undo = await moveTo(rekey, { person: ada, from: ada, to: home });
    const bob = createPerson(rekey, 'bob');
    const register = async (email: string) => {
      const inSeconds = Math.floor((endOf(undo) - 7 * DAY_MS - Date.now()) / 1000);
      const token = await makeToken('register', { email }, { settings: { LINK_TOKEN_TTL: '604800' }, inSeconds });
      return { token, username: bob.username, password: PASSWORD };
    };
    for (const email of [ada.email, ada.email.toUpperCase()]) {
      const given = await register(email);
      expectProblem(await bob.post('/api/registrations/complete', given), 'invalid_or_expired_token');
      expectProblem(await bob.post('/api/registrations/check', { token: given.token }), 'invalid_or_expired_token');
    }
    await withClockAhead(rekey, endOf(undo) - Date.now() + SECOND_MS, async () => {
      const inSeconds = Math.floor((endOf(undo) - Date.now()) / 1000);
      const token = await makeToken('register', { email: ada.email }, { inSeconds });
      const given = { token, username: bob.username, password: PASSWORD };
      expect((await bob.post('/api/registrations/complete', given)).status).toBe(200);
      expect(await addressOf(bob)).toBe(ada.email);
    });
  });

  test('the old address is nobody’s to change to, and then anybody’s', async () => {
    const ada = await createRegistered(rekey);
    const bob = await createRegistered(rekey, 'bob');
    await bob.signIn(PASSWORD, true);
    const undo = await moveTo(rekey, { person: ada, from: ada, to: newMailbox() });
    const claims = { ...(await resetClaims(rekey, bob)), email: ada.email.toUpperCase() };
    expectProblem(await confirmEmail(bob, await makeToken('change', claims)), 'email_taken');
    expect(await addressOf(bob)).toBe(bob.email);
    await withClockAhead(rekey, endOf(undo) - Date.now() + SECOND_MS, async () => {
      const inSeconds = Math.floor((endOf(undo) - Date.now()) / 1000);
      expect((await confirmEmail(bob, await makeToken('change', claims, { inSeconds }))).status).toBe(200);
    });
  });

  test('reset and change links that were mailed to the old address are dead, and a link to undo it is not', async () => {
    const ada = await createRegistered(rekey);
    const home = newMailbox();
    const reset = await ada.linkToken('password-resets', 'Password Reset Request');
    const other = await changeToken(rekey, ada, newMailbox());
    const undo = tokenOf(await ada.readMail(CHANGE_ASKED));
    await moveTo(rekey, { person: ada, from: ada, to: home });
    expectProblem(await ada.post('/api/password-resets/check', { token: reset }), 'invalid_or_expired_token');
    expectProblem(await completeReset(elsewhere(ada), reset), 'invalid_or_expired_token');
    expectProblem(await confirmEmail(ada, other), 'invalid_or_expired_token');
    expect((await secure(ada, undo)).status).toBe(204);
    expect((await storedUser(rekey, ada)).username).toBe(ada.username);
  });

  test('the cron then forgets the old address', async () => {
    const ada = await createRegistered(rekey);
    const home = newMailbox();
    const undo = await moveTo(rekey, { person: ada, from: ada, to: home });
    await withClockAhead(rekey, endOf(undo) - Date.now() - SECOND_MS, () => rekey.runCron());
    expect(await storedUser(rekey, home)).toMatchObject({ previous_email: ada.email });
    await withClockAhead(rekey, endOf(undo) - Date.now() + SECOND_MS, () => rekey.runCron());
    expect(await storedUser(rekey, home)).toMatchObject({ previous_email: null, email_changed_at: null });
  });

  test('what is asked for at the old address brings the notice again; at the new one a reset link', async () => {
    const ada = await createRegistered(rekey);
    const home = newMailbox();
    const undo = await moveTo(rekey, { person: ada, from: ada, to: home });
    expect(await tokenAfter(rekey, ada, CHANGED, () => ada.askReset())).toBe(undo);
    const reset = await elsewhere(at(ada, home)).linkToken('password-resets', 'Password Reset Request');
    expect((await completeReset(home, reset)).status).toBe(204);
    expect((await elsewhere(at(ada, home)).signIn(NEW_PASSWORD)).status).toBe(200);
  });
});

describe('at the same time', () => {
  test('of ten people who want one address one gets it, the others are told, nothing is half done', async () => {
    const home = newMailbox();
    const people: Person[] = [];
    const tokens: string[] = [];
    for (let n = 0; n < 10; n += 1) {
      const person = await createRegistered(rekey);
      people.push(person);
      // A mailbox gets three such mails a day; the links are made as the mails would hold them.
      tokens.push(await makeToken('change', { ...(await resetClaims(rekey, person)), email: home.email }));
    }
    const answers = await Promise.all(people.map((person, n) => confirmEmail(person, tokens[n] ?? '')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)]);
    for (const [n, answer] of answers.entries()) {
      const person = people[n] as Person;
      if (answer.status === 200) {
        expect(await addressOf(person)).toBe(home.email);
        continue;
      }
      expectProblem(answer, 'email_taken');
      expect(await addressOf(person)).toBe(person.email);
      const user = await storedUser(rekey, person);
      expect(user).toMatchObject({ previous_email: null, email_changed_at: null });
      expect(await rowsOfUser(rekey, 'sessions', user.id)).toHaveLength(1);
      expect(await activityOf(person)).not.toContain('email_changed');
    }
  });

  test('of a change to an address and its registration one wins', async () => {
    for (let round = 0; round < 3; round += 1) {
      const ada = await createRegistered(rekey);
      const bob = createPerson(rekey, 'bob');
      const change = await makeToken('change', { ...(await resetClaims(rekey, ada)), email: bob.email });
      const token = await makeToken('register', { email: bob.email });
      const [changed, registered] = await Promise.all([
        confirmEmail(ada, change),
        bob.post('/api/registrations/complete', { token, username: bob.username, password: PASSWORD }),
      ]);
      expect([
        [200, 400],
        [409, 200],
      ]).toContainEqual([changed.status, registered.status]);
      const owners = (await rowsOf(rekey, 'users')).filter(({ email }) => email === bob.email);
      expect(owners).toHaveLength(1);
    }
  });

  test('of many uses of one link, in two browsers of one account, one counts', async () => {
    const ada = await createRegistered(rekey);
    const home = newMailbox();
    const phone = await signInElsewhere(rekey, ada);
    const token = await changeToken(rekey, ada, home);
    const cookies = [ada, phone].map(({ cookies }) => `rekey-session=${cookies.get('rekey-session')}`);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        elsewhere(ada).post('/api/account/email/confirm', { token }, { Cookie: cookies[n % 2] ?? '' }),
      ),
    );
    console.error(answers.map(a => a.status).join());
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expectProblem(answer, answer.status === 401 ? 'not_signed_in' : 'invalid_or_expired_token');
    }
    const user = await storedUser(rekey, home);
    expect(user).toMatchObject({ previous_email: ada.email });
    expect(await rowsOfUser(rekey, 'sessions', user.id)).toHaveLength(1);
    await expect.poll(() => rowsOfUser(rekey, 'notices', user.id)).toEqual([]);
    expect(mailsTo(rekey, ada, CHANGED)).toHaveLength(1);
  });

  test('of two changes of one account one counts, and the other link is dead', async () => {
    const ada = await createRegistered(rekey);
    const phone = await signInElsewhere(rekey, ada);
    const homes = [newMailbox(), newMailbox()];
    const tokens = [];
    for (const home of homes) tokens.push(await changeToken(rekey, ada, home));
    const answers = await Promise.all([confirmEmail(ada, tokens[0] ?? ''), confirmEmail(phone, tokens[1] ?? '')]);
    expect(answers.map(({ status }) => status)).toContain(200);
    const lost = answers.find(({ status }) => status !== 200);
    expect([400, 401]).toContain(lost?.status);
    const stands = (await rowsOf(rekey, 'users')).filter(({ username }) => username === ada.username);
    expect(stands).toMatchObject([{ previous_email: ada.email }]);
  });

  test('a change and the link that undoes it leave one state', async () => {
    for (let round = 0; round < 3; round += 1) {
      const ada = await createRegistered(rekey);
      const home = newMailbox();
      const token = await changeToken(rekey, ada, home);
      const undo = tokenOf(await ada.readMail(CHANGE_ASKED));
      const [changed, undone] = await Promise.all([confirmEmail(ada, token), secure(elsewhere(ada), undo)]);
      expect(undone.status).toBe(204);
      expect([200, 400, 401]).toContain(changed.status);
      expect(await storedUser(rekey, ada)).toMatchObject({ password_hash: '', previous_email: null });
      expect(await ada.whoAmI()).toBeNull();
    }
  });
});

test('a stranger’s mailbox gets three such mails a day, whoever asks and under whatever tag', async () => {
  const stranger = newMailbox();
  const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey, 'bob')];
  for (const email of [stranger.email, stranger.email.toUpperCase(), stranger.email.replace('@', '+1@')]) {
    expect((await askEmailChange(ada, { email })).status).toBe(202);
    expect((await askEmailChange(bob, { email })).status).toBe(202);
  }
  await expect.poll(() => rowsOf(rekey, 'notices')).toEqual([]);
  const tagged = rekey.mailbox.mailsTo(stranger.email.replace('@', '+1@'));
  expect(rekey.mailbox.mailsTo(stranger.email).length + tagged.length).toBe(3);
  await rekey.deliver(askedJob('registration_asked', stranger));
  expect(rekey.mailbox.mailsTo(stranger.email).length + tagged.length).toBe(3);
});
