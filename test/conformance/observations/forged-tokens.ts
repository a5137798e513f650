/**
 * Forged tokens, each tried on an account that they were made for, and the row that has to refuse some kinds of them.
 */
import { type Check, finding, judge, need } from '../check.ts';
import type { Context } from '../context.ts';
import type { Forgery } from '../driver.ts';
import { completeReset, isGood, join, opens, resetLink } from '../visits.ts';

/** What became of every forged token, tried one after the other on one account. */
export const observeForgeries = async (context: Context) => {
  const { driver } = context;
  const forgeries = need(driver.forgeries?.bind(driver), 'tokens made to deceive it');
  const { account } = await join(context);
  const made = await forgeries(account.email);
  const opened: Forgery[] = [];
  for (const forgery of made) {
    const answer = await completeReset(driver, forgery.token, `${account.password} forged`);
    if (isGood(answer) || answer.status >= 500) opened.push(forgery);
  }
  // After all of them a real one still works: they were not refused for some other reason.
  const { token } = await resetLink(driver, account.email);
  const isUnchanged = await opens(driver, account);
  const real = await completeReset(driver, token, `${account.password} anew`);
  return { made, opened, isSound: isUnchanged && isGood(real), real };
};

/** Held where every forgery of these kinds is refused. */
export const forgeryRow = (row: Omit<Check, 'run'>, ...kinds: Forgery['kind'][]): Check => ({
  ...row,
  async run(context) {
    const { made, opened, isSound, real } = await context.once(observeForgeries);
    const own = made.filter(({ kind }) => kinds.includes(kind));
    const wrong = opened.filter(({ kind }) => kinds.includes(kind)).map(({ what }) => what);
    return judge([
      finding(
        own.length > 0 && wrong.length === 0,
        wrong.length > 0
          ? `taken or fatal: ${wrong.join('; ')}`
          : `${own.length} refused: ${own.map(({ what }) => what).join('; ')}`,
      ),
      finding(isSound, `a real one afterwards: ${real.status}`),
    ]);
  },
});
