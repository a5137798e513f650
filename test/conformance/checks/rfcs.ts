/** RFC 8725 on signed tokens, and what other RFCs say of answers and mails. */
import { type Check, finding, judge, need, verdict } from '../check.ts';
import { forgeryRow } from '../observations/forged-tokens.ts';
import { retryAfterSeconds } from '../observations/limits.ts';
import { observeTellingApart } from '../observations/telling-apart.ts';
import { completeReset, isGood, join, mailAfter, opens, resetLink, signIn } from '../visits.ts';

const rfc = 'RFC 8725 and other RFCs';
const of8725 = (section: string, requirement: string) =>
  ({ id: `RFC 8725 ${section}`, standard: rfc, requirement }) as const;

export const rfcRows: readonly Check[] = [
  {
    ...of8725(
      '3.5',
      'A signing key has the bits of its algorithm, and no human word makes one: the system does not start with less.',
    ),
    async run({ driver }) {
      const answerOf = need(driver.answerWithPoorKey?.bind(driver), 'a start with a poor key');
      const { status, text } = await answerOf();
      return verdict(
        status >= 500,
        `started with words for a key, every request: ${status} ${/"code":"(\w+)"/.exec(text)?.[1] ?? ''}`,
      );
    },
  },
  forgeryRow(
    of8725('3.1 to 3.3', 'One fixed, sound algorithm a key, and everything that is signed is checked.'),
    'unsigned',
    'other algorithm',
    'foreign key',
    'tampered',
  ),
  forgeryRow(of8725('3.8, 3.9', 'Who made a token and for whom is in it, and is checked.'), 'wrong claims'),
  forgeryRow(of8725('3.10', 'What a header says (kid, jku, x5u) is hostile until shown otherwise.'), 'key header'),
  forgeryRow(
    of8725('3.11, 3.12', 'Each purpose has a type and rules of its own, so that no token passes for another.'),
    'other purpose',
  ),
  {
    id: 'RFC 9110 9.2.1',
    standard: rfc,
    requirement: 'GET and HEAD change nothing: opening a mailed link uses nothing up.',
    async run(context) {
      const { driver } = context;
      const { account, client } = await join(context);
      const { link, token } = await resetLink(driver, account.email);
      const url = new URL(link);
      for (const method of ['GET', 'HEAD', 'GET']) await client.send({ method, path: url.pathname + url.search });
      const isUnchanged = await opens(driver, account);
      const answer = await completeReset(driver, token, `${account.password} anew`);
      return judge([
        finding(
          isUnchanged,
          `after opening the link three times the password is ${isUnchanged ? 'as it was' : 'another'}`,
        ),
        finding(isGood(answer), `and the link still good: ${answer.status}`),
      ]);
    },
  },
  {
    id: 'RFC 6585 4',
    standard: rfc,
    requirement: 'Too many requests get 429 with whole seconds in Retry-After, alike for known and unknown.',
    alone: true,
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      let answer = await signIn(driver, driver.createClient(), account, 'wrong number one');
      for (let i = 0; i < 12 && answer.status !== 429; i += 1)
        answer = await signIn(driver, driver.createClient(), account, `wrong number ${i}`);
      const seconds = retryAfterSeconds(answer);
      const { heldBack } = await context.once(observeTellingApart);
      return judge([
        finding(answer.status === 429, `too many tries: ${answer.status}`),
        finding(seconds !== null, `Retry-After: ${answer.headers.get('Retry-After') ?? 'none'}`),
        heldBack,
      ]);
    },
  },
  {
    id: 'RFC 8615',
    standard: rfc,
    requirement: 'Below /.well-known/ there is only what was registered; all else is not found.',
    async run({ driver }) {
      const paths = ['/.well-known/', '/.well-known/none-such', '/.well-known/change-password/more'];
      const answers = await Promise.all(paths.map(path => driver.createClient().send({ method: 'GET', path })));
      return verdict(
        answers.every(({ status }) => status === 404),
        paths.map((path, i) => `${path}: ${answers[i]?.status}`).join('; '),
      );
    },
  },
  {
    id: 'RFC 3834',
    standard: rfc,
    requirement: 'Mails that a machine sends say so, so that no other machine answers them.',
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      const { token } = await resetLink(driver, account.email);
      await mailAfter(
        driver,
        account.email,
        () => completeReset(driver, token, `${account.password} anew`),
        undefined,
        5000,
      );
      const mails = await driver.mailsTo(account.email);
      const saying = mails.filter(({ headers }) =>
        Object.entries(headers).some(
          ([name, value]) => name.toLowerCase() === 'auto-submitted' && value.startsWith('auto-'),
        ),
      );
      return verdict(
        mails.length > 0 && saying.length === mails.length,
        `${saying.length} of ${mails.length} mails have Auto-Submitted`,
      );
    },
  },
];
