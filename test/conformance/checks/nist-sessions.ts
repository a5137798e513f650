/** NIST SP 800-63B-4, 2.1.3, 3.2 and 5.1: guessing, random values, and sessions. */
import { type Check, finding, judge, need, verdict } from '../check.ts';
import { observeDeployed } from '../observations/deployed.ts';
import { observeLifetimes } from '../observations/lifetimes.ts';
import { bitsOf, retryAfterSeconds } from '../observations/limits.ts';
import { observeSecrets } from '../observations/session-secrets.ts';
import { completeReset, isGood, isRefused, join, resetLink, signIn } from '../visits.ts';

const standard = 'NIST SP 800-63-4';
const DAY_MS = 24 * 3600 * 1000;
const MOST_FAILURES = 100;
/** Four a day are more than a hundred by then. */
const PATIENT_DAYS = 26;

export const nistSessionRows: readonly Check[] = [
  {
    id: 'NIST 800-63B 3.2.2',
    standard,
    requirement:
      'After a hundred wrong tries in a row only a recovery helps, whatever time is between them; a right one starts the count anew.',
    alone: true,
    async run(context) {
      const { driver } = context;
      const moveClock = need(driver.moveClock?.bind(driver), 'a clock that can be moved');
      const { account } = await join(context);
      let [aheadMs, failures, answer] = [0, 0, await signIn(driver, driver.createClient(), account, 'wrong as can be')];
      let longestSeconds = 0;
      for (let tries = 0; failures < MOST_FAILURES && tries < 3 * MOST_FAILURES; tries += 1) {
        if (answer.status === 429) {
          const seconds = retryAfterSeconds(answer) ?? 60;
          longestSeconds = Math.max(longestSeconds, seconds);
          aheadMs += seconds * 1000;
          await moveClock(aheadMs);
        } else failures += 1;
        answer = await signIn(driver, driver.createClient(), account, `wrong as can be ${tries}`);
      }
      await moveClock(aheadMs + 3600 * 1000);
      const right = await signIn(driver, driver.createClient(), account);
      const { token } = await resetLink(driver, account.email);
      const next = `${account.password} anew`;
      const reset = await completeReset(driver, token, next);
      const after = await signIn(driver, driver.createClient(), account, next);
      const { account: patient } = await join(context);
      for (let day = 1; day <= PATIENT_DAYS; day += 1) {
        await moveClock(aheadMs + (day + 1) * DAY_MS);
        for (let n = 0; n < 4; n += 1) await signIn(driver, driver.createClient(), patient, `wrong ${day} ${n}`);
      }
      const rightAfterDays = await signIn(driver, driver.createClient(), patient);
      return judge([
        finding(
          isRefused(rightAfterDays),
          `after four wrong ones a day for ${PATIENT_DAYS} days the right password: ${rightAfterDays.status}`,
        ),
        finding(
          failures <= MOST_FAILURES && isRefused(right),
          `after ${failures} wrong ones the right password: ${right.status}`,
        ),
        finding(longestSeconds > 0 && longestSeconds <= 3600, `waits of up to ${longestSeconds} s in between`),
        finding(isGood(reset) && isGood(after), `a reset leads back: ${reset.status}, ${after.status}`),
      ]);
    },
  },
  {
    id: 'NIST 800-63B 3.2.12',
    standard,
    requirement: 'Random values have 112 bits or more.',
    async run(context) {
      const { bits } = await context.once(observeSecrets);
      const { account } = await join(context);
      const { token } = await resetLink(context.driver, account.email);
      const secretPart = token.split('.').at(-1) ?? '';
      return judge([
        finding(bits >= 112, `a session's secret: up to ${bits} bits`),
        finding(bitsOf(secretPart) >= 112, `a mailed token: ${secretPart.length} characters that nobody can know`),
      ]);
    },
  },
  {
    id: 'NIST 800-63B 5.1',
    standard,
    requirement:
      "A session's secret has 64 bits or more, is made at sign-in by the server, dies at sign-out and does not serve other sites.",
    async run(context) {
      const { driver } = context;
      const { bits, secrets } = await context.once(observeSecrets);
      const { client } = await join(context);
      const sent = driver.calls.signOut();
      const foreign = await client.send({ ...sent, headers: { ...sent.headers, Origin: 'https://attacker.example' } });
      const copy = new Map(client.cookies);
      await client.send(sent);
      const replay = driver.createClient();
      for (const [name, value] of copy) replay.cookies.set(name, value);
      const who = await driver.whoAmI(replay);
      return judge([
        finding(
          bits >= 64 && new Set(secrets).size === secrets.length,
          `up to ${bits} bits, new at each of ${secrets.length} sign-ins`,
        ),
        finding(isRefused(foreign), `a request of another site: ${foreign.status}`),
        finding(who === null, who ? 'alive after signing out' : 'dead after signing out'),
      ]);
    },
  },
  {
    id: 'NIST 800-63B 5.1.1',
    standard,
    requirement:
      'Session cookies are Secure, for this host alone, HttpOnly, SameSite, and say nothing about the person.',
    async run(context) {
      const deployed = need(await context.once(observeDeployed), 'the system on https');
      const { account, answer, names } = deployed;
      const lines = answer.setCookies.filter(line => names.some(name => line.startsWith(`${name}=`)));
      const wants = [/^__Host-/, /;\s*secure/i, /;\s*httponly/i, /;\s*samesite=(lax|strict)/i];
      const isBare = !answer.setCookies.some(line =>
        [account.username, account.email].some(text => decodeURIComponent(line).includes(text)),
      );
      return judge([
        finding(
          lines.length > 0 && lines.every(line => wants.every(want => want.test(line))),
          lines.map(line => line.replace(/=[^;]*/, '=...')).join(' and ') || 'no cookie',
        ),
        finding(isBare, isBare ? 'no name or address in it' : 'it holds a name or an address'),
      ]);
    },
  },
  {
    id: 'NIST 800-63B 2.1.3, 5.2',
    standard,
    requirement: 'A session ends after about 30 days at the latest, however much it is used.',
    alone: true,
    async run(context) {
      const { absoluteMs } = await context.once(observeLifetimes);
      const days = absoluteMs === null ? null : absoluteMs / DAY_MS;
      return verdict(
        days !== null && days <= 31,
        days ? `used every day, it ends after ${days} days` : 'used every day, it goes on for 60 days and more',
      );
    },
  },
];
