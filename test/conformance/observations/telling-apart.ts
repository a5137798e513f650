/**
 * Whether somebody outside can tell who has an account: by the bytes of the answers, or by their times, taken in pairs one
 * after the other.
 */
import { mannWhitney, median } from '../../support/mann-whitney.ts';
import { type Finding, finding } from '../check.ts';
import type { Context } from '../context.ts';
import type { Account, Answer } from '../driver.ts';
import { join, signIn } from '../visits.ts';
import { lookOf } from './limits.ts';

const PAIRS = 40;
const WARM_UP = 2;
/** Wrong passwords for one address that no system holds back. */
const TRIES_PER_ADDRESS = 3;

type Ask = (account: Account) => Promise<Answer>;
export type Comparison = { looks: Finding; times: Finding };

/** `known` and `unknown` are asked in turn, the order of the two changing from pair to pair. */
const compare = async (
  what: string,
  ask: Ask,
  known: readonly Account[],
  unknown: readonly Account[],
): Promise<Comparison> => {
  const times: [number[], number[]] = [[], []];
  const looks: [Set<string>, Set<string>] = [new Set(), new Set()];
  for (let i = 0; i < PAIRS + WARM_UP; i += 1) {
    for (const side of i % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const account = (side === 0 ? known : unknown)[Math.floor(i / TRIES_PER_ADDRESS)] as Account;
      const startedAtMs = performance.now();
      const answer = await ask(account);
      if (i >= WARM_UP) times[side].push(performance.now() - startedAtMs);
      looks[side].add(lookOf(answer));
    }
  }
  const { p, shift } = mannWhitney(times[0], times[1]);
  const middleMs = median([...times[0], ...times[1]]);
  const isSlower = p < 0.001 && Math.abs(shift) > Math.max(2, middleMs / 10);
  const all = new Set([...looks[0], ...looks[1]]);
  const status = [...all].map(look => look.split('\n')[0]).join(' and ');
  return {
    looks: finding(
      all.size === 1,
      `${what}: ${all.size === 1 ? `every answer alike (${status})` : `${all.size} different answers (${status})`}`,
    ),
    times: finding(
      !isSlower,
      `${what}: ${PAIRS} pairs, p = ${p.toFixed(3)}, known ${shift >= 0 ? 'slower' : 'faster'} by ${Math.abs(shift).toFixed(1)} of ${middleMs.toFixed(1)} ms`,
    ),
  };
};

/** Everything that takes an address and is open to all. */
export const observeTellingApart = async (context: Context) => {
  const { driver, someone } = context;
  const { askRegistration, askReset } = driver.calls;
  const count = Math.ceil((PAIRS + WARM_UP) / TRIES_PER_ADDRESS);
  const known = (await Promise.all(Array.from({ length: count }, () => join(context)))).map(({ account }) => account);
  const unknown = known.map(() => someone());
  const wrong: Ask = account => signIn(driver, driver.createClient(), account, 'not the password at all');

  const reset = await compare(
    'asking for a reset',
    ({ email }) => driver.createClient().send(askReset(email)),
    known,
    unknown,
  );
  const signingIn = await compare('signing in', wrong, known, unknown);
  const registering =
    askRegistration &&
    (await compare(
      'asking to register',
      ({ email }) => driver.createClient().send(askRegistration(email)),
      known,
      unknown.map(() => someone()),
    ));
  return { reset, signingIn, registering, heldBack: await compareHeldBack(context) };
};

/** Wrong passwords until both are held back, or for a while. */
const compareHeldBack = async (context: Context): Promise<Finding> => {
  const { driver, someone } = context;
  const look = async (account: Account) => {
    const looks: string[] = [];
    for (let i = 0; i < 8; i += 1)
      looks.push(lookOf(await signIn(driver, driver.createClient(), account, `wrong ${i}`)));
    return looks;
  };
  const [known, unknown] = [await look((await join(context)).account), await look(someone())];
  const statuses = known.map(text => text.split('\n')[0]).join(' ');
  const isSame = known.join() === unknown.join();
  return finding(
    isSame,
    `wrong passwords in a row: ${isSame ? `the same answers (${statuses})` : 'different answers'}`,
  );
};
