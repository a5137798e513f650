/** The system as it would be deployed: on https, at its default cost. */
import type { Context } from '../context.ts';
import { join, sessionCookies, signIn } from '../visits.ts';

/** A person on the deployed system, and the answer that signed them in. Null where it cannot be had on https. */
export const observeDeployed = async (context: Context) => {
  const isDeployed = context.driver.url.startsWith('https:');
  const driver = isDeployed ? context.driver : await context.driver.startDeployed?.();
  if (!driver) return null;
  try {
    const { account, client } = await join({ ...context, driver });
    const names = await sessionCookies(driver, client);
    const startedAtMs = performance.now();
    const answer = await signIn(driver, driver.createClient(), account);
    const signInMs = performance.now() - startedAtMs;
    const stored = (await driver.storedPassword?.(account.email)) ?? null;
    return { driver, account, client, names, answer, signInMs, stored };
  } finally {
    if (!isDeployed) await driver.stop();
  }
};
