/** ASVS 5.0, 7.1 to 7.3: the secret of a session, and how long it is good. */
import { type Check, finding, judge, need, verdict } from '../check.ts';
import { observeLifetimes } from '../observations/lifetimes.ts';
import { saysSo } from '../observations/limits.ts';
import { observeSecrets } from '../observations/session-secrets.ts';
import { join, sessionCookies, signIn, withCookiesOf } from '../visits.ts';

const standard = 'OWASP ASVS 5.0';
const DAY_MS = 24 * 3600 * 1000;

export const sessionLifeRows: readonly Check[] = [
  {
    id: 'ASVS 7.1.1, 7.1.2',
    standard,
    level: 2,
    requirement: 'It is written down when a session ends, used or unused, and how many there may be.',
    alone: true,
    async run(context) {
      const { driver } = context;
      const documents = await need(driver.documents?.bind(driver), 'what its makers have written')();
      const { idleMs, absoluteMs } = await context.once(observeLifetimes);
      const isSaid =
        /(number|many) (of )?(parallel )?sessions|sessions? .*(at the same time|in parallel|at once)/i.test(documents);
      return judge([
        ...(idleMs
          ? [saysSo(documents, 'days unused', Math.round(idleMs / DAY_MS), /days?.*unused|unused.*days?|idle/i)]
          : []),
        ...(absoluteMs
          ? [saysSo(documents, 'days in all', Math.round(absoluteMs / DAY_MS), /session.*days?|days?.*session/i)]
          : []),
        finding(isSaid, `the documents ${isSaid ? 'say' : 'do not say'} how many there may be`),
      ]);
    },
  },
  {
    id: 'ASVS 7.2.1 to 7.2.3',
    standard,
    level: 1,
    requirement:
      'Sessions are checked on the server, by a random secret of 128 bits or more that says nothing by itself.',
    async run(context) {
      const { secrets, bits, account, whoUnderAltered } = await context.once(observeSecrets);
      const different = new Set(secrets).size;
      const plain = secrets.some(secret => secret.includes(account.username));
      return judge([
        finding(different === secrets.length, `${different} different secrets in ${secrets.length} sign-ins`),
        finding(bits >= 128, `up to ${bits} bits each`),
        finding(whoUnderAltered === null, whoUnderAltered ? 'an altered one opens' : 'an altered one opens nothing'),
        finding(!plain, plain ? 'they name the person' : 'they name nobody'),
      ]);
    },
  },
  {
    id: 'ASVS 7.2.4',
    standard,
    level: 1,
    requirement: 'Signing in makes a new secret and ends the one that came along.',
    async run(context) {
      const { driver } = context;
      const { account, client } = await join(context);
      const old = withCookiesOf(driver, client);
      const names = await sessionCookies(driver, client);
      await signIn(driver, client, account);
      const isNew = names.every(name => client.cookies.get(name) !== old.cookies.get(name));
      const who = await driver.whoAmI(old);
      return judge([
        finding(isNew, isNew ? 'another secret after signing in' : 'the same secret after signing in'),
        finding(who === null, who ? 'the old one still opens the account' : 'the old one is dead'),
      ]);
    },
  },
  {
    id: 'ASVS 7.3.1',
    standard,
    level: 2,
    requirement: 'A session that nobody uses ends.',
    alone: true,
    async run(context) {
      const { idleMs } = await context.once(observeLifetimes);
      return verdict(
        idleMs !== null,
        idleMs ? `unused, it is over after ${idleMs / DAY_MS} days` : 'unused for 29 days, it goes on',
      );
    },
  },
  {
    id: 'ASVS 7.3.2',
    standard,
    level: 2,
    requirement: 'A session ends some time after signing in, however much it is used.',
    alone: true,
    async run(context) {
      const { absoluteMs } = await context.once(observeLifetimes);
      return verdict(
        absoluteMs !== null,
        absoluteMs
          ? `used every day, it is over after ${absoluteMs / DAY_MS} days`
          : 'used every day, it goes on for 60 days and more',
      );
    },
  },
];
