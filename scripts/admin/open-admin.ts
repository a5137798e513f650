/** Opens the database of a deployment, or the local one, as wrangler knows it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { getPlatformProxy } from 'wrangler';
import type { Settings } from '../../worker/bindings.ts';
import { readConfig } from '../../worker/config.ts';
import { fromBase64Url } from '../../worker/credentials/base64.ts';
import { mailAddressKey, restingNameKey } from '../../worker/credentials/lookup-key.ts';
import type { ScryptCost } from '../../worker/credentials/scrypt-cost.ts';
import type { ScryptEngine } from '../../worker/credentials/scrypt-engine.ts';
import { type Database, openDatabase } from '../../worker/store/database.ts';
import { readWranglerConfig } from '../deploy/read-config.ts';
import { settingsDeployed } from '../deploy/settings.ts';
import { createTerminal } from '../terminal.ts';
import { AdminError } from './admin-error.ts';

const FOLDER = fileURLToPath(new URL('../..', import.meta.url));
const HOME = `${FOLDER}.cache/admin`;

export type Admin = {
  db: Database;
  /** Where the Worker answers. */
  appUrl: string;
  operator: string;
  nowMs: number;
  /** Which database that is, in words that are another's for another one. */
  target: string;
  /** Where a verb keeps what it has to know when it is run again. */
  home: string;
  /** Rows of an import in one transaction. As long as rows can be, 2000 are 1.7 MB of JSON, and D1 takes a text of 2 MB. */
  rowsAtOnce: number;
  /** Where a bar of progress is drawn. */
  screen: { isTTY?: boolean; write(text: string): unknown };
  /** A line of progress for whoever waits. */
  say(line: string): void;
  /** The keyed hash that mail knows an address by; null where LOOKUP_SECRET is not at hand. */
  addressKeyOf(email: string): Promise<string | null>;
  /** The keyed hash that the username of a deleted account rests under; null where LOOKUP_SECRET is not at hand. */
  restingKeyOf(username: string): Promise<string | null>;
  /** How that Worker hashes. Throws an AdminError where its settings are wrong. */
  hashing(): Hashing;
  /** Asks whoever sits before a terminal; where nobody does, the answer is no. */
  confirm(question: string): Promise<boolean>;
  close(): Promise<void>;
};

export type Hashing = { cost: ScryptCost; engine: ScryptEngine; refusalFloorMs: number };

type Options = {
  /** The deployed database; wrangler asks who you are where it does not know. */
  remote: boolean;
  /** Of wrangler.toml's environments. */
  env?: string | undefined;
  operator: string;
  /** Where the local database is, in place of .wrangler/state. */
  state?: string | undefined;
  /** Where the Worker answers, in place of APP_URL. */
  url?: string | undefined;
};

export const openAdmin = async ({ remote, env, operator, state, url }: Options): Promise<Admin> => {
  const config = readToml(env ?? process.env.CLOUDFLARE_ENV);
  const database = config.d1_databases.find(({ binding }) => binding === 'DB');
  if (!database) throw new AdminError(`wrangler.toml has no database DB${env ? ` in the environment ${env}` : ''}.`);
  const place = state ?? `${FOLDER}.wrangler/state`;
  mkdirSync(HOME, { recursive: true });
  // The database alone: nothing else of the Worker has to start for it. Wrangler would take the local one's id for the remote's.
  const configPath = `${HOME}/wrangler.json`;
  const alone = { name: 'rekey-admin', compatibility_date: config.compatibility_date };
  const opened = { ...database, ...(remote && { preview_database_id: undefined }), remote };
  writeFileSync(configPath, JSON.stringify({ ...alone, d1_databases: [opened] }));
  const { env: bindings, dispose } = await getPlatformProxy<{ DB: Parameters<typeof openDatabase>[0] }>({
    configPath,
    envFiles: [],
    persist: { path: `${place}/v3` },
    remoteBindings: remote,
  });
  const local = remote ? {} : readDevVars();
  const lookupSecret = fromBase64Url(process.env.LOOKUP_SECRET ?? local.LOOKUP_SECRET ?? '');
  return {
    db: openDatabase(bindings.DB),
    appUrl: url ?? local.APP_URL ?? String(config.vars.APP_URL),
    operator,
    nowMs: Date.now(),
    target: remote ? (database.database_id ?? database.binding) : resolve(place),
    home: HOME,
    // Locally each transaction costs its start; to a deployed database small ones are the safer.
    rowsAtOnce: remote ? 500 : 2000,
    screen: process.stderr,
    say: line => console.error(line),
    addressKeyOf: async email => (lookupSecret?.length ? mailAddressKey({ lookupSecret }, email) : null),
    restingKeyOf: async username => (lookupSecret?.length ? restingNameKey({ lookupSecret }, username) : null),
    hashing: () => readHashing({ ...(config.vars as Settings), ...local }),
    confirm,
    close: dispose,
  };
};

const readToml = (env = '') => {
  try {
    return readWranglerConfig(`${FOLDER}wrangler.toml`, env);
  } catch (error) {
    throw new AdminError((error as Error).message);
  }
};

/** What the local Worker runs with, where that is not what wrangler.toml says. Deployed secrets cannot be read back. */
const readDevVars = (): NodeJS.Dict<string> => {
  const path = `${FOLDER}.dev.vars`;
  return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {};
};

const readHashing = (settings: Settings): Hashing => {
  const read = readConfig(settingsDeployed(settings));
  if (read.kind === 'bad') throw new AdminError(`The settings are wrong: ${read.problems.join('; ')}.`);
  const { scrypt: cost, scryptEngine: engine, refusalFloorMs } = read.config;
  return { cost, engine, refusalFloorMs };
};

const confirm = async (question: string): Promise<boolean> => {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const answer = await createTerminal(process.stdin, process.stderr).ask(`${question} [y/N] `);
  return /^y(es)?$/i.test(answer ?? '');
};
