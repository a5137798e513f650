/**
 * Rekey for a test: the real configuration with a few settings changed, in workerd, with D1, the queue and a mailbox of
 * its own. Only the clock and the outside mail API are stand-ins. Miniflare runs it without wrangler's own servers in front,
 * which cost more than Rekey itself; `wrangler dev` is what the browser tests go through.
 */
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import type { SettingName } from '../../worker/bindings.ts';
import { startMailbox } from '../mailbox/mailbox.ts';
import { nameOf, readBuiltWorker } from './built-worker.ts';
import { secretsIn } from './log-secrets.ts';
import { migrationStatements } from './migrations.ts';
import { findScans } from './query-plans.ts';
import { createSender, type Sent } from './send-request.ts';
import { createDatabase, createDoorCaller, createDoors, createHasher } from './test-doors.ts';
import { WEBHOOK_SECRET } from './webhooks.ts';

export const APP_URL = 'http://localhost:8787';

/** Secrets of the tests: 32 bytes each, and nobody's. */
export const TOKEN_SECRET = 'dGVzdC10b2tlbi1zZWNyZXQtMC0wMTIzNDU2Nzg5YWI';
export const LOOKUP_SECRET = 'dGVzdC1sb29rdXAtc2VjcmV0LTAtMDEyMzQ1Njc4OWE';

/** What the test entry adds to the Worker's own doors (entries/test-worker.ts). */
type Doors = {
  setClockAhead(ms: number): Promise<void>;
  stopClock(isStopped: boolean): Promise<void>;
  queries(): Promise<string[]>;
};

/** What entries/counting-worker.ts has counted so far. */
export type Tally = Record<
  'roundTrips' | 'statements' | 'rowsRead' | 'rowsWritten' | 'queueMessages' | 'hashes' | 'assets' | 'subrequests',
  number
>;

/** What entries/counting-worker.ts adds. */
type Counting = {
  roundTrips(): Promise<number>;
  tally(): Promise<Tally>;
  /** Counting takes time of its own. */
  setCounting(isOn: boolean): Promise<void>;
};

/** What entries/breakable-worker.ts adds. */
type Breaking = {
  breakPart(
    part: 'database' | 'queue' | 'hasher' | 'limiter' | 'assets',
    afterCalls?: number,
    failures?: number,
  ): Promise<void>;
  mendAll(): Promise<void>;
};

/** What entries/changeable-worker.ts adds. */
type Changing = { changeSettings(settings: Settings): Promise<void> };

/** What entries/measured-worker.ts adds. */
type Measuring = Breaking & {
  takePoints(): Promise<{ indexes: string[]; blobs: string[]; doubles: number[] }[]>;
  breakMetrics(isBroken: boolean): Promise<void>;
};

type Settings = { [Name in SettingName]?: string };
type Options = {
  settings?: Settings;
  without?: SettingName[];
  entry?: string;
  neighbour?: string;
  mailsTogether?: boolean;
};

