/** The calls that take an address from anybody cannot look it up: they work with no users to look at. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Rekey, startRekey } from '../support/harness.ts';
import { createPerson, createRegistered } from '../support/people.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

test('asking for a reset or a registration is answered the same with the users table gone', async () => {
  const ada = await createRegistered(rekey);
  const before = [await ada.askReset(), await ada.askRegistration()];
  await ada.readMail('You already have a Rekey account');
  // What is sent to the database at the end of this file is held against its indexes: the table comes back before.
  await rekey.env.DB.exec('ALTER TABLE users RENAME TO users_gone');

  const known = [await ada.askReset(), await ada.askRegistration()];
  const stranger = createPerson(rekey, 'stranger');
  const unknown = [await stranger.askReset(), await stranger.askRegistration()];
  expect(known.map(({ status }) => status)).toEqual([202, 202]);
  expect(known.map(({ text }) => text)).toEqual(before.map(({ text }) => text));
  expect(unknown.map(({ text }) => text)).toEqual(before.map(({ text }) => text));
  expect((await ada.signIn()).status).toBe(503);
  await rekey.env.DB.exec('ALTER TABLE users_gone RENAME TO users');
});
