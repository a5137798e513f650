import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Rekey, startRekey } from '../support/harness.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD } from '../support/people.ts';

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
  expect(reset.headers.getSetCookie()).toEqual([]);

  expect(await ada.whoAmI()).toBeNull();
  expect((await elsewhere.signIn(PASSWORD)).status).toBe(401);
  expect(await elsewhere.signIn(NEW_PASSWORD)).toMatchObject({ status: 200, body: { user: { email: ada.email } } });
  expect(await elsewhere.whoAmI()).toBe(ada.username);
  expect((await elsewhere.readMail('Your password was reset')).text).toContain('http://localhost:8787/forgot-password');
});

test('a link works once', async () => {
  const ada = await createRegistered(rekey);
  const token = await ada.linkToken('password-resets');
  expect((await ada.post('/api/password-resets/complete', { token, password: NEW_PASSWORD })).status).toBe(204);
  const again = await ada.post('/api/password-resets/complete', { token, password: PASSWORD });
  expect(again).toMatchObject({ status: 400, body: { code: 'invalid_or_expired_token' } });
});
