/**
 * Wrangler for the tests of the deployment: it keeps an account in a file, records every call, answers as wrangler 4.164 does,
 * takes no command and no flag that it does not know, and fails where it is told to. test/unit/deploy-by-wrangler.test.ts holds
 * the real one against a run with this one.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readWranglerConfig, type WranglerConfig } from '../../scripts/deploy/read-config.ts';
import type { RunWrangler } from '../../scripts/wrangler.ts';

type StoredWorker = { secrets: Record<string, string>; deployments: { vars: object; database: string }[] };

export type StoredAccount = {
  isLoggedIn: boolean;
  accounts: { id: string; name: string }[];
  databases: { uuid: string; name: string; migrations: string[] }[];
  queues: string[];
  workers: Record<string, StoredWorker>;
  /** How often each secret was put. */
  puts: Record<string, number>;
  calls: { args: string[]; accountId: string | null }[];
};

const EMPTY: StoredAccount = {
  isLoggedIn: true,
  accounts: [{ id: 'a'.repeat(32), name: 'Ada' }],
  databases: [],
  queues: [],
  workers: {},
  puts: {},
  calls: [],
};

/** `null`: it goes well. `before`: nothing happens and it fails. `after`: it happens, and it fails all the same. */
export type Fate = 'before' | 'after' | null;

export const createWranglerStandIn = (folder: string, decide: (args: readonly string[]) => Fate = () => null) => {
  const file = join(folder, 'account.json');
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(EMPTY));
  const read = (): StoredAccount => JSON.parse(readFileSync(file, 'utf8'));
  const change = (edit: (account: StoredAccount) => void) => {
    const account = read();
    edit(account);
    writeFileSync(file, JSON.stringify(account));
  };
  const createRunner =
    (environment: Record<string, string>): RunWrangler =>
    async (args, input) => {
      change(({ calls }) => void calls.push({ args: [...args], accountId: environment.CLOUDFLARE_ACCOUNT_ID ?? null }));
      const fate = decide(args);
      const lost = { isDone: false, stdout: '', words: '✘ [ERROR] fetch failed' };
      if (fate === 'before') return lost;
      let answer = { isDone: true, stdout: '', words: '' };
      change(account => {
        answer = answerTo(account, folder, args, input);
      });
      return fate === 'after' ? lost : answer;
    };
  return { file, read, change, createRunner };
};

const good = (stdout: string) => ({ isDone: true, stdout, words: stdout });
const bad = (message: string) => ({ isDone: false, stdout: '', words: `✘ [ERROR] ${message}` });

type Call = { account: StoredAccount; folder: string; config: WranglerConfig; name: string; input: string };

const answerTo = (account: StoredAccount, folder: string, args: readonly string[], input = '') => {
  const option = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { env: option, json: flag, format: option, remote: flag };
  const { values, positionals, tokens } = parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
  const known = Object.entries(COMMANDS).find(([words]) => `${positionals.join(' ')} `.startsWith(`${words} `));
  if (!known || values.env === undefined) throw new Error(`wrangler has no ${args.join(' ')}`);
  const [words, { flags, names, run }] = known;
  const rest = positionals.slice(words.split(' ').length);
  const used = tokens.flatMap(token => (token.kind === 'option' && token.name !== 'env' ? [token.name] : []));
  if (rest.length !== names || used.some(name => !flags.includes(name))) throw new Error(`${words} takes no ${args}`);
  if (!account.isLoggedIn && words !== 'whoami')
    return bad('In a non-interactive environment, it is necessary to log in');
  const config = readWranglerConfig(join(folder, 'wrangler.toml'), values.env);
  return run({ account, folder, config, name: rest[0] ?? '', input });
};

const json = (value: unknown) => good(JSON.stringify(value, null, 2));
const newUuid = (account: StoredAccount) =>
  `11111111-2222-4333-8444-${String(account.databases.length).padStart(12, '0')}`;
const databaseOf = ({ account, config }: Call) =>
  account.databases.find(({ uuid }) => uuid === config.d1_databases[0]?.database_id);

const COMMANDS: Record<string, { flags: string[]; names: number; run: (call: Call) => ReturnType<typeof good> }> = {
  whoami: {
    flags: ['json'],
    names: 0,
    run: ({ account: { isLoggedIn, accounts } }) =>
      isLoggedIn
        ? json({ loggedIn: true, authType: 'OAuth Token', email: 'ada@example.com', accounts })
        : { ...json({ loggedIn: false }), isDone: false },
  },
  'd1 list': {
    flags: ['json'],
    names: 0,
    run: ({ account }) => json(account.databases.map(({ uuid, name }) => ({ uuid, name, version: 'production' }))),
  },
  'd1 create': {
    flags: [],
    names: 1,
    run({ account, name }) {
      if (account.databases.some(one => one.name === name)) return bad('A database with that name already exists');
      account.databases.push({ uuid: newUuid(account), name, migrations: [] });
      return good(`✅ Successfully created DB '${name}' in region WEUR\nCreated your new D1 database.\n`);
    },
  },
  'queues info': {
    flags: [],
    names: 1,
    run: ({ account, name }) =>
      account.queues.includes(name)
        ? good(`Queue Name: ${name}`)
        : bad(`Queue "${name}" does not exist. To create it, run: wrangler queues create ${name}`),
  },
  'queues create': {
    flags: [],
    names: 1,
    run({ account, name }) {
      if (account.queues.includes(name)) return bad(`Queue name '${name}' is already taken. [code: 11009]`);
      account.queues.push(name);
      return good(`🌀 Creating queue '${name}'\n✅ Created queue '${name}'`);
    },
  },
  'secret list': {
    flags: ['format'],
    names: 0,
    run({ account, config }) {
      const worker = account.workers[config.name];
      if (!worker)
        return bad(`Worker "${config.name}" not found.\n\n  If this is a new Worker, run \`wrangler deploy\` first`);
      return json(Object.keys(worker.secrets).map(name => ({ name, type: 'secret_text' })));
    },
  },
  'secret bulk': {
    flags: [],
    names: 0,
    run({ account, config, input }) {
      const given = JSON.parse(input) as Record<string, string>;
      account.workers[config.name] ??= { secrets: {}, deployments: [] };
      Object.assign(account.workers[config.name]?.secrets ?? {}, given);
      for (const name of Object.keys(given)) account.puts[name] = (account.puts[name] ?? 0) + 1;
      return good(
        Object.keys(given)
          .map(name => `✨ Successfully created secret for key: ${name}`)
          .join('\n'),
      );
    },
  },
  'd1 migrations apply': {
    flags: ['remote'],
    names: 1,
    run(call) {
      const database = databaseOf(call);
      if (call.name !== 'DB' || !database) return bad('The database could not be found [code: 7404]');
      database.migrations = readdirSync('migrations').filter(file => file.endsWith('.sql'));
      return good('Migrations to be applied:');
    },
  },
  deploy: {
    flags: [],
    names: 0,
    run(call) {
      const { account, config } = call;
      const missing = config.queues.consumers?.find(({ queue }) => !account.queues.includes(queue));
      if (missing) return bad(`Queue "${missing.queue}" does not exist.`);
      const database = databaseOf(call);
      if (!database) return bad('You must use a real database in the database_id configuration.');
      account.workers[config.name] ??= { secrets: {}, deployments: [] };
      account.workers[config.name]?.deployments.push({ vars: config.vars, database: database.uuid });
      return good(`Uploaded ${config.name} (0.19 sec)\nDeployed ${config.name} triggers (0.02 sec)`);
    },
  },
};
