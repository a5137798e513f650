/**
 * Rekey for a test: the real configuration with a few settings changed, in workerd, with D1, the queue and a mailbox of
 * its own. Only the clock and the outside mail API are stand-ins.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createTestHarness } from 'wrangler';
import type { Bindings, SettingName } from '../../worker/bindings.ts';
import { startMailbox } from '../mailbox/mailbox.ts';
import { secretsIn } from './log-secrets.ts';
import { WEBHOOK_SECRET } from './webhooks.ts';

export const APP_URL = 'http://localhost:8787';

/** Secrets of the tests: 32 bytes each, and nobody's. */
export const TOKEN_SECRET = 'dGVzdC10b2tlbi1zZWNyZXQtMC0wMTIzNDU2Nzg5YWI';
const LOOKUP_SECRET = 'dGVzdC1sb29rdXAtc2VjcmV0LTAtMDEyMzQ1Njc4OWE';

/** What the test entry adds to the Worker's own doors (entries/test-worker.ts). */
type Doors = { setClockAhead(ms: number): Promise<void>; stopClock(isStopped: boolean): Promise<void> };

/** What entries/counting-worker.ts has counted so far. */
export type Tally = Record<
  'roundTrips' | 'statements' | 'rowsRead' | 'rowsWritten' | 'queueMessages' | 'hashes' | 'assets',
  number
>;

/** What entries/counting-worker.ts adds. */
type Counting = { roundTrips(): Promise<number>; tally(): Promise<Tally>; queries(): Promise<string[]> };

/** What entries/breakable-worker.ts adds. */
type Breaking = {
  breakPart(part: 'database' | 'queue' | 'hasher' | 'limiter' | 'assets', afterCalls?: number): Promise<void>;
  mendAll(): Promise<void>;
};

/** What entries/changeable-worker.ts adds. */
type Changing = { changeSettings(settings: Settings): Promise<void> };

type Settings = { [Name in SettingName]?: string };
type Options = { settings?: Settings; without?: SettingName[]; entry?: string };

/** The settings of every test but for the mailbox's address. */
export const TEST_SETTINGS: Settings = {
  APP_URL,
  MAIL_API_KEY: 'test',
  MAIL_WEBHOOK_SECRET: WEBHOOK_SECRET,
  TOKEN_SECRET,
  LOOKUP_SECRET,
  SCRYPT: 'ln=10,r=8,p=1',
  REFUSAL_FLOOR_MS: '0',
  BREACH_API_URL: '',
};

/**
 * Starts it. `entry` is another Worker to wrap around the doors, `MoreDoors` what it adds to them; `without` leaves
 * settings out.
 */
export const startRekey = async <MoreDoors = unknown>({
  settings = {},
  without = [],
  entry = 'test/support/entries/test-worker.ts',
}: Options = {}) => {
  const mailbox = await startMailbox({ port: 0 });
  const values: Settings = { ...TEST_SETTINGS, MAIL_API_URL: mailbox.url, ...settings };
  for (const name of without) delete values[name];
  const harness = createTestHarness({ workers: [{ configPath: configFor(entry, without), vars: values }] });
  await harness.listen();
  const worker = harness.getWorker<Bindings>();
  const rawLog = () =>
    harness
      .getLogs()
      .map(({ message }) => message)
      .join('\n');
  await worker.applyD1Migrations('DB');
  return {
    mailbox,
    harness,
    /** `path` below APP_URL. Redirects are the caller's to look at. */
    fetch: (path: string, init: Parameters<typeof harness.fetch>[1] = {}) =>
      harness.fetch(new URL(path, values.APP_URL ?? APP_URL).href, { redirect: 'manual', ...init }),
    env: await worker.getEnv(),
    /** The test entry's own calls. */
    doors: (await worker.getExport()) as unknown as Doors & MoreDoors,
    /** Hands one message to the queue door. Answers `acked`, or `retried in N` (seconds). */
    deliver: async (body: unknown, attempts = 1, queue = 'rekey-mail'): Promise<string> => {
      const message = JSON.stringify({ body, attempts, queue });
      const settled = await harness.fetch(new URL('/api/queue-door', APP_URL).href, { method: 'POST', body: message });
      return settled.text();
    },
    runCron: () => worker.scheduled({ cron: '*/5 * * * *' }),
    /** The log's events so far. */
    events: () => harness.getLogs().flatMap(({ message }) => (message.startsWith('{') ? [JSON.parse(message)] : [])),
    rawLog,
    /** Fails where anything that was logged meanwhile holds what no log may. */
    async stop() {
      const leaks = secretsIn(rawLog());
      await harness.close();
      await mailbox.close();
      if (leaks.length > 0) throw new Error(`The log holds secrets:\n${leaks.join('\n')}`);
    },
  };
};

export type Rekey = Awaited<ReturnType<typeof startRekey>>;

/** Rekey with a counter at the database. */
export const startCountingRekey = () => startRekey<Counting>({ entry: 'test/support/entries/counting-worker.ts' });

/** Rekey with parts that a test can break and mend. */
export const startBreakableRekey = (settings: Settings = {}) =>
  startRekey<Breaking>({ entry: 'test/support/entries/breakable-worker.ts', settings });

/** Rekey whose settings a test changes between two requests. */
export const startChangeableRekey = (settings: Settings = {}) =>
  startRekey<Changing>({ entry: 'test/support/entries/changeable-worker.ts', settings });

/** Runs the work with the clock of all doors so far ahead, and sets it right again. */
export const withClockAhead = async <Done>(rekey: Rekey, aheadMs: number, work: () => Promise<Done>): Promise<Done> => {
  await rekey.doors.setClockAhead(aheadMs);
  try {
    return await work();
  } finally {
    await rekey.doors.setClockAhead(0);
  }
};

/** wrangler.toml with another entry (and without some vars), in a place of its own. Fails where the original has changed. */
const configFor = (entry: string, without: SettingName[]): string => {
  let toml = readFileSync('wrangler.toml', 'utf8');
  const replace = (from: string | RegExp, to: string) => {
    const changed = toml.replace(from, to);
    if (changed === toml) throw new Error(`wrangler.toml no longer holds ${from}`);
    toml = changed;
  };
  replace('main = "worker/index.ts"', `main = "../${entry}"`);
  replace('directory = "dist"', 'directory = "../dist"');
  replace('migrations_dir = "migrations"', 'migrations_dir = "../migrations"');
  for (const name of without) toml = toml.replace(new RegExp(`^${name} = .*$`, 'm'), '');
  mkdirSync('.cache', { recursive: true });
  const path = `.cache/wrangler-${entry.replaceAll(/\W+/g, '-')}${without.map(name => `-${name}`).join('')}.toml`;
  // Test files start at the same time: none may read what another has half written.
  writeFileSync(`${path}.${process.pid}`, toml);
  renameSync(`${path}.${process.pid}`, path);
  return path;
};
