/** OWASP's cheat sheet on authentication. */
import { type Check, type Finding, finding, judge, need } from '../check.ts';
import { observeGuessing } from '../observations/limits.ts';
import { observeTellingApart } from '../observations/telling-apart.ts';
import { completeReset, isGood, join, mailAfter, opens, resetLink, signIn } from '../visits.ts';

const standard = 'OWASP cheat sheets';

export const authenticationSheetRows: readonly Check[] = [
  {
    id: 'OWASP AU-1',
    standard,
    requirement: 'Signing in takes as long for nobody as for somebody.',
    alone: true,
    async run(context) {
      return judge([(await context.once(observeTellingApart)).signingIn.times]);
    },
  },
  {
    id: 'OWASP AU-2',
    standard,
    requirement: 'Wrong passwords are counted by account, waits grow, and the way back by mail stays open.',
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      const guess = () => signIn(driver, driver.createClient(), account, 'wrong every time, I fear');
      const statuses: number[] = [];
      while (statuses.length < 12 && !statuses.includes(429)) statuses.push((await guess()).status);
      const { token } = await resetLink(driver, account.email);
      const next = `${account.password} anew`;
      const reset = await completeReset(driver, token, next);
      const after = await opens(driver, account, next);
      const { isHeldBack } = await context.once(observeGuessing);
      return judge([
        finding(statuses.includes(429) && isHeldBack, `from many networks: ${statuses.join(' ')}`),
        finding(
          isGood(reset) && after,
          `a reset meanwhile: ${reset.status}, and signing in then ${after ? 'works' : 'does not work'}`,
        ),
      ]);
    },
  },
  {
    id: 'OWASP AU-3',
    standard,
    requirement:
      'Another address needs the password and both mailboxes, waits until then, and can be reported by the old one.',
    async run(context) {
      const { driver, someone } = context;
      const askEmailChange = need(driver.calls.askEmailChange, 'a call that changes the address');
      const confirm = need(driver.calls.confirmEmailChange, 'a call that confirms the new address');
      const { account, client } = await join(context);
      const next = someone().email;
      const ask = () => client.send(askEmailChange({ email: next, currentPassword: account.password }));
      const told = mailAfter(driver, account.email, ask, undefined, 5000);
      const link = await mailAfter(
        driver,
        next,
        () => told,
        mail => !!driver.emailChangeTokenOf?.(mail),
        5000,
      );
      const [notice, pending] = [await told, await driver.whoAmI(client)];
      const token = need(link && driver.emailChangeTokenOf?.(link), 'a mail with a link at the new address');
      await client.send(confirm(token));
      const after = await driver.whoAmI(client);
      const findings: Finding[] = [
        finding(
          pending === account.email,
          `before the new mailbox agreed the address is ${pending === account.email ? 'the old one' : 'another'}`,
        ),
        finding(
          notice !== null,
          notice ? `the old mailbox is told: "${notice.subject}"` : 'the old mailbox is not told',
        ),
        finding(
          after === account.email,
          after === account.email ? 'it takes both mailboxes' : 'the new mailbox alone is enough',
        ),
      ];
      return judge(findings);
    },
  },
  {
    id: 'OWASP AU-4',
    standard,
    requirement:
      'Answers are the same, status included, with an account and without: signing in, signing up, the way back.',
    alone: true,
    async run(context) {
      const { reset, signingIn, registering, heldBack } = await context.once(observeTellingApart);
      return judge([reset.looks, signingIn.looks, ...(registering ? [registering.looks] : []), heldBack]);
    },
  },
];
