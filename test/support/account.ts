/** What a signed-in person does with the account, for tests that are about what comes of it. */

import type { Rekey } from './harness.ts';
import { type Answer, createPerson, NEW_PASSWORD, PASSWORD, type Person, tokenOf } from './people.ts';

export const SECURED = 'Your account is secured';
export const CHANGE_LINK = 'Confirm your new email address';
export const CHANGE_ASKED = 'A new email address was asked for';
export const CHANGED = 'Your email address was changed';
export const NEW_BROWSER = 'A new browser logged in';
export const PASSWORD_CHANGED = 'Your password was changed';
export const PASSWORD_WAS_RESET = 'Your password was reset';

export const changePassword = (person: Person, currentPassword = PASSWORD, password = NEW_PASSWORD) =>
  person.post('/api/account/password', { currentPassword, password });

export const askEmailChange = (person: Person, { email }: { email: string }, currentPassword = PASSWORD) =>
  person.post('/api/account/email', { email, currentPassword });

export const confirmEmail = (person: Person, token: string) => person.post('/api/account/email/confirm', { token });

export const deleteAccount = (person: Person, currentPassword = PASSWORD) =>
  person.send('/api/account', { method: 'DELETE', json: { currentPassword } });

export const secure = (person: Person, token: string) => person.post('/api/account/secure', { token });

export const completeReset = (person: Person, token: string, password = NEW_PASSWORD) =>
  person.post('/api/password-resets/complete', { token, password });

/** Mails with this subject to this person's address, newest first. */
export const mailsTo = (rekey: Rekey, { email }: { email: string }, subject?: string) =>
  rekey.mailbox.mailsTo(email).filter(mail => !subject || mail.subject === subject);

/** The token of the next mail with this subject that the work makes arrive at somebody's mailbox. */
export const tokenAfter = async (
  rekey: Rekey,
  mailbox: Person,
  subject: string,
  work: () => Promise<Answer>,
): Promise<string> => {
  const [last] = rekey.mailbox.mailsTo(mailbox.email);
  const { status, text } = await work();
  if (status >= 300) throw new Error(`what should bring a mail answered ${status}: ${text}`);
  return tokenOf(await mailbox.readMail(subject, last));
};

/** The token of a change link, read in the new mailbox. */
export const changeToken = (rekey: Rekey, person: Person, mailbox: Person, currentPassword?: string) =>
  tokenAfter(rekey, mailbox, CHANGE_LINK, () => askEmailChange(person, mailbox, currentPassword));

/** The whole change of address. Answers the token of the notice that the old mailbox got. */
export const moveTo = async (
  rekey: Rekey,
  { person, from, to }: { person: Person; from: Person; to: Person },
  currentPassword?: string,
): Promise<string> => {
  const token = await changeToken(rekey, person, to, currentPassword);
  return tokenAfter(rekey, from, CHANGED, () => confirmEmail(person, token));
};

/** The same account in another browser and network, where it has signed in. */
export const signInElsewhere = async (
  rekey: Rekey,
  who: { username: string; email: string },
  password = PASSWORD,
  remember?: boolean,
): Promise<Person> => {
  const browser = createPerson(rekey, 'elsewhere', who);
  const { status } = await browser.signIn(password, remember);
  if (status !== 200) throw new Error(`signing in elsewhere answered ${status}`);
  return browser;
};

export const addressOf = async (person: Person): Promise<string | undefined> =>
  ((await person.get('/api/account')).body.user as { email: string } | undefined)?.email;

/** The kinds of what happened to the account, newest first. */
export const activityOf = async (person: Person): Promise<string[]> =>
  ((await person.get('/api/account/activity')).body.activity as { kind: string }[]).map(({ kind }) => kind);
