/** How long a session lives, found by moving the clock: unused, and used every day. */
import { need } from '../check.ts';
import type { Context } from '../context.ts';
import { join, signIn } from '../visits.ts';

const DAY_MS = 24 * 3600 * 1000;
const MOST_DAYS = 61;

/** A session that lasts as long as the system lets one last. */
const lastingSession = async (context: Context) => {
  const { driver } = context;
  const { account } = await join(context);
  const client = driver.createClient();
  const sent = driver.calls.signIn({ email: account.email, password: account.password });
  // Systems call it by different names, and refuse or look past the other one's.
  for (const name of ['remember', 'rememberMe']) {
    const body = JSON.stringify({ ...JSON.parse(sent.body ?? '{}'), [name]: true });
    await client.send({ ...sent, body });
    if (await driver.whoAmI(client)) return client;
  }
  await signIn(driver, client, account);
  return client;
};

/** Null where it does not end within the time that was tried: 29 days unused, 60 days used. */
export const observeLifetimes = async (context: Context) => {
  const { driver } = context;
  const moveClock = need(driver.moveClock?.bind(driver), 'a clock that can be moved');
  const unused = await Promise.all(
    [1, 2, 7, 13.9, 14.1, 29].map(async days => ({ days, client: await lastingSession(context) })),
  );
  const used = await lastingSession(context);

  let idleMs: number | null = null;
  for (const { days, client } of unused) {
    await moveClock(days * DAY_MS);
    if ((await driver.whoAmI(client)) === null) {
      idleMs = Math.floor(days) * DAY_MS;
      break;
    }
  }
  let absoluteMs: number | null = null;
  for (let days = 1; days <= MOST_DAYS && absoluteMs === null; days += 1) {
    await moveClock(days * DAY_MS + 60_000);
    if ((await driver.whoAmI(used)) === null) absoluteMs = days * DAY_MS;
  }
  await moveClock(0);
  return { idleMs, absoluteMs };
};
