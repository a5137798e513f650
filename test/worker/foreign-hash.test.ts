/** Users who came from another system with their password hashes: they sign in, and from then on they are like all others. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectProblem } from '../support/expect-problem.ts';
import { FIREBASE_SIGNER_KEY, ONE_OF_EACH, REFUSED_HASHES } from '../support/foreign-hashes.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person } from '../support/people.ts';
import { storedUser } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey({ settings: { FIREBASE_SIGNER_KEY } });
});
afterAll(() => rekey.stop());

const elsewhere = (person: Person) => createPerson(rekey, 'elsewhere', person);
const setHash = (person: Person, hash: string) =>
  rekey.env.DB.prepare('UPDATE users SET password_hash = ? WHERE email = ?').bind(hash, person.email).run();

/** Registered, and then given the hash that the other system had. */
const createImported = async (hash: string) => {
  const ada = elsewhere(await createRegistered(rekey));
  await setHash(ada, hash);
  return { ada, hashNow: async () => (await storedUser(rekey, ada)).password_hash };
};

describe('who was imported with a hash', () => {
  test.each(ONE_OF_EACH)('of $scheme signs in by the old password, which is hashed anew', async ({ hash, right }) => {
    const { ada, hashNow } = await createImported(hash);
    const password = right[0] ?? '';
    expect((await ada.signIn(password)).status).toBe(200);
    await expect.poll(hashNow).toMatch(/^\$scrypt\$ln=10,r=8,p=1\$/);
    expect(await ada.whoAmI()).toBe(ada.username);
    expect((await elsewhere(ada).signIn(password)).status).toBe(200);
    expectProblem(await elsewhere(ada).signIn(NEW_PASSWORD), 'invalid_credentials');
  });

  test.each(ONE_OF_EACH)('of $scheme is refused by another password, and nothing changes', async ({ hash, wrong }) => {
    const { ada, hashNow } = await createImported(hash);
    const { security_stamp } = await storedUser(rekey, ada);
    for (const password of [NEW_PASSWORD, wrong[0] ?? '']) {
      expectProblem(await ada.signIn(password), 'invalid_credentials');
    }
    expect(await hashNow()).toBe(hash);
    expect((await storedUser(rekey, ada)).security_stamp).toBe(security_stamp);
  });

  test('sets a new password by a reset as everybody does, and the old one is refused', async () => {
    const [{ hash, right } = { hash: '', right: [] }] = ONE_OF_EACH;
    const { ada, hashNow } = await createImported(hash);
    const token = await ada.linkToken('password-resets');
    const reset = await ada.post('/api/password-resets/complete', { token, password: NEW_PASSWORD });
    expect(reset.status).toBe(204);
    expect(await hashNow()).toMatch(/^\$scrypt\$/);
    expectProblem(await elsewhere(ada).signIn(right[0]), 'invalid_credentials');
    expect((await elsewhere(ada).signIn(NEW_PASSWORD)).status).toBe(200);
  });
});

test('a hash that is too dear, or none, refuses as a wrong password does, and stays as it is', async () => {
  const some = REFUSED_HASHES.filter(([what]) =>
    /MiB|million|cost \d|passes|without a hash|the password itself/.test(what),
  );
  expect(some.length).toBeGreaterThan(15);
  for (const [what, hash] of some) {
    const { ada, hashNow } = await createImported(hash);
    expectProblem(await ada.signIn(PASSWORD), 'invalid_credentials');
    expect(await hashNow(), what).toBe(hash);
  }
});
