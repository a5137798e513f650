/**
 * Rekey as it ships, with its state on disk, in a workerd that a test can kill outright and start again. What was written
 * stays; what was only in memory is gone: calls under way, and the jobs that the local queue held.
 */
import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import { bundleInto } from '../../scripts/wrangler.ts';
import { startMailbox } from '../mailbox/mailbox.ts';
import { APP_URL, type Rekey, TEST_SETTINGS } from './harness.ts';
import { migrationStatements } from './migrations.ts';

/** Next to no time goes into hashing: the moments that matter are those between two calls of the database. */
const CHEAP = { SCRYPT: 'ln=4,r=8,p=1' };
const DATABASES = 'state/d1/miniflare-D1DatabaseObject';

export const startCrashableRekey = async () => {
  mkdirSync('.cache', { recursive: true });
  const home = resolve(mkdtempSync('.cache/crash-'));
  await bundleInto(join(home, 'worker'));
  const contents = readFileSync(join(home, 'worker', 'index.js'), 'utf8');
  const mailbox = await startMailbox({ port: 0 });
  const errors: string[] = [];

  const { workerOptions } = unstable_getMiniflareWorkerOptions('wrangler.toml');
  const options = convertV4MiniflareOptions({
    resourcePersistencePath: join(home, 'state'),
    log: new Log(LogLevel.NONE),
    handleStructuredLogs: ({ message }) => {
      if (message.includes('"level":"error"')) errors.push(message);
    },
    workers: [
      {
        ...workerOptions,
        modules: [{ type: 'ESModule', path: 'index.js', contents }],
        bindings: { ...(workerOptions.bindings as object), ...TEST_SETTINGS, ...CHEAP, MAIL_API_URL: mailbox.url },
      },
    ],
  });
  let running = await startRuntime(options);
  const { DB } = await running.miniflare.getBindings<Rekey['env']>();
  for (const statement of migrationStatements()) await DB.prepare(statement).run();

  const rekey = {
    mailbox,
    fetch: (path: string, init: RequestInit = {}) =>
      running.miniflare.dispatchFetch(new URL(path, APP_URL).href, { redirect: 'manual', ...init } as never),
    env: {
      get DB() {
        return database;
      },
    },
  };
  let database = DB;

  return {
    /** As much of a Rekey as people and rows need. */
    rekey: rekey as unknown as Rekey,
    mailbox,
    /** What went to the log as an error. */
    errors,
    runCron: async (): Promise<void> => {
      await (await running.miniflare.getWorker()).scheduled({ cron: '*/5 * * * *' });
    },
    /** SIGKILL: workerd has no say in it. What it was asked meanwhile rejects. */
    kill: async (): Promise<void> => {
      const { workerd } = running;
      const gone = new Promise(done => workerd.once('exit', done));
      workerd.kill('SIGKILL');
      await gone;
      await running.miniflare.dispose();
    },
    start: async (): Promise<void> => {
      running = await startRuntime(options);
      database = (await running.miniflare.getBindings<Rekey['env']>()).DB;
    },
    /** Reads a copy of the database as the crash left it on the disk. */
    readDisk: <Found>(read: (all: (sql: string) => Record<string, unknown>[]) => Found): Found => {
      const copy = mkdtempSync(join(home, 'copy-'));
      const [name, ...others] = readdirSync(join(home, DATABASES)).filter(file => /^[0-9a-f]+\.sqlite$/.test(file));
      if (!name || others.length > 0) throw new Error('there is not one database');
      for (const file of [name, `${name}-wal`]) {
        if (existsSync(join(home, DATABASES, file))) copyFileSync(join(home, DATABASES, file), join(copy, file));
      }
      const opened = new DatabaseSync(join(copy, name));
      try {
        return read(sql => opened.prepare(sql).all());
      } finally {
        opened.close();
        rmSync(copy, { recursive: true });
      }
    },
    stop: async (): Promise<void> => {
      await running.miniflare.dispose();
      await mailbox.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
};

export type CrashableRekey = Awaited<ReturnType<typeof startCrashableRekey>>;

/** Starts it and holds on to its process: the only one that a test may kill. */
const startRuntime = async (options: ConstructorParameters<typeof Miniflare>[0]) => {
  const started: ChildProcess[] = [];
  const onStart = (message: unknown) => void started.push((message as { process: ChildProcess }).process);
  subscribe('child_process', onStart);
  try {
    const miniflare = new Miniflare(options);
    await miniflare.ready;
    const workerd = started.find(({ spawnfile }) => /workerd/.test(spawnfile));
    if (!workerd) throw new Error('Miniflare has started no workerd');
    return { miniflare, workerd };
  } finally {
    unsubscribe('child_process', onStart);
  }
};
