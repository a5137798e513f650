/** OWASP's cheat sheet on forgotten passwords: asking for a reset. */
import { type Check, finding, judge, verdict } from '../check.ts';
import { lookOf, observeMailFlood } from '../observations/limits.ts';
import { observeTellingApart } from '../observations/telling-apart.ts';
import { join, mailAfter, opens, resetLink } from '../visits.ts';

const standard = 'OWASP cheat sheets';
const REQUESTS = 100;
const HOST = 'attacker.example';

export const resetRequestRows: readonly Check[] = [
  {
    id: 'OWASP FP-1',
    standard,
    requirement: 'Asking for a reset answers the same, in the same time, with an account and without.',
    alone: true,
    async run(context) {
      const { reset } = await context.once(observeTellingApart);
      return judge([reset.looks, reset.times]);
    },
  },
  {
    id: 'OWASP FP-2',
    standard,
    requirement: "Nobody's mailbox can be flooded with reset mails, and who tries does not notice the limit.",
    async run(context) {
      const { answers, mails } = await context.once(observeMailFlood);
      const looks = new Set(answers.map(lookOf)).size;
      return judge([
        finding(mails > 0 && mails <= 5, `${answers.length} requests from as many networks: ${mails} mails`),
        finding(looks === 1, `${looks} different answer(s)`),
      ]);
    },
  },
  {
    id: 'OWASP FP-3',
    standard,
    requirement: 'A mere request changes nothing: the old password and the sessions stay good.',
    async run(context) {
      const { driver } = context;
      const { account, client } = await join(context);
      await resetLink(driver, account.email);
      const [isOpen, who] = [await opens(driver, account), await driver.whoAmI(client)];
      return judge([
        finding(isOpen, `the old password ${isOpen ? 'opens' : 'opens no longer'}`),
        finding(who !== null, `the session ${who ? 'goes on' : 'is over'}`),
      ]);
    },
  },
  {
    id: 'OWASP FP-5',
    standard,
    requirement: 'Where a mailed link leads is not up to the request that asked for it.',
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      const usual = new URL((await resetLink(driver, account.email)).link);
      const sent = driver.calls.askReset(account.email);
      const spoofs: Record<string, string>[] = [
        { Host: HOST },
        { 'X-Forwarded-Host': HOST, 'X-Forwarded-Proto': 'http' },
        { Forwarded: `host=${HOST};proto=http` },
        { 'X-Original-Host': HOST, 'X-Host': HOST },
      ];
      const seen: string[] = [];
      const statuses: number[] = [];
      const ask = async () => {
        for (const spoof of spoofs)
          statuses.push((await driver.createClient().send({ ...sent, headers: { ...sent.headers, ...spoof } })).status);
      };
      await mailAfter(driver, account.email, ask, undefined, 3000);
      await new Promise(resolve => setTimeout(resolve, 500));
      for (const mail of await driver.mailsTo(account.email)) {
        seen.push(
          ...[...`${mail.text}\n${mail.html}`.matchAll(/https?:\/\/[^\s"'<>]+/g)].map(([link]) => new URL(link).host),
        );
      }
      const foreign = [...new Set(seen)].filter(host => host !== usual.host);
      return judge([
        finding(
          foreign.length === 0 && seen.length > 0,
          `asked with ${spoofs.length} kinds of forged headers (${statuses.join(' ')}): links lead to ${[...new Set(seen)].join(', ')}`,
        ),
      ]);
    },
  },
  {
    id: 'OWASP FP-12',
    standard,
    requirement: 'Requests for a reset lock no account.',
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      for (let i = 0; i < REQUESTS / 10; i += 1) {
        await Promise.all(
          Array.from({ length: 10 }, () => driver.createClient().send(driver.calls.askReset(account.email))),
        );
      }
      const isOpen = await opens(driver, account);
      return verdict(isOpen, `after ${REQUESTS} requests signing in ${isOpen ? 'works' : 'does not work'}`);
    },
  },
];
