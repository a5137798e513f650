/** NIST SP 800-63B-4, 3.1.3 and 4.2, and 63A-4, 3.8: the way back, and what mail is good for. */
import { type Check, finding, judge, need, verdict } from '../check.ts';
import { completeReset, isRefused, join, mailAfter, resetLink, sessionCookies } from '../visits.ts';

const standard = 'NIST SP 800-63-4';
const DAY_MS = 24 * 3600 * 1000;

export const nistRecoveryRows: readonly Check[] = [
  {
    id: 'NIST 800-63B 4.2.1 (life)',
    standard,
    requirement: 'What is mailed for a recovery ends within a day.',
    alone: true,
    async run(context) {
      const { driver } = context;
      const moveClock = need(driver.moveClock?.bind(driver), 'a clock that can be moved');
      const { account } = await join(context);
      const { token } = await resetLink(driver, account.email);
      await moveClock(DAY_MS + 60_000);
      const answer = await completeReset(driver, token, `${account.password} anew`);
      return verdict(isRefused(answer), `a reset link a day later: ${answer.status}`);
    },
  },
  {
    id: 'NIST 800-63B 4.2.1 (two addresses)',
    standard,
    requirement: 'People can name a second address for recovery.',
    async run({ driver }) {
      const documents = await need(driver.documents?.bind(driver), 'what its makers have written')();
      const isOffered =
        /(?<!\bno )\b(second|another|two|backup) (recovery )?(address|mailbox)(es)? for recovery|recovery address(es)? can/i.test(
          documents,
        );
      return verdict(
        isOffered,
        isOffered ? 'the documents offer it' : 'there is no call for it, and no word in the documents',
      );
    },
  },
  {
    id: 'NIST 800-63B 4.2.3',
    standard,
    requirement: 'Every recovery sends its owner a notice.',
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      const { token } = await resetLink(driver, account.email);
      const mail = await mailAfter(
        driver,
        account.email,
        () => completeReset(driver, token, `${account.password} anew`),
        undefined,
        5000,
      );
      return verdict(mail !== null, mail ? `"${mail.subject}"` : 'no mail after a reset');
    },
  },
  {
    id: 'NIST 800-63A 3.8',
    standard,
    requirement: 'A link that proves a mailbox ends within a day and when it is used.',
    alone: true,
    async run(context) {
      const { driver, someone } = context;
      const moveClock = need(driver.moveClock?.bind(driver), 'a clock that can be moved');
      const { askRegistration, completeRegistration } = driver.calls;
      const ask = need(askRegistration, 'a registration by a mailed link');
      const complete = need(completeRegistration, 'a registration by a mailed link');
      const registerAfter = async (afterMs: number) => {
        const { email, username, password } = someone();
        const mail = await mailAfter(driver, email, () => driver.createClient().send(ask(email)));
        const token = need(mail && driver.registrationTokenOf?.(mail), 'a mail with a link');
        await moveClock(afterMs);
        const first = await driver.createClient().send(complete({ token, username, password }));
        const second = await driver.createClient().send(complete({ token, username: `${username}x`, password }));
        await moveClock(0);
        return [first.status, second.status] as const;
      };
      const [now, late] = [await registerAfter(0), await registerAfter(DAY_MS + 60_000)];
      return judge([
        finding(now[0] < 300 && now[1] >= 400, `used at once, and once more: ${now.join(', ')}`),
        finding(late[0] >= 400, `a day later: ${late[0]}`),
      ]);
    },
  },
  {
    id: 'NIST 800-63B 3.1.3',
    standard,
    requirement: 'A mailbox is not a factor to sign in with.',
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      const client = driver.createClient();
      const { token } = await resetLink(driver, account.email, client);
      const answer = await completeReset(driver, token, `${account.password} anew`, client);
      const names = await sessionCookies(driver, client);
      return verdict(names.length === 0, `a reset by mail (${answer.status}) leaves ${names.length} session cookies`);
    },
  },
];
