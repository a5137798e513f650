/** ASVS 5.0, 1.3, 2.3 and 11: what comes in, tasks of several steps, and what can be replaced. */
import { type Check, finding, judge, need, verdict } from '../check.ts';
import { bitsOf } from '../observations/limits.ts';
import { completeReset, isGood, isRefused, join, mailAfter, opens, resetLink } from '../visits.ts';

const standard = 'OWASP ASVS 5.0';
const AT_ONCE = 50;

export const taskRows: readonly Check[] = [
  {
    id: 'ASVS 1.3.11',
    standard,
    level: 2,
    requirement: 'Line breaks in what people type cannot add headers or receivers to a mail.',
    async run({ driver, someone }) {
      const { email } = someone();
      const stranger = someone().email;
      const tries = [
        `${email}\r\nBcc: ${stranger}`,
        `${email}\nCc: ${stranger}`,
        `${email}%0d%0aBcc:${stranger}`,
        `${email},${stranger}`,
      ];
      const answers = [];
      for (const address of tries) {
        answers.push(await driver.createClient().send(driver.calls.askReset(address)));
        if (driver.calls.askRegistration)
          answers.push(await driver.createClient().send(driver.calls.askRegistration(address)));
      }
      // A mail to somebody else that was asked for later has come by then.
      const { email: other } = someone();
      await mailAfter(driver, other, () => driver.register(driver.createClient(), { ...someone(), email: other }));
      const mails = (await driver.mailsTo(stranger)).length;
      return judge([
        finding(
          answers.every(isRefused),
          `addresses with line breaks and commas: ${answers.map(({ status }) => status).join(' ')}`,
        ),
        finding(mails === 0, `mails to the address that was slipped in: ${mails}`),
      ]);
    },
  },
  {
    id: 'ASVS 2.3.1',
    standard,
    level: 1,
    requirement: 'The steps of a task cannot be skipped.',
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      const other = await join(context);
      const { token } = await resetLink(driver, other.account.email);
      const without = await completeReset(driver, '', `${account.password} anew`);
      const signedIn = await completeReset(driver, 'none', `${account.password} anew`, other.client);
      const half = await completeReset(driver, token.slice(0, -8), `${account.password} anew`);
      const [isUnchanged, isOtherUnchanged] = [await opens(driver, account), await opens(driver, other.account)];
      return judge([
        finding(isRefused(without), `a new password without a link: ${without.status}`),
        finding(isRefused(signedIn), `with a session instead: ${signedIn.status}`),
        finding(isRefused(half), `with a part of a link: ${half.status}`),
        finding(
          isUnchanged && isOtherUnchanged,
          isUnchanged && isOtherUnchanged ? 'nothing changed' : 'a password changed',
        ),
      ]);
    },
  },
  {
    id: 'ASVS 2.3.3, 2.3.4',
    standard,
    level: 2,
    requirement: 'A task is done wholly or not at all, and what is there once cannot be spent twice.',
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      const { token } = await resetLink(driver, account.email);
      const before = (await driver.mailsTo(account.email)).length;
      const passwords = Array.from({ length: AT_ONCE }, (_, i) => `${account.password} number ${i}`);
      const answers = await Promise.all(passwords.map(password => completeReset(driver, token, password)));
      const good = answers.filter(isGood).length;
      const others = [...new Set(answers.filter(answer => !isGood(answer)).map(({ status }) => status))].join(', ');
      await mailAfter(driver, account.email, async () => {}, undefined, 1000);
      const notices = (await driver.mailsTo(account.email)).length - before;
      const winner = passwords[answers.findIndex(isGood)] ?? '';
      const isOpen = await opens(driver, account, winner);
      return judge([
        finding(good === 1, `${AT_ONCE} uses of one link at the same time: ${good} won, the others got ${others}`),
        finding(notices === 1, `${notices} notice(s)`),
        finding(
          isOpen,
          isOpen ? "the winner's password opens the account" : "the winner's password does not open the account",
        ),
      ]);
    },
  },
  {
    id: 'ASVS 11.2.2',
    standard,
    level: 2,
    requirement: 'Costs and keys can be replaced without breaking what is under way.',
    async run(context) {
      const { driver } = context;
      const weaken = need(driver.weakenStoredPassword?.bind(driver), 'a stored password of lower cost');
      const older = need(driver.tokensOfOlderKeys?.bind(driver), 'links under older keys');
      const stored = need(driver.storedPassword?.bind(driver), 'a look at the stored password');
      const { account } = await join(context);
      await weaken(account.email, account.password);
      const before = await stored(account.email);
      const isOpen = await opens(driver, account);
      let after = before;
      for (let i = 0; i < 20 && after === before; i += 1) {
        await new Promise(resolve => setTimeout(resolve, 100));
        after = await stored(account.email);
      }
      const { replaced, removed } = await older(account.email);
      const underRemoved = await completeReset(driver, removed, `${account.password} anew`);
      const underReplaced = await completeReset(driver, replaced, `${account.password} anew`);
      const costOf = (phc: string) => phc.split('$').slice(1, 3).join(' ');
      return judge([
        finding(isOpen && after !== before, `stored as ${costOf(before)}, after signing in as ${costOf(after)}`),
        finding(isGood(underReplaced), `a link under a replaced key: ${underReplaced.status}`),
        finding(isRefused(underRemoved), `under a removed one: ${underRemoved.status}`),
      ]);
    },
  },
  {
    id: 'ASVS 11.5.1',
    standard,
    level: 2,
    requirement: 'What must not be guessed has 128 random bits or more.',
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      const { token } = await resetLink(driver, account.email);
      // Of a signed token only the signature cannot be known.
      const secretPart = token.split('.').at(-1) ?? '';
      const bits = bitsOf(secretPart);
      return verdict(
        bits >= 128,
        `what nobody can know of a mailed token: ${secretPart.length} characters, up to ${bits} bits`,
      );
    },
  },
];
