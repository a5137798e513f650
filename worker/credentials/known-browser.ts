/**
 * Known browsers: a signed cookie that remembers, for up to 8 accounts, that somebody signed in here. It opens nothing by
 * itself; it spares its owner notices. Accounts stand in it as keyed hashes, and each entry dies when the account's
 * browser stamp is replaced.
 */
import type { Config } from '../config.ts';
import { randomBase64Url } from './base64.ts';
import { isLookupKey, lookupKey } from './lookup-key.ts';

const MAX_ACCOUNTS = 8;

export const KNOWN_BROWSER_SECONDS = 400 * 24 * 3600;

/** `accounts`: keyed hash of the user's id -> browser stamp, latest sign-in first. */
export type KnownBrowser = { id: string; accounts: [accountKey: string, browserStamp: string][] };

type Account = { id: string; browserStamp: string };

const accountKey = async (config: Config, userId: string): Promise<string> =>
  (await lookupKey(config, 'browser account', userId)).slice(0, 22);

/** The browser of a cookie; a new one where the cookie is missing or not of our making. */
export const readKnownBrowser = async (config: Config, cookie: string | undefined): Promise<KnownBrowser> => {
  const unknown: KnownBrowser = { id: randomBase64Url(16), accounts: [] };
  const [body = '', mac, ...more] = cookie?.split('*') ?? [];
  if (!mac || more.length > 0 || !(await isLookupKey(config, 'browser cookie', body, mac))) return unknown;
  const [id = '', ...accounts] = body.split('~');
  return { id, accounts: accounts.map(entry => entry.split('!') as [string, string]) };
};

/** The cookie of a browser: its parts hold base64url only, so three marks keep them apart. */
export const writeKnownBrowser = async (config: Config, { id, accounts }: KnownBrowser): Promise<string> => {
  const body = [id, ...accounts.map(entry => entry.join('!'))].join('~');
  return `${body}*${await lookupKey(config, 'browser cookie', body)}`;
};

/** Whether this account has signed in here since its browser stamp was last replaced. */
export const isKnownTo = async (config: Config, browser: KnownBrowser, account: Account): Promise<boolean> => {
  const key = await accountKey(config, account.id);
  return browser.accounts.some(([known, stamp]) => known === key && stamp === account.browserStamp);
};

/** The browser with this account first; the one that signed in longest ago makes room. */
export const withAccount = async (config: Config, browser: KnownBrowser, account: Account): Promise<KnownBrowser> => {
  const key = await accountKey(config, account.id);
  const others = browser.accounts.filter(([known]) => known !== key);
  return {
    id: browser.id,
    accounts: [[key, account.browserStamp] as [string, string], ...others].slice(0, MAX_ACCOUNTS),
  };
};
