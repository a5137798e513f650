/**
 * What the checks share: the system, its browser, and what one check has found out that another wants to know as well.
 */
import { randomBytes } from 'node:crypto';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { findBrowser } from '../browser/find-browser.ts';
import type { Account, Driver } from './driver.ts';

export type Context = {
  readonly driver: Driver;
  /** Somebody whom the system does not know yet. Nobody has the same address or name twice, in this run or another. */
  someone(): Account;
  /** Finds something out the first time it is asked for; afterwards the same answer. */
  once<Found>(find: (context: Context) => Promise<Found>): Promise<Found>;
  /** A browser tab that was never here, with a client address of its own. Closed when the work is done. */
  withPage<Done>(work: (page: Page, tab: BrowserContext) => Promise<Done>): Promise<Done>;
};

export const createContext = (driver: Driver) => {
  const run = randomBytes(3).toString('hex');
  let people = 0;
  const found = new Map<unknown, Promise<unknown>>();
  let browser: Promise<Browser> | undefined;

  const launch = async () => {
    const found = await findBrowser();
    const args = [...('args' in found ? found.args : []), ...(driver.browserArgs ?? [])];
    return chromium.launch({ ...found, args });
  };

  const context: Context = {
    driver,

    someone() {
      people += 1;
      const username = `c${run}${people}`;
      return { email: `${username}@example.com`, username, password: `violet kettle ${run} drum ${people}` };
    },

    once<Found>(find: (context: Context) => Promise<Found>) {
      const known = found.get(find) ?? find(context);
      found.set(find, known);
      return known as Promise<Found>;
    },

    async withPage(work) {
      browser ??= launch();
      people += 1;
      const network = `10.${randomBytes(3).join('.')}`;
      const tab = await (await browser).newContext({
        baseURL: driver.url,
        extraHTTPHeaders: { 'CF-Connecting-IP': network },
        reducedMotion: 'reduce',
      });
      tab.setDefaultTimeout(10_000);
      try {
        return await work(await tab.newPage(), tab);
      } finally {
        await tab.close();
      }
    },
  };

  const close = async () => {
    await (await browser?.catch(() => undefined))?.close();
  };
  return { context, close };
};
