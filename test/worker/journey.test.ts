import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserCookie } from '../support/cookies.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, tokenOf } from '../support/people.ts';

/** A thief's, and the owner's after it. */
const PASSWORDS = ['the thief’s own password', NEW_PASSWORD] as const;

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

test('a person registers, forgets the password, resets it by mail and is in again; the old password opens nothing', async () => {
  const ada = await createRegistered(rekey);
  expect(await ada.whoAmI()).toBe(ada.username);

  const elsewhere = createPerson(rekey, 'ada', ada);
  const token = await elsewhere.linkToken('password-resets', 'Password Reset Request');
  const check = await elsewhere.post('/api/password-resets/check', { token });
  expect(check).toMatchObject({ status: 200, body: { email: ada.email } });

  const reset = await elsewhere.post('/api/password-resets/complete', { token, password: NEW_PASSWORD });
  expect(reset.status).toBe(204);
  expect(reset.headers.getSetCookie()).toEqual([expect.stringMatching(browserCookie(1))]);

  expect(await ada.whoAmI()).toBeNull();
  expect((await elsewhere.signIn(PASSWORD)).status).toBe(401);
  expect(await elsewhere.signIn(NEW_PASSWORD)).toMatchObject({ status: 200, body: { user: { email: ada.email } } });
  expect(await elsewhere.whoAmI()).toBe(ada.username);

  const notice = await elsewhere.readMail('Your password was reset');
  expect(notice.link).toBe(`http://localhost:8787/secure-account#${tokenOf(notice)}`);
  // The browser of the reset is known: the sign-in that followed tells nobody anything new.
  expect(elsewhere.mails().map(({ subject }) => subject)).not.toContain('A new browser logged in');
});

test('an owner reads that the password was reset, says "this was not me" and is back in; whoever did it is out', async () => {
  const ada = await createRegistered(rekey);
  const thief = createPerson(rekey, 'ada', ada);
  const token = await thief.linkToken('password-resets');
  expect((await thief.post('/api/password-resets/complete', { token, password: PASSWORDS[0] })).status).toBe(204);
  expect((await thief.signIn(PASSWORDS[0])).status).toBe(200);

  const notice = await ada.readMail('Your password was reset');
  expect((await ada.post('/api/account/secure', { token: tokenOf(notice) })).status).toBe(204);
  expect(await thief.whoAmI()).toBeNull();
  expect((await thief.signIn(PASSWORDS[0])).status).toBe(401);

  const reset = tokenOf(await ada.readMail('Your account is secured'));
  expect((await ada.post('/api/password-resets/complete', { token: reset, password: PASSWORDS[1] })).status).toBe(204);
  expect(await ada.signIn(PASSWORDS[1])).toMatchObject({ status: 200, body: { user: { email: ada.email } } });
  expect((await thief.signIn(PASSWORDS[0])).status).toBe(401);
});

test('a link works once', async () => {
  const ada = await createRegistered(rekey);
  const token = await ada.linkToken('password-resets');
  expect((await ada.post('/api/password-resets/complete', { token, password: NEW_PASSWORD })).status).toBe(204);
  const again = await ada.post('/api/password-resets/complete', { token, password: PASSWORD });
  expect(again).toMatchObject({ status: 400, body: { code: 'invalid_or_expired_token' } });
});
