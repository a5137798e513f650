/** A thief who knows the password tries everything to keep an account: its owner gets it back each time. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Mail } from '../mailbox/mailbox.ts';
import {
  addressOf,
  askEmailChange,
  CHANGED,
  changePassword,
  changeToken,
  completeReset,
  confirmEmail,
  deleteAccount,
  mailsTo,
  moveTo,
  NEW_BROWSER,
  PASSWORD_CHANGED,
  SECURED,
  secure,
  tokenAfter,
} from '../support/account.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { type Rekey, startRekey, withClockAhead } from '../support/harness.ts';
import { makeToken, resetClaims } from '../support/link-tokens.ts';
import { askedJob, endOf } from '../support/mail-jobs.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person, tokenOf } from '../support/people.ts';
import { storedUser } from '../support/rows.ts';
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

/** One more reset mail, asked for at the queue's door. */
const resetMail = async (ada: Person): Promise<Mail> => {
  const before = mailsTo(rekey, ada, 'Password Reset Request').length;
  await rekey.deliver(askedJob('reset_asked', ada));
  const mails = mailsTo(rekey, ada, 'Password Reset Request');
  expect(mails).toHaveLength(before + 1);
  return mails[0] as Mail;
};

describe('the owner gets the account back from a thief who', () => {
  test('changes the address a second time', async () => {
    const { ada, thief, noticed } = await steal(rekey);
    const second = createPerson(rekey, 'second');
    expectProblem(await askEmailChange(thief, second), 'change_pending');
    await withClockAhead(rekey, 6 * HOUR_MS, async () => {
      expectProblem(await askEmailChange(thief, second), 'change_pending');
    });
    expect(rekey.mailbox.mailsTo(second.email)).toEqual([]);
    expect((await secure(ada, noticed)).status).toBe(204);
    await expectGivenBack(rekey, ada, thief);
  });

  test('has mails sent to addresses that fold like the old one, to use up the notices to it', async () => {
    const { ada, thief } = await steal(rekey);
    const tagged = { email: ada.email.replace('@', '+tag@') };
    for (let mail = 0; mail < 5; mail += 1) await rekey.deliver(askedJob('registration_asked', tagged));
    const [last] = mailsTo(rekey, ada, CHANGED);
    await rekey.deliver(askedJob('reset_asked', ada));
    const repeated = await ada.readMail(CHANGED, last);
    expect((await secure(ada, tokenOf(repeated))).status).toBe(204);
    await expectGivenBack(rekey, ada, thief);
  });

  test('asks for two changes and then makes both', async () => {
    const ada = await createRegistered(rekey);
    const { thief } = await breakIn(rekey, ada);
    const [lair, second] = [createPerson(rekey, 'lair'), createPerson(rekey, 'second')];
    const first = await changeToken(rekey, thief, lair);
    const other = await changeToken(rekey, thief, second);
    expect((await confirmEmail(thief, first)).status).toBe(200);
    expectProblem(await confirmEmail(thief, other), 'invalid_or_expired_token');
    expect((await secure(ada, tokenOf(await ada.readMail(CHANGED)))).status).toBe(204);
    await expectGivenBack(rekey, ada, thief);
  });

  test('changes the address back and forth until nothing is left to take back', async () => {
    const { ada, thief, noticed } = await steal(rekey);
    // Not even to where it came from: that would make the thief's address the one to put back.
    expectProblem(await askEmailChange(thief, ada), 'change_pending');
    expect((await secure(ada, noticed)).status).toBe(204);
    await expectGivenBack(rekey, ada, thief);
  });

  test('tries to delete it', async () => {
    const { ada, thief, noticed } = await steal(rekey);
    expectProblem(await deleteAccount(thief), 'change_pending');
    expect((await secure(ada, noticed)).status).toBe(204);
    await expectGivenBack(rekey, ada, thief);
  });

  test('waits with the deletion until the last second', async () => {
    const ada = await createRegistered(rekey);
    const { thief } = await breakIn(rekey, ada, true);
    const noticed = await moveTo(rekey, { person: thief, from: ada, to: createPerson(rekey, 'lair') });
    await withClockAhead(rekey, endOf(noticed) - Date.now() - SECOND_MS, async () => {
      expectProblem(await deleteAccount(thief), 'change_pending');
      expect((await secure(ada, noticed)).status).toBe(204);
      await expectGivenBack(rekey, ada, thief);
    });
  });

  test('tries to register the old address, or to take it for another account', async () => {
    const { ada, thief, noticed } = await steal(rekey);
    const his = createPerson(rekey, 'his', { username: `his-${ada.username}`.slice(0, 20), email: ada.email });
    // What he could have from before: a link to the address from when it had no account.
    const token = await makeToken('register', { email: ada.email });
    expectProblem(await his.post('/api/registrations/check', { token }), 'invalid_or_expired_token');
    const complete = { token, username: his.username, password: PASSWORD };
    expectProblem(await his.post('/api/registrations/complete', complete), 'invalid_or_expired_token');
    const mallory = await createRegistered(rekey, 'mallory');
    const change = await makeToken('change', { ...(await resetClaims(rekey, mallory)), email: ada.email });
    expectProblem(await confirmEmail(mallory, change), 'email_taken');
    expect((await secure(ada, noticed)).status).toBe(204);
    await expectGivenBack(rekey, ada, thief);
  });

  test('asks for resets and registrations all day, at both addresses', async () => {
    const { ada, thief, lair, noticed } = await steal(rekey);
    const at = [ada, lair];
    for (let hour = 0; hour < 24; hour += 3) {
      await withClockAhead(rekey, hour * HOUR_MS, async () => {
        for (const address of at) {
          await rekey.deliver(askedJob('reset_asked', address, Date.now() + hour * HOUR_MS));
          await rekey.deliver(askedJob('registration_asked', address, Date.now() + hour * HOUR_MS));
        }
      });
    }
    await withClockAhead(rekey, DAY_MS, async () => {
      expect((await secure(ada, noticed)).status).toBe(204);
      await expectGivenBack(rekey, ada, thief);
    });
  });

  test('uses up the owner’s mails before and after: the notice, the secured mail and the link in it come', async () => {
    const ada = await createRegistered(rekey);
    const tagged = { email: ada.email.replace('@', '+tag@') };
    for (let n = 0; n < 4; n += 1) {
      await rekey.deliver(askedJob('reset_asked', ada));
      await rekey.deliver(askedJob('registration_asked', tagged));
    }
    const { thief } = await breakIn(rekey, ada);
    const noticed = await moveTo(rekey, { person: thief, from: ada, to: createPerson(rekey, 'lair') });
    for (let n = 0; n < 4; n += 1) await rekey.deliver(askedJob('reset_asked', ada));
    expect((await secure(ada, noticed)).status).toBe(204);
    await expectGivenBack(rekey, ada, thief);
  });

  test('has changed the address, when the owner lost the notice and asks for a reset: the notice comes again', async () => {
    const { ada, thief, noticed } = await steal(rekey);
    const again = await tokenAfter(rekey, ada, CHANGED, () => ada.askReset());
    expect(again).toBe(noticed);
    expect((await secure(ada, again)).status).toBe(204);
    await expectGivenBack(rekey, ada, thief);
  });

  test('has changed the address, when the owner tries to register again: the notice comes again', async () => {
    const { ada, thief } = await steal(rekey);
    const again = await tokenAfter(rekey, ada, CHANGED, () => ada.askRegistration());
    expect((await secure(ada, again)).status).toBe(204);
    await expectGivenBack(rekey, ada, thief);
  });

  test('presses the link in a mail to his own mailbox', async () => {
    const { ada, thief, lair, atLair } = await steal(rekey);
    const his = await tokenAfter(rekey, lair, NEW_BROWSER, () => elsewhere(atLair).signIn());
    expect((await secure(thief, his)).status).toBe(204);
    expect(await standingAddress(rekey, ada)).toBe(ada.email);
    expect(mailsTo(rekey, lair, SECURED)).toEqual([]);
    await expectGivenBack(rekey, ada, thief);
  });

  test('keeps links of his own mailbox for later', async () => {
    const { ada, thief, lair, atLair, noticed } = await steal(rekey);
    const his = await tokenAfter(rekey, lair, NEW_BROWSER, () => elsewhere(atLair).signIn());
    expect((await secure(ada, noticed)).status).toBe(204);
    await expectGivenBack(rekey, ada, thief);
    const before = await storedUser(rekey, ada);
    expectProblem(await secure(thief, his), 'invalid_or_expired_token');
    expect(await storedUser(rekey, ada)).toEqual(before);
  });

  test('has a reset link in his own mailbox, from before the address was put back', async () => {
    const { ada, thief, lair, atLair, noticed } = await steal(rekey);
    const his = await tokenAfter(rekey, lair, 'Password Reset Request', () => elsewhere(atLair).askReset());
    expect((await secure(ada, noticed)).status).toBe(204);
    expectProblem(await completeReset(thief, his), 'invalid_or_expired_token');
    await expectGivenBack(rekey, ada, thief);
  });

  test('signs in again with the password that he knows', async () => {
    const { ada, thief, lair, atLair, noticed } = await steal(rekey);
    expect((await secure(ada, noticed)).status).toBe(204);
    for (const who of [ada, atLair, { username: ada.username, email: lair.email }]) {
      expectProblem(await elsewhere(who).signIn(PASSWORD), 'invalid_credentials');
    }
    expectProblem(await thief.signIn(PASSWORD), 'invalid_credentials');
    await expectGivenBack(rekey, ada, thief);
  });

  test('signs in at the very moment that the link is used', async () => {
    const { ada, thief, atLair, noticed } = await steal(rekey);
    const his = Array.from({ length: 8 }, () => elsewhere(atLair));
    const [done] = await Promise.all([secure(ada, noticed), ...his.map(browser => browser.signIn(PASSWORD))]);
    expect(done.status).toBe(204);
    expect(await Promise.all(his.map(browser => browser.whoAmI()))).toEqual(his.map(() => null));
    await expectGivenBack(rekey, ada, thief);
  });

  test('keeps changing the password while the owner’s reset link is on its way', async () => {
    const ada = await createRegistered(rekey);
    const { thief } = await breakIn(rekey, ada);
    const passwords = [PASSWORD, NEW_PASSWORD, `${NEW_PASSWORD} 2`, `${NEW_PASSWORD} 3`];
    for (let n = 0; n < 3; n += 1) {
      const token = tokenOf(await resetMail(ada));
      expect((await changePassword(thief, passwords[n], passwords[n + 1])).status).toBe(204);
      expectProblem(await completeReset(ada, token, OWNERS_NEXT), 'invalid_or_expired_token');
    }
    const token = tokenOf(await resetMail(ada));
    const answer = await changePassword(thief, passwords[3], `${NEW_PASSWORD} 4`);
    expectProblem(answer, 'too_many_requests');
    expect((await completeReset(ada, token, OWNERS_NEXT)).status).toBe(204);
    expect(await thief.whoAmI()).toBeNull();
    expect((await ada.signIn(OWNERS_NEXT)).status).toBe(200);
  });

  test('keeps changing the password, by the link of any of the notices of it', async () => {
    const ada = await createRegistered(rekey);
    const { thief } = await breakIn(rekey, ada);
    const noticed = await tokenAfter(rekey, ada, PASSWORD_CHANGED, () => changePassword(thief));
    expect((await changePassword(thief, NEW_PASSWORD, PASSWORD)).status).toBe(204);
    expect((await secure(ada, noticed)).status).toBe(204);
    await expectGivenBack(rekey, ada, thief);
  });

  test('asks for a change of address and keeps the link until after the reset', async () => {
    const ada = await createRegistered(rekey);
    const { thief } = await breakIn(rekey, ada);
    const his = await changeToken(rekey, thief, createPerson(rekey, 'lair'));
    const token = tokenOf(await resetMail(ada));
    expect((await completeReset(ada, token, OWNERS_NEXT)).status).toBe(204);
    expectProblem(await confirmEmail(thief, his), 'not_signed_in');
    expect((await ada.signIn(OWNERS_NEXT)).status).toBe(200);
    expectProblem(await confirmEmail(ada, his), 'invalid_or_expired_token');
    expect(await addressOf(ada)).toBe(ada.email);
  });
});
