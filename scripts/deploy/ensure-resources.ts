/** The database and the queues, by the names that wrangler.toml says: what is there is kept, what is not is made once. */
import { type Account, COMMANDS, type Database } from './account.ts';
import { assertOwnDatabase } from './check-config.ts';
import { DeployError } from './deploy-error.ts';
import { editConfig } from './edit-config.ts';
import type { WranglerConfig } from './read-config.ts';
import type { Steps } from './steps.ts';

type Given = { account: Account | null; config: WranglerConfig; path: string; env: string };

export type There = { databases: Database[]; queues: ReadonlySet<string>; secrets: string[] };

/** What the account has. Where nobody is logged in, nothing. */
export const lookAround = async (account: Account | null, config: WranglerConfig): Promise<There> => {
  if (!account) return { databases: [], queues: new Set(), secrets: [] };
  const names = queuesOf(config);
  const [databases, areThere, secrets] = await Promise.all([
    account.databases(),
    Promise.all(names.map(account.hasQueue)),
    account.secretNames(),
  ]);
  return { databases, queues: new Set(names.filter((_, at) => areThere[at])), secrets };
};

const queuesOf = ({ queues: { producers = [], consumers = [] } }: WranglerConfig): string[] => [
  ...new Set([
    ...producers.map(({ queue }) => queue),
    ...consumers.flatMap(({ queue, dead_letter_queue }) => (dead_letter_queue ? [queue, dead_letter_queue] : [queue])),
  ]),
];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NO_UUID = /^[0-]+$/;

export const ensureDatabase = async (given: Given, { databases }: There, { say, change }: Steps): Promise<void> => {
  const { account, config, path, env } = given;
  const { database_name: name = config.name, database_id: written = '' } =
    config.d1_databases.find(({ binding }) => binding === 'DB') ?? {};
  if (UUID.test(written) && !NO_UUID.test(written)) {
    assertOwnDatabase(written, path, config);
    if (!account || databases.some(({ uuid }) => uuid === written)) return say(`Keep the database ${written}`);
    throw new DeployError(
      `wrangler.toml names the database ${written}, and this account has none with that id.`,
      'Is it the right account? No second database is made. Only where the first is gone for good, write\n' +
        'database_id = "00000000-0000-0000-0000-000000000000": that asks for a new one.',
    );
  }
  const found = databases.find(one => one.name === name);
  if (found) {
    assertOwnDatabase(found.uuid, path, config);
    say(`Keep the database ${name}`);
  } else {
    const create = COMMANDS.createDatabase(name);
    await change(`Create the database ${name}`, typedFor(env, create), () => account?.createDatabase(name));
  }
  await change('Write its database_id into wrangler.toml', 'one line', async () => {
    const { uuid } = found ?? (await account?.databases())?.find(one => one.name === name) ?? {};
    if (!uuid) throw new DeployError(`The database ${name} is not listed yet.`, 'Give Cloudflare a moment.');
    const edit = { table: 'd1_databases', binding: 'DB', key: 'database_id', value: uuid };
    const isSo = (read: WranglerConfig) =>
      read.d1_databases.some(({ binding, database_id }) => binding === 'DB' && database_id === uuid);
    editConfig(path, env, [edit], isSo);
  });
};

export const ensureQueues = async ({ account, config, env }: Given, { queues }: There, steps: Steps): Promise<void> => {
  for (const name of queuesOf(config)) {
    if (queues.has(name)) steps.say(`Keep the queue ${name}`);
    else {
      const typed = typedFor(env, COMMANDS.createQueue(name));
      await steps.change(`Create the queue ${name}`, typed, () => account?.createQueue(name));
    }
  }
};

/** A command as a person would type it. */
export const typedFor = (env: string, command: string[]): string =>
  ['npx wrangler', ...command, `--env=${env || '""'}`].join(' ');