/** The settings of every test but for the mailbox's address. */
export const TEST_SETTINGS: Settings = {
  APP_URL,
  // Those of a deployment may stand in wrangler.toml; the mailbox speaks as Resend does.
  MAIL_PROVIDER: 'resend',
  MAIL_FALLBACK_PROVIDER: '',
  MAIL_FROM: 'Rekey <noreply@demo.com>',
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
 * settings out; `neighbour` is the code of another Worker, which has Rekey as its service REKEY; `mailsTogether` lets mails wait
 * for each other up to a second.
 */
export const startRekey = async <MoreDoors = unknown>({
  settings = {},
  without = [],
  entry = 'test/support/entries/test-worker.ts',
  neighbour,
  mailsTogether = false,
}: Options = {}) => {
  const [mailbox, built] = await Promise.all([startMailbox({ port: 0 }), readBuiltWorker()]);
  const values: Settings = { ...TEST_SETTINGS, MAIL_API_URL: mailbox.url, ...settings };
  const bindings: Record<string, string> = { ...built.vars, ...values };
  for (const name of without) delete bindings[name];
  const log: string[] = [];
  const events: ReturnType<typeof JSON.parse>[] = [];
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: ({ message }) => {
        log.push(message);
        if (message.startsWith('{')) events.push(JSON.parse(message));
      },
      // No sample of `request.cf` from outside; the cron's door, as `wrangler dev` has it.
      cf: false,
      unsafeTriggerHandlers: true,
      workers: [
        {
          ...built.options,
          ...(mailsTogether && {
            queueConsumers: { ...(built.options.queueConsumers as object), 'rekey-mail': TOGETHER },
          }),
          name: REKEY,
          bindings,
          modules: [
            { type: 'ESModule', path: 'main.js', contents: mainOf(entry) },
            { type: 'ESModule', path: 'entries.js', contents: built.script },
          ],
        },
        ...(neighbour === undefined ? [] : [neighbourOf(neighbour)]),
      ],
    }),
  );
  const listensAt = await miniflare.ready;
  const sender = createSender(listensAt);
  const appUrl = bindings.APP_URL ?? APP_URL;
  const fetch = (path: string, sent: Sent = {}) => sender.send(new URL(path, appUrl), sent);
  const callDoor = createDoorCaller((path, sent) => sender.send(new URL(path, APP_URL), sent));
  const database = createDatabase(callDoor);
  await database.batch(migrationStatements().map(statement => database.prepare(statement)));
  const rawLog = () => log.join('\n');
  const env = { DB: database, PASSWORD_HASHER: createHasher(callDoor) };
  const doors = createDoors<Doors & MoreDoors>(callDoor);
  return {
    mailbox,
    /** Where it listens, for who sends requests by other means. */
    listensAt,
    /** `path` below APP_URL, or a whole address. Redirects are the caller's to look at. */
    fetch,
    env,
    /** The neighbour's answer. */
    async fetchNeighbour(path: string, headers: Record<string, string> = {}): Promise<Response> {
      const { fetch } = await miniflare.getWorker(NEIGHBOUR);
      return (await fetch(new URL(path, appUrl).href, { headers, redirect: 'manual' })) as unknown as Response;
    },
    /** The test entry's own calls. */
    doors,
    /** Hands one message to the queue door. Answers `acked`, or `retried in N` (seconds). */
    deliver: (body: unknown, attempts = 1, queue = 'rekey-mail') =>
      callDoor('deliver', body, attempts, queue) as Promise<string>,
    runCron: async (): Promise<unknown> =>
      (await fetch(`/cdn-cgi/local/scheduled?format=json&cron=${encodeURIComponent('*/5 * * * *')}`)).json(),
    /** The log's events so far. */
    events: () => [...events],
    rawLog,
    /** Fails where anything that was logged meanwhile holds what no log may, or a statement went through all of a table. */
    async stop() {
      const leaks = secretsIn(rawLog());
      const scans = await findScans(env, await doors.queries());
      sender.close();
      await miniflare.dispose();
      await mailbox.close();
      if (leaks.length > 0) throw new Error(`The log holds secrets:\n${leaks.join('\n')}`);
      if (Object.keys(scans).length > 0) throw new Error(`No index helps these:\n${JSON.stringify(scans, null, 2)}`);
    },
  };
};

export type Rekey = Awaited<ReturnType<typeof startRekey>>;

/** Rekey with a counter at the database. */
export const startCountingRekey = (settings: Settings = {}) =>
  startRekey<Counting>({ entry: 'test/support/entries/counting-worker.ts', settings });
export type CountingRekey = Awaited<ReturnType<typeof startCountingRekey>>;

/** Rekey with parts that a test can break and mend. */
export const startBreakableRekey = (settings: Settings = {}) =>
  startRekey<Breaking>({ entry: 'test/support/entries/breakable-worker.ts', settings });

/** Rekey whose settings a test changes between two requests. */
export const startChangeableRekey = (settings: Settings = {}) =>
  startRekey<Changing>({ entry: 'test/support/entries/changeable-worker.ts', settings });

/** Rekey with a list in place of Analytics Engine. */
export const startMeasuredRekey = (settings: Settings = {}) =>
  startRekey<Measuring>({ entry: 'test/support/entries/measured-worker.ts', settings });

/** Runs the work with the clock of all doors so far ahead, and sets it right again. */
export const withClockAhead = async <Done>(rekey: Rekey, aheadMs: number, work: () => Promise<Done>): Promise<Done> => {
  await rekey.doors.setClockAhead(aheadMs);
  try {
    return await work();
  } finally {
    await rekey.doors.setClockAhead(0);
  }
};

/** A Worker of which this entry is the main one. */
const mainOf = (entry: string): string =>
  `export { ${nameOf(entry)} as default, PasswordHasher, RekeyService } from './entries.js';`;

/** Seconds. */
const TOGETHER = { maxBatchSize: 100, maxBatchTimeout: 1, maxRetries: 20, deadLetterQueue: 'rekey-mail-dead' };

const REKEY = 'rekey';
const NEIGHBOUR = 'neighbour';
const neighbourOf = (contents: string) => ({
  name: NEIGHBOUR,
  compatibilityDate: '2026-11-01',
  modules: [{ type: 'ESModule' as const, path: 'index.js', contents }],
  serviceBindings: { REKEY: { name: REKEY, entrypoint: 'RekeyService' } },
});
