/** ASVS 5.0, 6.1 and 6.3: the ways in, and what people are told of. */
import { type Check, type Finding, finding, judge } from '../check.ts';
import { completeReset, isGood, join, mailAfter, resetLink, signIn } from '../visits.ts';

const standard = 'OWASP ASVS 5.0';

export const wayInRows: readonly Check[] = [
  {
    id: 'ASVS 6.1.3, 6.3.4',
    standard,
    level: 2,
    requirement: 'All the ways that end in a session are written down, and none is weaker than the others.',
    async run(context) {
      const { driver } = context;
      const { account, client } = await join(context);
      const afterJoining = await driver.whoAmI(client);
      const other = driver.createClient();
      const { token } = await resetLink(driver, account.email, other);
      const reset = await completeReset(driver, token, `${account.password} anew`, other);
      const afterReset = await driver.whoAmI(other);
      const again = driver.createClient();
      await signIn(driver, again, account, `${account.password} anew`);
      const afterSigningIn = await driver.whoAmI(again);
      const documents = await driver.documents?.();
      const findings: Finding[] = [
        finding(afterSigningIn === account.email, 'signing in leads to a session'),
        finding(isGood(reset) && afterReset === null, `a reset ${afterReset ? 'does too' : 'does not'}`),
        finding(true, `registering ${afterJoining ? 'does, its mailbox proved' : 'does not'}`),
      ];
      if (documents === undefined) return judge(findings);
      const isListed = /\bways in\b/i.test(documents);
      return judge([
        ...findings,
        finding(isListed, isListed ? 'the documents list the same' : 'the documents do not list them'),
      ]);
    },
  },
  {
    id: 'ASVS 6.3.5',
    standard,
    level: 3,
    requirement: 'People are told of an unusual sign-in, such as one from a new browser after wrong tries.',
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      const client = driver.createClient();
      for (const guess of ['one wrong guess', 'another wrong guess'])
        await signIn(driver, driver.createClient(), account, guess);
      const first = await mailAfter(driver, account.email, () => signIn(driver, client, account), undefined, 5000);
      const second = await mailAfter(driver, account.email, () => signIn(driver, client, account), undefined, 1000);
      return judge([
        finding(
          first !== null,
          first ? `a new browser: "${first.subject}"` : 'no mail after signing in with a new browser',
        ),
        finding(second === null, second ? 'the same browser again: one more mail' : 'the same browser again: none'),
      ]);
    },
  },
  {
    id: 'ASVS 6.3.6',
    standard,
    level: 3,
    requirement: 'A mailbox is no proof for signing in: a mailed link leads to a new password and never to a session.',
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      const client = driver.createClient();
      const { token } = await resetLink(driver, account.email, client);
      const answer = await completeReset(driver, token, `${account.password} anew`, client);
      const who = await driver.whoAmI(client);
      return judge([
        finding(isGood(answer), `the reset: ${answer.status}`),
        finding(who === null, who === null ? 'nobody is signed in after it' : `signed in as ${who} after it`),
      ]);
    },
  },
  {
    id: 'ASVS 6.3.7',
    standard,
    level: 3,
    requirement:
      'People are told by mail when the password was reset or changed, or the address changed; the old address too.',
    async run(context) {
      const { driver, someone } = context;
      const { changePassword, askEmailChange, confirmEmailChange } = driver.calls;
      const { account, client } = await join(context);
      const { email } = account;
      const findings: Finding[] = [];
      const tell = (what: string, mail: { subject: string } | null) =>
        findings.push(finding(mail !== null, mail ? `${what}: "${mail.subject}"` : `${what}: no mail`));

      const { token } = await resetLink(driver, email);
      const second = `${account.password} second`;
      tell('reset', await mailAfter(driver, email, () => completeReset(driver, token, second), undefined, 5000));
      await signIn(driver, client, account, second);
      const third = `${account.password} third`;
      if (changePassword) {
        const change = () => client.send(changePassword({ currentPassword: second, password: third }));
        tell('change of password', await mailAfter(driver, email, change, undefined, 5000));
      }
      if (askEmailChange && confirmEmailChange) {
        const next = someone().email;
        const ask = () => client.send(askEmailChange({ email: next, currentPassword: third }));
        const isLink = (mail: Parameters<NonNullable<typeof driver.emailChangeTokenOf>>[0]) =>
          !!driver.emailChangeTokenOf?.(mail);
        const asked = mailAfter(driver, email, ask, undefined, 5000);
        const link = await mailAfter(driver, next, () => asked, isLink, 5000);
        const changeToken = link && driver.emailChangeTokenOf?.(link);
        tell('asking for another address, at the old one', await asked);
        if (changeToken) {
          const confirm = () => client.send(confirmEmailChange(changeToken));
          tell('another address, at the old one', await mailAfter(driver, email, confirm, undefined, 5000));
        }
      }
      return judge(findings);
    },
  },
];
