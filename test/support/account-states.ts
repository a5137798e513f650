/** What `npm run admin` does to an account in the database, and an operator may do by hand. */
import type { Rekey } from './harness.ts';

export const SUSPEND =
  'UPDATE users SET suspended_at = unixepoch() * 1000, security_stamp = lower(hex(randomblob(16)))';
export const RESTORE = 'UPDATE users SET suspended_at = NULL';
export const REQUIRE_RESET = 'UPDATE users SET reset_required_at = unixepoch() * 1000';

export const operate = async (rekey: Rekey, statement: string, { email }: { email: string }): Promise<void> => {
  await rekey.env.DB.prepare(`${statement} WHERE lower(email) = lower(?)`).bind(email).run();
};
