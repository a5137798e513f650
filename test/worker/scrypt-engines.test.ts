/** SCRYPT_ENGINE: changing it changes who computes a hash, and nothing that anybody notices. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ScryptEngine } from '../../worker/credentials/scrypt-engine.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { startChangeableRekey } from '../support/harness.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person } from '../support/people.ts';
import { storedUser } from '../support/rows.ts';

let rekey: Awaited<ReturnType<typeof startChangeableRekey>>;
beforeAll(async () => {
  rekey = await startChangeableRekey();
});
afterAll(() => rekey.stop());
afterEach(() => rekey.doors.changeSettings({}));

const elsewhere = (person: Person) => createPerson(rekey, 'elsewhere', person);
const hashOf = async (person: Person) => (await storedUser(rekey, person)).password_hash;

const CHANGES: [ScryptEngine, ScryptEngine][] = [
  ['noble', 'native'],
  ['native', 'noble'],
];

test.each(CHANGES)('who registered under %s signs in under %s, and nobody else does', async (before, after) => {
  await rekey.doors.changeSettings({ SCRYPT_ENGINE: before });
  const ada = await createRegistered(rekey);
  const hash = await hashOf(ada);
  expect(hash).toMatch(/^\$scrypt\$ln=10,r=8,p=1\$/);

  await rekey.doors.changeSettings({ SCRYPT_ENGINE: after });
  expectProblem(await elsewhere(ada).signIn(NEW_PASSWORD), 'invalid_credentials');
  expect((await elsewhere(ada).signIn(PASSWORD)).status).toBe(200);
  // The cost is the same, so there is nothing to make anew.
  expect(await hashOf(ada)).toBe(hash);
});

test.each(CHANGES)('a password that was reset under %s holds under %s', async (before, after) => {
  await rekey.doors.changeSettings({ SCRYPT_ENGINE: before });
  const ada = await createRegistered(rekey);
  const token = await ada.linkToken('password-resets');
  const reset = await elsewhere(ada).post('/api/password-resets/complete', { token, password: NEW_PASSWORD });
  expect(reset.status).toBe(204);

  await rekey.doors.changeSettings({ SCRYPT_ENGINE: after });
  expectProblem(await elsewhere(ada).signIn(PASSWORD), 'invalid_credentials');
  expect((await elsewhere(ada).signIn(NEW_PASSWORD)).status).toBe(200);
});

test('a raised cost reaches a user at the next sign-in, whichever engines made and read the hash', async () => {
  const ada = await createRegistered(rekey);
  await rekey.doors.changeSettings({ SCRYPT_ENGINE: 'native', SCRYPT: 'ln=11,r=8,p=2' });
  expectProblem(await elsewhere(ada).signIn(NEW_PASSWORD), 'invalid_credentials');
  expect((await elsewhere(ada).signIn()).status).toBe(200);
  await expect.poll(() => hashOf(ada)).toMatch(/^\$scrypt\$ln=11,r=8,p=2\$/);
  await rekey.doors.changeSettings({ SCRYPT: 'ln=11,r=8,p=2' });
  expect((await elsewhere(ada).signIn()).status).toBe(200);
});

test('the hashing object computes by the engine that it is told: only to node:crypto is an r of 0 its default', async () => {
  const object = rekey.env.PASSWORD_HASHER.getByName('sign-in-0');
  const tell = { ln: 4, r: 0, p: 1 };
  expect(await object.hash('', 'x', tell, 'native')).toMatchObject({ kind: 'hashed' });
  expect(await object.verify('', 'x', null, tell, 'native')).toEqual({ kind: 'verified', matches: false });
  await expect(object.hash('', 'x', tell, 'noble')).rejects.toThrow();
  await expect(object.verify('', 'x', null, tell, 'noble')).rejects.toThrow();
});

test('an engine that there is not is named in the log, and nothing is hashed by another one', async () => {
  const ada = await createRegistered(rekey);
  await rekey.doors.changeSettings({ SCRYPT_ENGINE: 'argon2' });
  expectProblem(await elsewhere(ada).signIn(), 'misconfigured');
  const [logged] = rekey.events().filter(({ event }) => event === 'misconfigured');
  expect(logged.problems).toEqual(['SCRYPT_ENGINE should hold "noble" or "native"']);
});
