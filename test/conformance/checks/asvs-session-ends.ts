/** ASVS 5.0, 7.4 and 7.5: what ends sessions, and what asks for the password again. */
import { type Check, type Finding, finding, judge, need } from '../check.ts';
import { completeReset, isGood, isRefused, join, resetLink, signInElsewhere, withCookiesOf } from '../visits.ts';

const standard = 'OWASP ASVS 5.0';

export const sessionEndRows: readonly Check[] = [
  {
    id: 'ASVS 7.4.1',
    standard,
    level: 1,
    requirement: 'Signing out ends the session on the server, not only in the browser.',
    async run(context) {
      const { driver } = context;
      const { client } = await join(context);
      const copy = withCookiesOf(driver, client);
      const before = await driver.whoAmI(copy);
      const answer = await client.send(driver.calls.signOut());
      const after = await driver.whoAmI(copy);
      return judge([
        finding(before !== null && isGood(answer), `signing out: ${answer.status}`),
        finding(
          after === null,
          after ? 'a copy of the cookie still opens the account' : 'a copy of the cookie opens nothing',
        ),
      ]);
    },
  },
  {
    id: 'ASVS 7.4.2',
    standard,
    level: 1,
    requirement: 'With an account all of its sessions end.',
    async run(context) {
      const { driver } = context;
      const deleteAccount = need(driver.calls.deleteAccount, 'a call that deletes the account');
      const { account, client } = await join(context);
      const other = await signInElsewhere(driver, account);
      const answer = await client.send(deleteAccount({ currentPassword: account.password }));
      const [own, elsewhere] = [await driver.whoAmI(client), await driver.whoAmI(other)];
      return judge([
        finding(isGood(answer), `deleting the account: ${answer.status}`),
        finding(own === null && elsewhere === null, `sessions left: ${[own, elsewhere].filter(Boolean).length} of 2`),
      ]);
    },
  },
  {
    id: 'ASVS 7.4.3',
    standard,
    level: 2,
    requirement: 'After a new password, by a reset or by the old one, the other sessions end or can be ended.',
    async run(context) {
      const { driver } = context;
      const { changePassword } = driver.calls;
      const { account, client } = await join(context);
      const elsewhere = await signInElsewhere(driver, account);
      const findings: Finding[] = [];
      if (changePassword) {
        const next = `${account.password} second`;
        await client.send(changePassword({ currentPassword: account.password, password: next }));
        const who = await driver.whoAmI(elsewhere);
        findings.push(
          finding(who === null, `after a change: ${who ? 'the other session goes on' : 'the other session is over'}`),
        );
      }
      const { token } = await resetLink(driver, account.email);
      await completeReset(driver, token, `${account.password} third`);
      const who = await driver.whoAmI(client);
      findings.push(finding(who === null, `after a reset: ${who ? 'a session goes on' : 'every session is over'}`));
      return judge(findings);
    },
  },
  {
    id: 'ASVS 7.5.1',
    standard,
    level: 2,
    requirement: 'Changing what an account hangs on, such as its address, asks for the password again.',
    async run(context) {
      const { driver, someone } = context;
      const askEmailChange = need(driver.calls.askEmailChange, 'a call that changes the address');
      const { account, client } = await join(context);
      const next = someone().email;
      const wrong = await client.send(askEmailChange({ email: next, currentPassword: 'some other password' }));
      const none = await client.send(askEmailChange({ email: next, currentPassword: '' }));
      const right = await client.send(askEmailChange({ email: next, currentPassword: account.password }));
      return judge([
        finding(isRefused(wrong), `with a wrong password: ${wrong.status}`),
        finding(isRefused(none), `with none: ${none.status}`),
        finding(isGood(right), `with the right one: ${right.status}`),
      ]);
    },
  },
  {
    id: 'ASVS 7.5.2',
    standard,
    level: 2,
    requirement: 'People see their sessions and end them, after they have proved again who they are.',
    async run(context) {
      const { driver } = context;
      const listSessions = need(driver.calls.listSessions, 'a call that lists the sessions');
      const endOtherSessions = need(driver.calls.endOtherSessions, 'a call that ends the others');
      const { account, client } = await join(context);
      const elsewhere = await signInElsewhere(driver, account);
      const listed = await client.send(listSessions());
      const ended = await client.send(endOtherSessions());
      const who = await driver.whoAmI(elsewhere);
      return judge([
        finding(isGood(listed), `the list: ${listed.status}`),
        finding(
          isRefused(ended),
          `ending the others without a password: ${ended.status}${who ? '' : ', and they ended'}`,
        ),
      ]);
    },
  },
];
