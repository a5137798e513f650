/** The secrets of many sessions. */
import type { Context } from '../context.ts';
import { join, sessionCookies, signInElsewhere, withCookiesOf } from '../visits.ts';
import { bitsOf } from './limits.ts';

const SAMPLE = 60;
/** Session secrets of many sign-ins. */
export const observeSecrets = async (context: Context) => {
  const { driver } = context;
  const { account, client } = await join(context);
  const names = await sessionCookies(driver, client);
  const secrets: string[] = [];
  while (secrets.length < SAMPLE) {
    // Few at a time: until the password is found right, each may count as a wrong one.
    const clients = await Promise.all(Array.from({ length: 4 }, () => signInElsewhere(driver, account)));
    secrets.push(...clients.map(({ cookies }) => names.map(name => cookies.get(name) ?? '').join()));
  }
  const [secret = ''] = secrets;
  // The first part, where a signature follows: better one guess too low.
  const [first = ''] = decodeURIComponent(secret).split('.');
  const bits = bitsOf(first);
  const altered = withCookiesOf(driver, client);
  for (const name of names)
    altered.cookies.set(
      name,
      `A${(client.cookies.get(name) ?? '').slice(1).replace(/^./, c => (c === 'B' ? 'C' : 'B'))}`,
    );
  return { names, secrets, bits, account, whoUnderAltered: await driver.whoAmI(altered) };
};
