/** Wrong passwords at an address: made one by one as an attacker would, or written down as if they had been. */
import { readConfig } from '../../worker/config.ts';
import { guessedAddressKey } from '../../worker/credentials/lookup-key.ts';
import { expectProblem } from './expect-problem.ts';
import { type Rekey, TEST_SETTINGS, withClockAhead } from './harness.ts';
import { type Answer, createPerson, NEW_PASSWORD } from './people.ts';
import { rowsOf } from './rows.ts';

type Address = { email: string };

/** One wrong password (or the given one) from a browser and a network that were never seen before. */
export const guess = (rekey: Rekey, { email }: Address, password = NEW_PASSWORD): Promise<Answer> =>
  createPerson(rekey, 'stranger', { username: '', email }).signIn(password);

/** The seconds of a 429. Fails where it is none. */
export const retryAfter = (answer: Answer): number => {
  expectProblem(answer, 'too_many_requests');
  return Number(answer.headers.get('Retry-After'));
};

/** So many wrong passwords, each as soon as it is let through. Answers how far ahead the clock was at the last. */
export const guessTimes = async (rekey: Rekey, who: Address, times: number): Promise<number> => {
  let aheadMs = 0;
  for (let done = 0; done < times; ) {
    const answer = await withClockAhead(rekey, aheadMs, () => guess(rekey, who));
    if (answer.status === 401) done += 1;
    else aheadMs += retryAfter(answer) * 1000;
  }
  return aheadMs;
};

const keyOf = ({ email }: Address): Promise<string> => {
  const outcome = readConfig(TEST_SETTINGS);
  if (outcome.kind === 'bad') throw new Error(outcome.problems.join('; '));
  return guessedAddressKey(outcome.config, email);
};

/** What is counted at an address: wrong passwords by the id of a known browser, and under '' those of all others. */
export const guessesAt = async (rekey: Rekey, who: Address): Promise<Record<string, number>> => {
  const key = await keyOf(who);
  const own = (await rowsOf(rekey, 'guesses')).filter(({ address_key }) => address_key === key);
  return Object.fromEntries(own.map(row => [String(row.browser_id), Number(row.wrong)]));
};

/** As if so many wrong passwords in a row had been tried by now, and the last wait was over. */
export const pretendGuesses = async (rekey: Rekey, who: Address, wrong: number, browserId = ''): Promise<void> => {
  await rekey.env.DB.prepare(
    'INSERT OR REPLACE INTO guesses (address_key, browser_id, wrong, wrong_at, wait_until) VALUES (?, ?, ?, ?, ?)',
  )
    .bind(await keyOf(who), browserId, wrong, Date.now(), 0)
    .run();
};
