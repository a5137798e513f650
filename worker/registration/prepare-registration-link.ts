/** The consumer's side of a registration: a link to finish, or word that the address has an account already. */
import type { AskedJob } from '../mail/job.ts';
import { prepareForStranger, prepareForUser } from '../mail/link-mail.ts';
import type { PreparedMail, PrepareTools } from '../mail/prepared-mail.ts';
import { findUserByEmail } from '../store/users.ts';

/** The mail for a registration that was asked for. Sends nothing. */
export const prepareRegistrationLink = async (tools: PrepareTools, job: AskedJob): Promise<PreparedMail> => {
  const user = await findUserByEmail(tools.db, job.email);
  return user ? prepareForUser(tools, job, user, 'account_exists') : prepareForStranger(tools, job, 'registration');
};
