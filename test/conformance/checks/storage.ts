/** How passwords are stored: OWASP's cheat sheet, and the row of ASVS 5.0, 11.4 about it. */
import { type Check, finding, judge, need, verdict } from '../check.ts';
import type { Context } from '../context.ts';
import { observeDeployed } from '../observations/deployed.ts';
import { shownForm } from '../stored-form.ts';
import { completeReset, isRefused, join, opens, registerWith, resetLink } from '../visits.ts';

const standard = 'OWASP cheat sheets';
/** OWASP's minima for scrypt with r = 8, as log2 of N, and p. */
const SCRYPT_MINIMA: Readonly<Record<number, number>> = { 17: 1, 16: 2, 15: 3, 14: 5, 13: 10 };
const FAST_MS = 2000;

/** Whether a stored form says a scheme and a cost that OWASP calls enough; null where it does not say its cost. */
const isEnough = (stored: string): boolean | null => {
  const number = (name: string) => Number(new RegExp(`\\b${name}=(\\d+)`).exec(stored)?.[1] ?? Number.NaN);
  if (/\$scrypt\$/.test(stored)) {
    const [ln, r, p] = [number('ln'), number('r'), number('p')];
    return ln > 17 || (r >= 8 && p >= (SCRYPT_MINIMA[ln] ?? Number.POSITIVE_INFINITY));
  }
  if (/\$argon2id\$/.test(stored)) return number('m') >= 19_456 && number('t') >= 2;
  const bcrypt = /^\$2[aby]\$(\d+)\$/.exec(stored);
  return bcrypt ? Number(bcrypt[1]) >= 10 : null;
};

const storedByDefault = async (context: Context): Promise<string> => {
  const deployed = need(await context.once(observeDeployed), 'the system at its default cost');
  return need(deployed.stored, 'a look at the stored password');
};

export const storageRows: readonly Check[] = [
  {
    id: 'ASVS 11.4.2',
    standard: 'OWASP ASVS 5.0',
    level: 2,
    requirement: 'Passwords are hashed by a scheme and at a cost that is thought enough today.',
    async run(context) {
      const stored = await storedByDefault(context);
      const { signInMs } = need(await context.once(observeDeployed), 'the system at its default cost');
      return judge([
        finding(
          isEnough(stored) === true,
          `stored by default as ${shownForm(stored)}${isEnough(stored) === null ? ', without its cost' : ''}`,
        ),
        finding(signInMs > 20, `signing in takes ${Math.round(signInMs)} ms`),
      ]);
    },
  },
  {
    id: 'OWASP PS-1',
    standard,
    requirement: 'Argon2id with 19 MiB and two rounds, or scrypt with N = 2^14 and p = 5, or another pair as strong.',
    async run(context) {
      const stored = await storedByDefault(context);
      return verdict(isEnough(stored) === true, `by default: ${shownForm(stored)}`);
    },
  },
  {
    id: 'OWASP PS-2',
    standard,
    requirement: 'A cost that was raised reaches people when they next sign in.',
    async run(context) {
      const { driver } = context;
      const weaken = need(driver.weakenStoredPassword?.bind(driver), 'a stored password of lower cost');
      const stored = need(driver.storedPassword?.bind(driver), 'a look at the stored password');
      const { account } = await join(context);
      await weaken(account.email, account.password);
      const before = shownForm(await stored(account.email));
      const isOpen = await opens(driver, account);
      let after = before;
      for (let i = 0; i < 30 && after === before; i += 1) {
        await new Promise(resolve => setTimeout(resolve, 100));
        after = shownForm(await stored(account.email));
      }
      return judge([finding(isOpen && after !== before, `${before} before signing in, ${after} after`)]);
    },
  },
  {
    id: 'OWASP PS-3',
    standard,
    requirement: 'A pepper, kept apart from the database, goes into every hash and can be replaced.',
    async run(context) {
      const stored = await storedByDefault(context);
      const isPeppered = /key(id)?=|\bkid|pepper|hmac/i.test(stored);
      return verdict(isPeppered, `the stored form names ${isPeppered ? 'a key' : 'no key'}: ${shownForm(stored)}`);
    },
  },
  {
    id: 'OWASP PS-4',
    standard,
    requirement:
      'There is an upper length, so that hashing cannot be used to keep the server busy, and nothing is cut off in silence.',
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      const { token } = await resetLink(driver, account.email);
      const huge = 'a1'.repeat(500_000);
      const startedAtMs = performance.now();
      const reset = await completeReset(driver, token, huge);
      const tookMs = Math.round(performance.now() - startedAtMs);
      const signUp = await registerWith(context, 'b2 '.repeat(2000));
      return judge([
        finding(isRefused(reset), `a password of 1 MB: ${reset.status}`),
        finding(tookMs < FAST_MS, `in ${tookMs} ms`),
        finding(isRefused(signUp), `one of 6000 characters: ${signUp.status}`),
      ]);
    },
  },
];
