/** Whom a verb is about. */
import { findPerson } from '../../worker/store/support.ts';
import { AdminError } from './admin-error.ts';
import type { Admin } from './open-admin.ts';

export type Person = NonNullable<Awaited<ReturnType<typeof findPerson>>>;

export const nobodyIs = (wanted: string) => `Nobody has the address, username or id ${JSON.stringify(wanted)}.`;

export const mustFind = async ({ db }: Admin, wanted: string): Promise<Person> => {
  const person = await findPerson(db, wanted.trim());
  if (!person) throw new AdminError(nobodyIs(wanted));
  return person;
};

export const addresseeOf = async ({ addressKeyOf }: Admin, { id, email }: Person) => ({
  userId: id,
  addressKey: await addressKeyOf(email),
});
