/** NIST SP 800-63B-4, 3.1.1.2: how passwords are stored, shown and withdrawn. */
import { type Check, finding, judge, need, verdict } from '../check.ts';
import { letters } from '../new-passwords.ts';
import { shownForm } from '../stored-form.ts';
import { completeReset, isGood, join, mailAfter, opens, resetLink, signInElsewhere } from '../visits.ts';

const standard = 'NIST SP 800-63-4';

export const nistPasswordRows: readonly Check[] = [
  {
    id: 'NIST 800-63B 3.1.1.2 (6)',
    standard,
    requirement:
      'No change by the calendar, but a forced one where there is evidence that somebody else has the password.',
    async run(context) {
      const { driver } = context;
      const disown = need(driver.calls.disown, 'a way to say that it was somebody else');
      const { account } = await join(context);
      const notice = await mailAfter(driver, account.email, () => signInElsewhere(driver, account));
      const token = need(notice && driver.disownTokenOf?.(notice), 'a notice with such a link');
      const answer = await driver.createClient().send(disown(token));
      const [isDead, { token: way }] = [!(await opens(driver, account)), await resetLink(driver, account.email)];
      const next = `${account.password} anew`;
      const reset = await completeReset(driver, way, next);
      return judge([
        finding(
          isGood(answer) && isDead,
          `"this was not me": ${answer.status}, the password then ${isDead ? 'opens nothing' : 'still opens the account'}`,
        ),
        finding(isGood(reset) && (await opens(driver, account, next)), `a reset leads back: ${reset.status}`),
      ]);
    },
  },
  {
    id: 'NIST 800-63B 3.1.1.2 (storage)',
    standard,
    requirement:
      'Passwords are stored by a slow scheme made for it, with a salt of their own and the cost beside the hash.',
    async run(context) {
      const stored = need(context.driver.storedPassword?.bind(context.driver), 'a look at the stored password');
      const password = letters(20);
      const [one, other] = [await join(context, password), await join(context, password)];
      const [first, second] = [await stored(one.account.email), await stored(other.account.email)];
      const hasCost = /(ln|[mtpN])=\d+|^\$2[aby]\$\d+\$/.test(first);
      return judge([
        finding(
          first !== second,
          first === second
            ? 'one password is stored alike for two people'
            : 'one password is stored differently for two people',
        ),
        finding(/scrypt|argon2|pbkdf2|\$2[aby]\$/i.test(first) && hasCost, `stored as ${shownForm(first)}`),
      ]);
    },
  },
  {
    id: 'NIST 800-63B 3.1.1.2 (keyed step)',
    standard,
    requirement: 'Beyond the salt, hashing takes a key that is kept apart from the hashes.',
    async run(context) {
      const stored = need(context.driver.storedPassword?.bind(context.driver), 'a look at the stored password');
      const { account } = await join(context);
      const form = await stored(account.email);
      const isKeyed = /key(id)?=|\bkid|pepper|hmac|^v\d+[:.]/i.test(form);
      return verdict(isKeyed, `the stored form ${isKeyed ? 'names a key' : 'names no key'}: ${shownForm(form)}`);
    },
  },
];
