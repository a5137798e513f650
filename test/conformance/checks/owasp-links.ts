/** OWASP's cheat sheet on forgotten passwords: the link, and what comes of it. */
import { type Check, finding, judge, need, verdict } from '../check.ts';
import { createChooser, letters, refusedBy, takenBy } from '../new-passwords.ts';
import {
  completeReset,
  isGood,
  isRefused,
  join,
  mailAfter,
  opens,
  resetLink,
  signInElsewhere,
  withCookiesOf,
} from '../visits.ts';

const standard = 'OWASP cheat sheets';

export const resetLinkRows: readonly Check[] = [
  {
    id: 'OWASP FP-4',
    standard,
    requirement: 'A link is good once, for its own account and for a short time.',
    alone: true,
    async run(context) {
      const { driver } = context;
      const moveClock = need(driver.moveClock?.bind(driver), 'a clock that can be moved');
      const { account } = await join(context);
      const other = await join(context);
      const { token } = await resetLink(driver, account.email);
      const first = await completeReset(driver, token, `${account.password} second`, other.client);
      const again = await completeReset(driver, token, `${account.password} third`);
      const isOtherUntouched = await opens(driver, other.account);
      const { token: late } = await resetLink(driver, other.account.email);
      await moveClock(3600 * 1000 + 60_000);
      const after = await completeReset(driver, late, `${account.password} late`);
      await moveClock(0);
      return judge([
        finding(isGood(first) && isRefused(again), `used: ${first.status}, and again: ${again.status}`),
        finding(
          isOtherUntouched,
          isOtherUntouched
            ? 'in the browser of somebody else it touches only its own account'
            : "somebody else's password changed",
        ),
        finding(isRefused(after), `an hour later: ${after.status}`),
      ]);
    },
  },
  {
    id: 'OWASP FP-7',
    standard,
    requirement: 'Trying out tokens is limited.',
    async run({ driver }) {
      const tries = (client: ReturnType<typeof driver.createClient>) =>
        client.send(driver.calls.completeReset({ token: letters(43), password: 'any password that would do' }));
      const one = driver.createClient();
      const fromOne: number[] = [];
      while (fromOne.length < 150 && !fromOne.includes(429)) {
        fromOne.push(...(await Promise.all(Array.from({ length: 10 }, () => tries(one)))).map(({ status }) => status));
      }
      const fromMany = await Promise.all(Array.from({ length: 40 }, () => tries(driver.createClient())));
      const isHeldBack = fromMany.some(({ status }) => status === 429);
      const count = fromOne.filter(status => status !== 429).length;
      return judge([
        finding(fromOne.includes(429), `from one network ${count} tries, then 429`),
        finding(isHeldBack, `from ${fromMany.length} networks: ${isHeldBack ? 'held back' : 'not held back'}`),
      ]);
    },
  },
  {
    id: 'OWASP FP-8',
    standard,
    requirement: 'A reset takes and refuses the same passwords as signing up does.',
    async run(context) {
      const chooser = await createChooser(context);
      return judge([
        refusedBy('14 letters', await chooser.tryEverywhere(letters(14))),
        refusedBy('a common one', await chooser.tryEverywhere('qwertyuiopasdfghjkl')),
        refusedBy('2000 characters', await chooser.tryEverywhere(letters(2000))),
        takenBy('16 letters', await chooser.tryEverywhere(letters(16))),
      ]);
    },
  },
  {
    id: 'OWASP FP-9',
    standard,
    requirement: 'After a reset a mail says so, without the password.',
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      const { token } = await resetLink(driver, account.email);
      const next = `${account.password} anew`;
      const mail = await mailAfter(driver, account.email, () => completeReset(driver, token, next), undefined, 5000);
      const isBare = !!mail && ![next, account.password].some(text => `${mail.text}${mail.html}`.includes(text));
      return judge([
        finding(mail !== null, mail ? `"${mail.subject}"` : 'no mail'),
        finding(isBare || !mail, isBare ? 'without the password' : 'with the password'),
      ]);
    },
  },
  {
    id: 'OWASP FP-10',
    standard,
    requirement: 'A reset signs nobody in.',
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      const client = driver.createClient();
      const { token } = await resetLink(driver, account.email);
      const answer = await completeReset(driver, token, `${account.password} anew`, client);
      const who = await driver.whoAmI(client);
      return verdict(
        isGood(answer) && who === null,
        `the reset: ${answer.status}, and ${who ? 'somebody' : 'nobody'} is signed in`,
      );
    },
  },
  {
    id: 'OWASP FP-11',
    standard,
    requirement: 'A reset ends the sessions in other browsers, or asks.',
    async run(context) {
      const { driver } = context;
      const { account, client } = await join(context);
      const other = await signInElsewhere(driver, account);
      const { token } = await resetLink(driver, account.email);
      await completeReset(driver, token, `${account.password} anew`, client);
      const left = [await driver.whoAmI(withCookiesOf(driver, other)), await driver.whoAmI(other)].filter(
        Boolean,
      ).length;
      return verdict(
        left === 0,
        left === 0 ? 'the session of another browser is over' : 'the session of another browser goes on',
      );
    },
  },
];
