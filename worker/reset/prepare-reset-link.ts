/** The consumer's side of a reset: the one place that looks the asker's address up, long after the answer went out. */
import type { AskedJob } from '../mail/job.ts';
import { prepareForStranger, prepareForUser } from '../mail/link-mail.ts';
import type { PreparedMail, PrepareTools } from '../mail/prepared-mail.ts';
import { findUserByEmail } from '../store/users.ts';

/**
 * The mail for a reset that was asked for: a reset link, or word that there is no account. Sends nothing. A suspended account
 * gets its link like any other, and the link works: it signs nobody in, the sign-in after it is refused as before, and
 * whoever has the old password has it no more when the account is restored.
 */
export const prepareResetLink = async (tools: PrepareTools, job: AskedJob): Promise<PreparedMail> => {
  const user = await findUserByEmail(tools.db, job.email);
  return user ? prepareForUser(tools, job, user, 'reset') : prepareForStranger(tools, job, 'no_account');
};
