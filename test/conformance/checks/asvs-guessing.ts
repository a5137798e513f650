/** ASVS 5.0, 6.1, 6.3 and 2.4: guessing, flooding, and what the answers tell of who has an account. */
import { type Check, finding, judge, need, verdict } from '../check.ts';
import {
  observeClientFlood,
  observeGuessing,
  observeMailFlood,
  retryAfterSeconds,
  saysPerMinute,
  saysSo,
} from '../observations/limits.ts';
import { observeTellingApart } from '../observations/telling-apart.ts';
import { isGood, signIn } from '../visits.ts';

const standard = 'OWASP ASVS 5.0';
const DEFAULTS = ['admin', 'administrator', 'root', 'test', 'demo', 'user'];

export const guessingRows: readonly Check[] = [
  {
    id: 'ASVS 6.1.1',
    standard,
    level: 1,
    requirement: 'The limits against guessing and flooding are written down with their numbers, and lock out no owner.',
    async run(context) {
      const { driver } = context;
      const documents = await need(driver.documents?.bind(driver), 'what its makers have written')();
      const { person, isHeldBack, freeTries } = await context.once(observeGuessing);
      const owner = await signIn(driver, person.client, person.account);
      const flood = await context.once(observeClientFlood);
      const { mails } = await context.once(observeMailFlood);
      return judge([
        finding(isHeldBack, `${freeTries} wrong passwords, then ${isHeldBack ? 'held back' : 'still none held back'}`),
        saysSo(documents, 'wrong passwords for an address', freeTries, /wrong password/i),
        saysPerMinute(documents, flood.letThrough),
        saysSo(documents, 'reset mails', mails, /mails? .*reset/i),
        finding(isGood(owner), `the owner, in a browser that was here before, meanwhile: ${owner.status}`),
      ]);
    },
  },
  {
    id: 'ASVS 6.3.1',
    standard,
    level: 1,
    requirement: 'Guessing at passwords, also from many addresses, is held back.',
    async run(context) {
      const { answers, last, isHeldBack } = await context.once(observeGuessing);
      const seconds = retryAfterSeconds(last);
      const statuses = answers.map(({ status }) => status).join(' ');
      return judge([
        finding(isHeldBack, `each from another network: ${statuses}`),
        finding(seconds !== null, `Retry-After: ${seconds}`),
      ]);
    },
  },
  {
    id: 'ASVS 6.3.2',
    standard,
    level: 1,
    requirement: 'There are no accounts that nobody made.',
    async run({ driver }) {
      const host = new URL(driver.url).hostname;
      const tries = DEFAULTS.flatMap(name =>
        [`${name}@example.com`, `${name}@${host}.com`].flatMap(email =>
          [name, 'password', `${name}${name}${name}${name}`].map(password => ({ email, password })),
        ),
      );
      const answers = await Promise.all(tries.map(given => driver.createClient().send(driver.calls.signIn(given))));
      const good = answers.filter(isGood).length;
      return verdict(good === 0, `${tries.length} tries with usual names and passwords: ${good} got in`);
    },
  },
  {
    id: 'ASVS 6.3.8',
    standard,
    level: 3,
    requirement: 'Whether somebody has an account cannot be told from the answers of any form, nor from their time.',
    alone: true,
    async run(context) {
      const { reset, signingIn, registering, heldBack } = await context.once(observeTellingApart);
      const all = [reset, signingIn, ...(registering ? [registering] : [])];
      return judge([...all.flatMap(({ looks, times }) => [looks, times]), heldBack]);
    },
  },
  {
    id: 'ASVS 2.4.1',
    standard,
    level: 2,
    requirement: 'Calls that cost something, such as hashing and mailing, cannot be called without end by a machine.',
    async run(context) {
      const flood = await context.once(observeClientFlood);
      const { answers, mails } = await context.once(observeMailFlood);
      return judge([
        finding(
          flood.refused !== undefined,
          `one client: ${flood.letThrough} of ${flood.sent} requests let through${flood.refused ? ', then 429' : ''}`,
        ),
        finding(
          mails > 0 && mails < answers.length,
          `${answers.length} requests for a reset of one account: ${mails} mails`,
        ),
      ]);
    },
  },
];
