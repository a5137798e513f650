/**
 * Every operation once, and what it asks of the platform with the work after its answer and the mail that it makes: what an
 * operator pays for, and what no noise touches.
 */
import {
  askEmailChange,
  CHANGE_LINK,
  CHANGED,
  changePassword,
  completeReset,
  confirmEmail,
  deleteAccount,
  NEW_BROWSER,
  PASSWORD_CHANGED,
  PASSWORD_WAS_RESET,
} from './account.ts';
import { type CountingRekey, type Tally, withClockAhead } from './harness.ts';
import { type Answer, createPerson, NEW_PASSWORD, PASSWORD, type Person, tokenOf } from './people.ts';
import { signResend } from './webhooks.ts';

const HOUR_MS = 3600 * 1000;

export type Count = Omit<Tally, 'roundTrips'> & {
  /** Calls of D1 that the answer waits for. */
  roundTrips: number;
  /** Those after it: work that nobody waits for, and the mail's. */
  laterRoundTrips: number;
  mails: number;
  /** Of the body. */
  answerBytes: number;
};
export type Counts = Record<string, Count>;

/** Whether a mail of the last hour is under way, or a notice of one. Asked past the counters. */
const isMailing = async (rekey: CountingRekey): Promise<boolean> => {
  const mails = `SELECT count(*) FROM mails WHERE created_at > ? AND state = 'trying'`;
  const sql = `SELECT (${mails}) + (SELECT count(*) FROM notices) AS open`;
  return (
    (await rekey.env.DB.prepare(sql)
      .bind(Date.now() - HOUR_MS)
      .first<number>('open')) !== 0
  );
};

/** Until nothing more has happened for a while: what goes on after an answer belongs to it. */
export const whenQuiet = async (rekey: CountingRekey): Promise<Tally> => {
  let last = await rekey.doors.tally();
  let since = Date.now();
  while (Date.now() - since < 150) {
    await new Promise(resolve => setTimeout(resolve, 15));
    const now = await rekey.doors.tally();
    if (JSON.stringify(now) !== JSON.stringify(last) || (await isMailing(rekey))) since = Date.now();
    last = now;
  }
  return last;
};

/** The status that it answers, how it is done, and who gets the mail that it makes, with which subject. */
type Operation = [status: number, work: () => Promise<Answer>, mail?: { to: Person; subject?: string }];

/** Does one operation by itself and counts it. */
const countOne = async (
  rekey: CountingRekey,
  operation: string,
  ...[status, work, mail]: Operation
): Promise<Count> => {
  const before = await whenQuiet(rekey);
  const mailsBefore = rekey.mailbox.mails().length;
  const answer = await work();
  if (answer.status !== status) throw new Error(`${operation} answered ${answer.status}: ${answer.text}`);
  if (mail) await mail.to.readMail(mail.subject);
  const after = await whenQuiet(rekey);
  const roundTrips = Number(answer.headers.get('X-Round-Trips'));
  const difference = (what: keyof Tally) => after[what] - before[what];
  return {
    roundTrips,
    laterRoundTrips: difference('roundTrips') - roundTrips,
    statements: difference('statements'),
    rowsRead: difference('rowsRead'),
    rowsWritten: difference('rowsWritten'),
    assets: difference('assets'),
    hashes: difference('hashes'),
    subrequests: difference('subrequests'),
    queueMessages: difference('queueMessages'),
    mails: rekey.mailbox.mails().length - mailsBefore,
    answerBytes: Buffer.byteLength(answer.text),
  };
};

/**
 * By the name of the operation. Done by somebody whose names and addresses are always as long. Others must be there: ids are
 * random, and with users before and behind them a search always ends at somebody else's row.
 */
