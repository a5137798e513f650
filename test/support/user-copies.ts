/** Many accounts at once, for tests that need more of them than they can wait for: copies of one that registered. */
import { hashPassword } from '../../worker/credentials/password-hash.ts';
import type { ScryptCost } from '../../worker/credentials/scrypt-cost.ts';
import type { Rekey } from './harness.ts';
import { PASSWORD, type Person } from './people.ts';
import { storedUser } from './rows.ts';

let copies = 0;

/** Answers the addresses. Their password is PASSWORD, hashed at this cost; with null they have none that is usable. */
export const copyUser = async (
  rekey: Rekey,
  person: Person,
  count: number,
  cost: ScryptCost | null,
): Promise<string[]> => {
  const original = await storedUser(rekey, person);
  const passwordHash = cost ? hashPassword(PASSWORD, cost) : '';
  const rows = Array.from({ length: count }, () => {
    copies += 1;
    const stamps = { security_stamp: crypto.randomUUID(), browser_stamp: crypto.randomUUID() };
    const names = { id: crypto.randomUUID(), username: `copy-${copies}`, email: `copy-${copies}@example.com` };
    return { ...original, ...names, ...stamps, password_hash: passwordHash };
  });
  const columns = Object.keys(original);
  const values = columns.map(column => `value ->> '${column}'`);
  await rekey.env.DB.prepare(`INSERT INTO users (${columns}) SELECT ${values} FROM json_each(?)`)
    .bind(JSON.stringify(rows))
    .run();
  return rows.map(({ email }) => email);
};
