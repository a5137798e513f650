/** ASVS 5.0, 6.2: how a password is changed, checked, and that it lasts. */
import { type Check, finding, judge, need, verdict } from '../check.ts';
import { letters } from '../new-passwords.ts';
import { isGood, isRefused, join, opens, signIn } from '../visits.ts';

const standard = 'OWASP ASVS 5.0';
const YEAR_MS = 366 * 24 * 3600 * 1000;

export const passwordRows: readonly Check[] = [
  {
    id: 'ASVS 6.2.2, 6.2.3',
    standard,
    level: 1,
    requirement: 'People can change their password, and have to give the present one as well as the new one.',
    async run(context) {
      const changePassword = need(context.driver.calls.changePassword, 'a call that changes the password');
      const { driver } = context;
      const { account, client } = await join(context);
      const next = `${account.password} anew`;
      const wrong = await client.send(changePassword({ currentPassword: `${account.password}x`, password: next }));
      const empty = await client.send(changePassword({ currentPassword: '', password: next }));
      const nobody = await driver
        .createClient()
        .send(changePassword({ currentPassword: account.password, password: next }));
      const isUnchanged = !(await opens(driver, account, next));
      const right = await client.send(changePassword({ currentPassword: account.password, password: next }));
      return judge([
        finding(isRefused(wrong), `a wrong current password: ${wrong.status}`),
        finding(isRefused(empty), `none: ${empty.status}`),
        finding(isRefused(nobody), `signed out: ${nobody.status}`),
        finding(isUnchanged, isUnchanged ? 'the old one stayed' : 'a refused change changed it'),
        finding(isGood(right) && (await opens(driver, account, next)), `the right one: ${right.status}`),
      ]);
    },
  },
  {
    id: 'ASVS 6.2.8',
    standard,
    level: 1,
    requirement: 'A password is taken exactly as it was typed: nothing trimmed, cut off or turned into small letters.',
    async run(context) {
      const { driver } = context;
      const core = `Amber ${letters(92)}`;
      const { account } = await join(context, ` ${core}1 `);
      const others = {
        'without its outer spaces': account.password.trim(),
        'in small letters': account.password.toLowerCase(),
        'with another hundredth character': ` ${core}2 `,
        'shorter by one': account.password.slice(0, -1),
      };
      const exact = await opens(driver, account);
      const results = [finding(exact, `as it was typed: ${exact ? 'opens' : 'refused'}`)];
      for (const [what, password] of Object.entries(others)) {
        const isOpen = await opens(driver, account, password);
        results.push(finding(!isOpen, `${what}: ${isOpen ? 'opens' : 'refused'}`));
      }
      return judge(results);
    },
  },
  {
    id: 'ASVS 6.2.10',
    standard,
    level: 2,
    requirement: 'A password stays good until somebody changes it; none runs out.',
    alone: true,
    async run(context) {
      const { driver } = context;
      const moveClock = need(driver.moveClock?.bind(driver), 'a clock that can be moved');
      const { account } = await join(context);
      await moveClock(YEAR_MS);
      const client = driver.createClient();
      const answer = await signIn(driver, client, account);
      return verdict(
        isGood(answer) && (await driver.whoAmI(client)) !== null,
        `signing in a year later: ${answer.status}`,
      );
    },
  },
];
