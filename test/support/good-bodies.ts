/** A body for each call that takes one, by the call's name in the API description, with link tokens as mails carry them. */
import type { Rekey } from './harness.ts';
import { makeToken, resetClaims } from './link-tokens.ts';
import { createPerson, NEW_PASSWORD, PASSWORD, type Person } from './people.ts';
import { storedUser } from './rows.ts';

type Account = { email: string };

/** Links for an account as it stands. */
export const tokensOf = (rekey: Rekey) => ({
  reset: async (account: Account) => makeToken('reset', await resetClaims(rekey, account)),
  change: async (account: Account, email: string) =>
    makeToken('change', { ...(await resetClaims(rekey, account)), email }),
  secure: async (account: Account) =>
    makeToken('secure', { userId: (await storedUser(rekey, account)).id, atMs: Date.now() }),
});

/** Each is good for this person as long as nothing has changed. */
export const goodBodies = async (
  rekey: Rekey,
  person: Person,
  password = PASSWORD,
): Promise<Record<string, object>> => {
  const tokens = tokensOf(rekey);
  const someone = createPerson(rekey, 'new');
  const registration = { token: await makeToken('register', { email: someone.email }) };
  const reset = { token: await tokens.reset(person) };
  const change = { token: await tokens.change(person, createPerson(rekey).email) };
  return {
    askRegistration: { email: someone.email },
    checkRegistration: registration,
    completeRegistration: { ...registration, username: someone.username, password: PASSWORD },
    askPasswordReset: { email: person.email },
    checkPasswordReset: reset,
    completePasswordReset: { ...reset, password: NEW_PASSWORD },
    signIn: { email: person.email, password },
    renameAccount: { username: createPerson(rekey, 'new').username },
    deleteAccount: { currentPassword: password },
    changePassword: { currentPassword: password, password: NEW_PASSWORD },
    askEmailChange: { email: createPerson(rekey).email, currentPassword: password },
    checkEmailChange: change,
    confirmEmailChange: change,
    secureAccount: { token: await tokens.secure(person) },
  };
};
