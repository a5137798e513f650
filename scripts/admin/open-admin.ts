/** Opens the database of a deployment, or the local one, as wrangler knows it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { getPlatformProxy, unstable_readConfig as readConfig } from 'wrangler';
import { fromBase64Url } from '../../worker/credentials/base64.ts';
import { mailAddressKey } from '../../worker/credentials/lookup-key.ts';
import { type Database, openDatabase } from '../../worker/store/database.ts';
import { AdminError } from './admin-error.ts';

const FOLDER = fileURLToPath(new URL('../..', import.meta.url));
const HOME = `${FOLDER}.cache/admin`;

export type Admin = {
  db: Database;
  /** Where the Worker answers. */
  appUrl: string;
  operator: string;
  nowMs: number;
  /** A line of progress for whoever waits. */
  say(line: string): void;
  /** The keyed hash that mail knows an address by; null where LOOKUP_SECRET is not at hand. */
  addressKeyOf(email: string): Promise<string | null>;
  close(): Promise<void>;
};

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
  const config = readConfig({ config: `${FOLDER}wrangler.toml`, ...(env && { env }) });
  const databases: { binding: string }[] = config.d1_databases;
  const database = databases.find(({ binding }) => binding === 'DB');
  if (!database) throw new AdminError(`wrangler.toml has no database DB${env ? ` in the environment ${env}` : ''}.`);
  mkdirSync(HOME, { recursive: true });
  // The database alone: nothing else of the Worker has to start for it.
  const configPath = `${HOME}/wrangler.json`;
  const alone = { name: 'rekey-admin', compatibility_date: config.compatibility_date };
  writeFileSync(configPath, JSON.stringify({ ...alone, d1_databases: [{ ...database, remote }] }));
  const { env: bindings, dispose } = await getPlatformProxy<{ DB: Parameters<typeof openDatabase>[0] }>({
    configPath,
    envFiles: [],
    persist: { path: `${state ?? `${FOLDER}.wrangler/state`}/v3` },
    remoteBindings: remote,
  });
  const lookupSecret = fromBase64Url(process.env.LOOKUP_SECRET ?? (remote ? '' : localSecret()));
  return {
    db: openDatabase(bindings.DB),
    appUrl: url ?? String(config.vars.APP_URL),
    operator,
    nowMs: Date.now(),
    say: line => console.error(line),
    addressKeyOf: async email => (lookupSecret?.length ? mailAddressKey({ lookupSecret }, email) : null),
    close: dispose,
  };
};

/** Deployed secrets cannot be read back; the local one is in .dev.vars. */
const localSecret = (): string => {
  const path = `${FOLDER}.dev.vars`;
  return (existsSync(path) && parseEnv(readFileSync(path, 'utf8')).LOOKUP_SECRET) || '';
};
