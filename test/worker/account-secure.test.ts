/** "This was not me": what the link of a notice gives back, for how long, and how often. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addressOf,
  askEmailChange,
  CHANGE_ASKED,
  changePassword,
  changeToken,
  completeReset,
  confirmEmail,
  mailsTo,
  moveTo,
  NEW_BROWSER,
  PASSWORD_CHANGED,
  PASSWORD_WAS_RESET,
  SECURED,
  secure,
  signInElsewhere,
  tokenAfter,
} from '../support/account.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { type Rekey, startRekey, withClockAhead } from '../support/harness.ts';
import { makeToken, resetClaims } from '../support/link-tokens.ts';
import { askedJob, endOf } from '../support/mail-jobs.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person, tokenOf } from '../support/people.ts';
import { rowsOfUser, storedUser } from '../support/rows.ts';
import { breakIn, expectGivenBack, OWNERS_NEXT, standingAddress, steal } from '../support/theft.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;

const elsewhere = (who: { username: string; email: string }) => createPerson(rekey, 'elsewhere', who);

describe('the link of a notice', () => {
  test('puts the address back, ends every session, voids the password and mails a reset link', async () => {
    const { ada, thief, lair, noticed } = await steal(rekey);
    const stolen = await storedUser(rekey, lair);
    const reader = createPerson(rekey, 'reader');
    const done = await secure(reader, noticed);
    expect([done.status, done.text, done.headers.getSetCookie()]).toEqual([204, '', []]);
    const user = await storedUser(rekey, ada);
    expect(user).toMatchObject({
      id: stolen.id,
      password_hash: '',
      previous_email: null,
      email_changed_at: null,
      secured_at: expect.any(Number),
    });
    expect(user.security_stamp).not.toBe(stolen.security_stamp);
    expect(user.browser_stamp).not.toBe(stolen.browser_stamp);
    expect(await rowsOfUser(rekey, 'sessions', user.id)).toEqual([]);
    const mail = await ada.readMail(SECURED);
    expect(mail.to).toEqual([ada.email]);
    expect(mail.text).toContain('To reset your password, visit the following link:');
    expect(mailsTo(rekey, lair, SECURED)).toEqual([]);
    await expectGivenBack(rekey, ada, thief);
  });

  test('leaves a password that nothing opens, with the answer that every wrong one gets', async () => {
    const ada = await createRegistered(rekey);
    const { noticed } = await breakIn(rekey, ada);
    await secure(ada, noticed);
    const refused = await ada.signIn(PASSWORD);
    expectProblem(refused, 'invalid_credentials');
    expect((await createPerson(rekey).signIn(PASSWORD)).body).toEqual(refused.body);
    expect((await createPerson(rekey, 'ada', ada).signIn('')).status).toBe(422);
  });

  test('works once', async () => {
    const { ada, noticed } = await steal(rekey);
    expect((await secure(ada, noticed)).status).toBe(204);
    const after = await storedUser(rekey, ada);
    expectProblem(await secure(ada, noticed), 'invalid_or_expired_token');
    expect(await storedUser(rekey, ada)).toEqual(after);
  });

  test('works once of twenty simultaneous uses, and one mail goes out', async () => {
    const { ada, noticed } = await steal(rekey);
    const answers = await Promise.all(Array.from({ length: 20 }, () => secure(elsewhere(ada), noticed)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array(19).fill(400)]);
    await ada.readMail(SECURED);
    const { id } = await storedUser(rekey, ada);
    await expect.poll(() => rowsOfUser(rekey, 'notices', id)).toEqual([]);
    expect(mailsTo(rekey, ada, SECURED)).toHaveLength(1);
  });

  test('works for 7 days from what it told of, to the second', async () => {
    const before = Date.now();
    const { ada, noticed } = await steal(rekey);
    const { email_changed_at } = await storedUser(rekey, { email: await standingAddress(rekey, ada) });
    expect(endOf(noticed)).toBe(Math.floor(Number(email_changed_at) / 1000) * 1000 + 7 * DAY_MS);
    expect(endOf(noticed)).toBeGreaterThan(before - SECOND_MS + 7 * DAY_MS);
    await withClockAhead(rekey, endOf(noticed) - Date.now(), async () => {
      expectProblem(await secure(ada, noticed), 'invalid_or_expired_token');
    });
    await withClockAhead(rekey, endOf(noticed) - Date.now() - SECOND_MS, async () => {
      expect((await secure(ada, noticed)).status).toBe(204);
    });
    expect(await storedUser(rekey, ada)).toMatchObject({ email: ada.email });
  });

  test('is bound to no stamp: no change of the password or the address outruns it', async () => {
    const ada = await createRegistered(rekey);
    const { thief, noticed } = await breakIn(rekey, ada);
    const lair = createPerson(rekey, 'lair');
    await moveTo(rekey, { person: thief, from: ada, to: lair });
    expect((await changePassword(thief)).status).toBe(204);
    const his = createPerson(rekey, 'thief', { username: ada.username, email: lair.email });
    const reset = await tokenAfter(rekey, lair, 'Password Reset Request', () => his.askReset());
    expect((await completeReset(his, reset, `${NEW_PASSWORD} again`)).status).toBe(204);
    expect((await secure(ada, noticed)).status).toBe(204);
    await expectGivenBack(rekey, ada, thief, `${NEW_PASSWORD} again`);
  });

  const notices: { title: string; subject: string; bring: (thief: Person, ada: Person) => Promise<unknown> }[] = [
    { title: 'a sign-in from a new browser', subject: NEW_BROWSER, bring: async () => undefined },
    {
      title: 'a change of the password',
      subject: PASSWORD_CHANGED,
      bring: async thief => {
        await changePassword(thief);
        await changePassword(thief, NEW_PASSWORD, PASSWORD);
      },
    },
    {
      title: 'a reset',
      subject: PASSWORD_WAS_RESET,
      bring: async (thief, ada) => {
        await completeReset(thief, await ada.linkToken('password-resets', 'Password Reset Request'), PASSWORD);
        await thief.signIn();
      },
    },
    {
      title: 'an address that was asked for',
      subject: CHANGE_ASKED,
      bring: thief => askEmailChange(thief, createPerson(rekey, 'nowhere')),
    },
  ];
  test.each(notices)('undoes a later change of address, though it told of $title', async ({ subject, bring }) => {
    const ada = await createRegistered(rekey);
    const { thief } = await breakIn(rekey, ada);
    await bring(thief, ada);
    const noticed = tokenOf(await ada.readMail(subject));
    await moveTo(rekey, { person: thief, from: ada, to: createPerson(rekey, 'lair') });
    expect((await secure(ada, noticed)).status).toBe(204);
    await expectGivenBack(rekey, ada, thief);
  });

  test('drops a change of address that is only asked for', async () => {
    const ada = await createRegistered(rekey);
    const { thief } = await breakIn(rekey, ada);
    const lair = createPerson(rekey, 'lair');
    const token = await changeToken(rekey, thief, lair);
    expect((await secure(ada, tokenOf(await ada.readMail(CHANGE_ASKED)))).status).toBe(204);
    await expectGivenBack(rekey, ada, thief);
    expectProblem(await confirmEmail(thief, token), 'not_signed_in');
    const owner = await signInElsewhere(rekey, ada, OWNERS_NEXT);
    expectProblem(await confirmEmail(owner, token), 'invalid_or_expired_token');
    expectProblem(await lair.post('/api/account/email/check', { token }), 'invalid_or_expired_token');
    expect(await addressOf(owner)).toBe(ada.email);
  });

  test('leaves a change of address alone that is older than 7 days', async () => {
    const ada = await createRegistered(rekey);
    const home = createPerson(rekey, 'home');
    await moveTo(rekey, { person: ada, from: ada, to: home });
    const atHome = { username: ada.username, email: home.email };
    await withClockAhead(rekey, 7 * DAY_MS + SECOND_MS, async () => {
      const noticed = await tokenAfter(rekey, home, NEW_BROWSER, () => elsewhere(atHome).signIn());
      expect((await secure(home, noticed)).status).toBe(204);
      const mail = await home.readMail(SECURED);
      expect((await completeReset(home, tokenOf(mail))).status).toBe(204);
    });
    expect(await storedUser(rekey, home)).toMatchObject({ email: home.email });
  });

  test('is dead where its notice is from before another was used, and alive where from after', async () => {
    const ada = await createRegistered(rekey);
    const { noticed: first } = await breakIn(rekey, ada);
    const { noticed: second } = await breakIn(rekey, ada);
    expect((await secure(ada, second)).status).toBe(204);
    expectProblem(await secure(ada, first), 'invalid_or_expired_token');
    const reset = tokenOf(await ada.readMail(SECURED));
    expect((await completeReset(ada, reset, PASSWORD)).status).toBe(204);
    expectProblem(await secure(ada, first), 'invalid_or_expired_token');
    const { thief, noticed: third } = await breakIn(rekey, ada);
    expect((await secure(ada, third)).status).toBe(204);
    expect(await thief.whoAmI()).toBeNull();
  });

  test('mails the reset link whatever was mailed before', async () => {
    const ada = await createRegistered(rekey);
    const { noticed } = await breakIn(rekey, ada);
    for (let n = 0; n < 4; n += 1) expect(await rekey.deliver(askedJob('reset_asked', ada))).toBe('acked');
    expect(mailsTo(rekey, ada, 'Password Reset Request')).toHaveLength(3);
    const before = mailsTo(rekey, ada, 'Password Reset Request').map(tokenOf);
    expect((await secure(ada, noticed)).status).toBe(204);
    const reset = tokenOf(await ada.readMail(SECURED));
    for (const token of before) expectProblem(await completeReset(ada, token), 'invalid_or_expired_token');
    expect((await completeReset(ada, reset)).status).toBe(204);
  });

  test('needs no session and no browser: the link is the proof, and a forged one none', async () => {
    const ada = await createRegistered(rekey);
    const claims = await resetClaims(rekey, ada);
    const forged = [
      await makeToken(
        'secure',
        { userId: claims.userId, atMs: Date.now() },
        { settings: { TOKEN_SECRET: 'A'.repeat(43) } },
      ),
      await makeToken('reset', claims),
      await makeToken('secure', { userId: crypto.randomUUID(), atMs: Date.now() }),
      '',
    ];
    const before = await storedUser(rekey, ada);
    for (const token of forged) expectProblem(await secure(ada, token), 'invalid_or_expired_token');
    expect(await storedUser(rekey, ada)).toEqual(before);
    expect(await ada.whoAmI()).toBe(ada.username);
  });

  test('stands in the activity, without its token', async () => {
    const ada = await createRegistered(rekey);
    const { noticed } = await breakIn(rekey, ada);
    await secure(ada, noticed);
    const { id } = await storedUser(rekey, ada);
    const rows = await rowsOfUser(rekey, 'activity', id);
    expect(rows.filter(({ kind }) => kind === 'secured')).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(noticed);
  });
});
