/** An account in a thief's hands, and what it takes for its owner to have it back. */
import { expect } from 'vitest';
import { addressOf, completeReset, moveTo, NEW_BROWSER, SECURED, tokenAfter } from './account.ts';
import { expectProblem } from './expect-problem.ts';
import type { Rekey } from './harness.ts';
import { createPerson, createRegistered, PASSWORD, type Person, tokenOf } from './people.ts';

export const OWNERS_NEXT = 'magnet orchard plain teapot';

/** Somebody who knows the password signs in from a browser of their own; the token is of the notice that the owner gets. */
export const breakIn = async (
  rekey: Rekey,
  ada: Person,
  remember?: boolean,
): Promise<{ thief: Person; noticed: string }> => {
  const thief = createPerson(rekey, 'thief', ada);
  const noticed = await tokenAfter(rekey, ada, NEW_BROWSER, () => thief.signIn(PASSWORD, remember));
  return { thief, noticed };
};

/** Ada's account under the thief's address, opened by him. The token is of the notice of that change. */
export const steal = async (rekey: Rekey) => {
  const ada = await createRegistered(rekey);
  const { thief } = await breakIn(rekey, ada);
  const lair = createPerson(rekey, 'lair');
  const noticed = await moveTo(rekey, { person: thief, from: ada, to: lair });
  return { ada, thief, lair, noticed, atLair: { username: ada.username, email: lair.email } };
};

/** That the owner has the account, with the mail that securing it brought, and the thief has nothing. */
export const expectGivenBack = async (
  rekey: Rekey,
  ada: Person,
  thief: Person,
  hisPassword = PASSWORD,
): Promise<void> => {
  const token = tokenOf(await ada.readMail(SECURED));
  const owner = createPerson(rekey, 'owner', ada);
  expect((await completeReset(owner, token, OWNERS_NEXT)).status).toBe(204);
  expect((await owner.signIn(OWNERS_NEXT)).status).toBe(200);
  expect(await addressOf(owner)).toBe(ada.email);
  expect(await thief.whoAmI()).toBeNull();
  expectProblem(await createPerson(rekey, 'thief', ada).signIn(hisPassword), 'invalid_credentials');
};

/** Where the account of this owner stands now. */
export const standingAddress = async (rekey: Rekey, { username }: Person): Promise<string> => {
  const found = rekey.env.DB.prepare('SELECT email FROM users WHERE username = ?').bind(username);
  return (await found.first<{ email: string }>())?.email ?? '';
};
