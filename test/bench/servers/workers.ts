/**
 * Rekey, the floor and better-auth in one workerd, each as it would be deployed, reached without anything in between: the
 * same runtime, the same database and queue, the same moment.
 */
import { fileURLToPath } from 'node:url';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptions } from 'miniflare';
import { unstable_readConfig as readConfig, unstable_getMiniflareWorkerOptions as readWorkerOptions } from 'wrangler';
import { startMailbox } from '../../mailbox/mailbox.ts';
import { APP_URL, TEST_SETTINGS, TOKEN_SECRET } from '../../support/harness.ts';
import { migrationStatements } from '../../support/migrations.ts';
import { bundleWorker } from './bundle.ts';
import { type Client, createClient } from './client.ts';

const FOLDER = fileURLToPath(new URL('../../..', import.meta.url));
/** A queue that nobody reads: what is put there ends there. */
const UNREAD = { queueName: 'unread' };

/**
 * `rekey-unread` is Rekey whose queue nobody reads, `better-auth-mailless` is better-auth whose mails go nowhere: the answer
 * alone, without the mail that follows it. `rekey-unlimited` is `rekey-unread` with a rate limiter that says yes at once: the
 * local runtime asks another service for each of its answers, the platform counts in the machine's own memory.
 */
const SERVERS = ['rekey', 'rekey-unread', 'rekey-unlimited', 'floor', 'better-auth', 'better-auth-mailless'] as const;

export type ServerName = (typeof SERVERS)[number];

/** Starts them, with their tables. `settings` are Rekey's. */
export const startServers = async (settings: Record<string, string> = {}) => {
  const mailbox = await startMailbox({ port: 0 });
  const [rekey, floor, betterAuth] = await Promise.all([
    readWorker('wrangler.toml'),
    readWorker('test/bench/workers/floor.toml'),
    readWorker('test/conformance/better-auth/wrangler.toml'),
  ]);
  const ours = { ...TEST_SETTINGS, MAIL_API_URL: mailbox.url, ...settings };
  const theirs = { BETTER_AUTH_URL: APP_URL, BETTER_AUTH_SECRET: TOKEN_SECRET, RATE_LIMITS: 'memory' };
  const unread = { queueConsumers: {}, queueProducers: { MAIL_QUEUE: UNREAD, MAIL_DEAD_LETTERS: UNREAD } };
  const unlimited = [...moduleOf('unlimited.js', UNLIMITED), ...(rekey.modules as Module[])];
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      log: new Log(LogLevel.WARN),
      // The Workers' own log: a line for each request would hide the bench's.
      handleStructuredLogs: () => undefined,
      workers: [
        named('rekey', rekey, ours),
        { ...named('rekey-unread', rekey, ours), ...unread },
        { ...named('rekey-unlimited', rekey, ours), ...unread, modules: unlimited },
        named('floor', floor, {}),
        named('better-auth', betterAuth, { ...theirs, MAIL_API_URL: mailbox.url }),
        named('better-auth-mailless', betterAuth, { ...theirs, MAIL_API_URL: '' }),
        ...SERVERS.map(doorTo),
      ],
    }),
  );
  await miniflare.ready;
  const db = await miniflare.getD1Database('DB', 'rekey');
  for (const statement of migrationStatements()) await db.prepare(statement).run();
  const peer = (await miniflare.getWorker('better-auth')) as unknown as { migrate(): Promise<void> };
  await peer.migrate();

  const opened: Client[] = [];
  return {
    appUrl: APP_URL,
    mailbox,
    db,
    /** A new connection. */
    async connectTo(name: ServerName): Promise<Client> {
      const client = await createClient(await miniflare.unsafeGetDirectURL(doorName(name)), new URL(APP_URL).host);
      opened.push(client);
      return client;
    },
    urlOf: (name: ServerName): Promise<URL> => miniflare.unsafeGetDirectURL(doorName(name)),
    async stop() {
      for (const client of opened) client.close();
      await miniflare.dispose();
      await mailbox.close();
    },
  };
};

export type Servers = Awaited<ReturnType<typeof startServers>>;

/** A Worker's bindings and its bundle, by its wrangler.toml. The secrets of whoever develops here are none of them. */
const readWorker = async (config: string): Promise<V4WorkerOptions> => {
  const path = `${FOLDER}${config}`;
  const modules = moduleOf('index.js', await bundleWorker(config));
  const { workerOptions } = readWorkerOptions(path);
  return { ...workerOptions, bindings: readConfig({ config: path }).vars, modules } as V4WorkerOptions;
};

type Module = { type: 'ESModule'; path: string; contents: string };
const moduleOf = (path: string, contents: string): Module[] => [{ type: 'ESModule', path, contents }];

const named = (name: ServerName, worker: V4WorkerOptions, settings: Record<string, string>): V4WorkerOptions => ({
  ...worker,
  name,
  bindings: { ...worker.bindings, ...settings },
});

const UNLIMITED = `
import worker from './index.js';
export * from './index.js';
let own;
const unlimited = env => (own ??= { ...env, RATE_LIMITER: { limit: async () => ({ success: true }) } });
export default { ...worker, fetch: (request, env, ctx) => worker.fetch(request, unlimited(env), ctx) };
`;

const doorName = (name: ServerName): string => `door-to-${name}`;

/** A Worker with assets of its own has the assets' router before its socket. This one has none, and lends its socket. */
const doorTo = (name: ServerName): V4WorkerOptions => ({
  name: doorName(name),
  modules: moduleOf('index.js', 'export default {};'),
  unsafeDirectSockets: [{ host: '127.0.0.1', port: 0, serviceName: name }],
});