export const countOperations = async (rekey: CountingRekey): Promise<Counts> => {
  const counts: Counts = {};
  const count = async (operation: string, ...how: Operation): Promise<void> => {
    counts[operation] = await countOne(rekey, operation, ...how);
  };
  const ada = createPerson(rekey, 'ada', { username: 'ada-counted', email: 'ada-counted@example.com' });
  const home = createPerson(rekey, 'home', { username: 'home-counted', email: 'new-counted@example.com' });
  const nobody = createPerson(rekey, 'no', { username: 'nobody', email: 'nobody@example.com' });
  const { username } = ada;
  // Not counted: words and lists that an isolate reads once.
  const warm = createPerson(rekey, 'warm', { username: 'warm', email: 'warm-counted@example.com' });
  await warm.register();
  await warm.askReset();
  await warm.readMail('Password Reset Request');

  await count('ask for a registration', 202, () => ada.askRegistration(), { to: ada });
  const link = tokenOf(await ada.readMail());
  await count('check a registration', 200, () => ada.post('/api/registrations/check', { token: link }));
  const complete = { token: link, username, password: PASSWORD };
  await count('finish a registration', 200, () => ada.post('/api/registrations/complete', complete));
  await count('session check', 200, () => ada.get('/api/session'));
  await count('session check, no cookie', 200, () => nobody.get('/api/session'));
  await withClockAhead(rekey, 2 * HOUR_MS, () => count('last seen', 200, () => ada.get('/api/session')));
  // A part of another request, which is counted by itself.
  const [check, seen] = [counts['session check'], counts['last seen']];
  if (check && seen) counts['last seen'] = withoutFirst(seen, check);
  await count('sign-in', 200, () => ada.signIn());
  const elsewhere = createPerson(rekey, 'elsewhere', ada);
  await count('sign-in, new browser', 200, () => elsewhere.signIn(), { to: ada, subject: NEW_BROWSER });
  await count('sign-in, refused', 401, () => ada.signIn(NEW_PASSWORD));
  await count('sign-in, no account', 401, () => nobody.signIn());
  await count('account', 200, () => ada.get('/api/account'));
  await count('sessions', 200, () => ada.get('/api/account/sessions'));
  await count('activity', 200, () => ada.get('/api/account/activity'));
  await count('sign-out', 204, () => elsewhere.send('/api/session', { method: 'DELETE' }));
  await count('change the password', 204, () => changePassword(ada), { to: ada, subject: PASSWORD_CHANGED });

  await count('ask for a reset', 202, () => ada.askReset(), { to: ada, subject: 'Password Reset Request' });
  const reset = tokenOf(await ada.readMail('Password Reset Request'));
  await count('ask for a reset, no account', 202, () => nobody.askReset(), { to: nobody });
  await count('check a reset', 200, () => ada.post('/api/password-resets/check', { token: reset }));
  await count('check a reset, forged', 400, () => ada.post('/api/password-resets/check', { token: `${reset}A` }));
  const done = { to: ada, subject: PASSWORD_WAS_RESET };
  await count('finish a reset', 204, () => completeReset(ada, reset, PASSWORD), done);
  await ada.signIn();

  await count('ask for a change of address', 202, () => askEmailChange(ada, home), { to: home, subject: CHANGE_LINK });
  const change = tokenOf(await home.readMail(CHANGE_LINK));
  await count('finish a change of address', 200, () => confirmEmail(ada, change), { to: ada, subject: CHANGED });
  const [mail] = (await rekey.env.DB.prepare('SELECT provider_id FROM mails WHERE user_id IS NOT NULL').all()).results;
  const event = {
    type: 'email.delivered',
    created_at: new Date().toISOString(),
    data: { email_id: mail?.provider_id },
  };
  await count('mail event', 204, () => {
    const { headers, body } = signResend(event);
    return nobody.send('/api/mail-events/resend', { headers, body });
  });

  const bob = createPerson(rekey, 'bob', { username: 'bob-counted', email: 'bob-counted@example.com' });
  await bob.register();
  await count('delete the account', 204, () => deleteAccount(bob), { to: bob });
  await count('health', 200, () => bob.get('/api/health'));
  return counts;
};

const withoutFirst = (whole: Count, part: Count): Count =>
  Object.fromEntries(Object.entries(whole).map(([what, n]) => [what, n - part[what as keyof Count]])) as Count;
