/**
 * better-auth, as the suite uses it: on workerd with D1 of its own and a mailbox, started from nothing. See auth.ts for how
 * it is configured.
 */
import { readFileSync } from 'node:fs';
import type { D1Database } from '@cloudflare/workers-types';
import { createTestHarness } from 'wrangler';
import { startMailbox } from '../../mailbox/mailbox.ts';
import { createDeployedTransport } from '../deployed-transport.ts';
import type { Driver, Mail } from '../driver.ts';
import { createClient, createTransport } from '../http.ts';
import { asMail } from '../mailbox-mail.ts';
import { nextMail } from '../visits.ts';
import { callsOf, signUp } from './calls.ts';
import { LEFT_TO_OTHERS } from './left-to-others.ts';
import { allRows, storedPassword } from './rows.ts';

/** 32 bytes and nobody's. */
const SECRET = 'dGVzdC1iZXR0ZXItYXV0aC1zZWNyZXQtMDEyMzQ1Njc';
const DEPLOYED_ORIGIN = 'https://better-auth.test';

/** What worker.ts adds to its fetch. */
type Doors = { migrate(): Promise<void>; setClockAhead(ms: number): Promise<void> };

/** Starts it at an origin of its own, where it listens. */
export const createBetterAuthDriver = (): Promise<Driver> => start();

/** With an `origin`: as it would be deployed there, where only the driver can reach it. Without: where it listens. */
const start = async (origin?: string): Promise<Driver> => {
  const mailbox = await startMailbox({ port: 0 });
  const workersAt = (url: string) => ({
    workers: [
      {
        configPath: new URL('wrangler.toml', import.meta.url),
        vars: { BETTER_AUTH_URL: url, BETTER_AUTH_SECRET: SECRET, MAIL_API_URL: mailbox.url, RATE_LIMITS: 'database' },
      },
    ],
  });
  const harness = createTestHarness(workersAt(origin ?? ''));
  const listensAt = (await harness.listen()).url.origin;
  // It has to be told its own address, and that is known only now.
  if (origin === undefined) await harness.update(workersAt(listensAt));
  const url = origin ?? listensAt;

  const worker = harness.getWorker<{ DB: D1Database }>();
  const { DB } = await worker.getEnv();
  const doors = (await worker.getExport()) as unknown as Doors;
  await doors.migrate();

  const wire = createTransport(url);
  const transport = origin === undefined ? wire.send : createDeployedTransport(origin, worker);
  const calls = callsOf(url);

  const driver: Driver = {
    name: 'better-auth',
    version: installedVersion(),
    setUp:
      'Email and password with verification and reset, on workerd with D1, as its documentation sets it up: its defaults ' +
      'throughout, no plugins, limits on and kept in the database. A library serves no pages: rows about them do not apply.',
    leavesToOthers: LEFT_TO_OTHERS,
    url,
    pages: null,
    calls,
    createClient: () => createClient(transport),

    async register(client, { email, username, password }) {
      const before = await driver.mailsTo(email);
      const signedUp = await client.send(signUp(url, { email, name: username, password }));
      if (signedUp.status !== 200) return signedUp;
      const mail = await nextMail(driver, email, before);
      const link = mail && verifyLinkOf(mail);
      // A known address gets the same answer, and a mail without a link.
      if (!link) return signedUp;
      const verified = await client.send({ method: 'GET', path: link.link });
      if (verified.status !== 302) return verified;
      return client.send(calls.signIn({ email, password }));
    },

    async whoAmI(client) {
      const { status, text } = await client.send(calls.whoAmI());
      if (status !== 200) throw new Error(`asking for the session answered ${status}: ${text}`);
      return (JSON.parse(text) as { user: { email: string } } | null)?.user.email ?? null;
    },

    mailsTo: async email => mailbox.mailsTo(email).map(asMail),
    resetLinkOf: mail => linkOf(mail, /https?:\/\/\S+\/api\/auth\/reset-password\/([^?\s]+)\S*/),
    emailChangeTokenOf: mail => verifyLinkOf(mail)?.token ?? null,
    stop: async () => {
      wire.close();
      await harness.close();
      await mailbox.close();
    },

    moveClock: aheadMs => doors.setClockAhead(aheadMs),
    storedPassword: email => storedPassword(DB, email),
    snapshot: () => allRows(DB),
    log: async () =>
      harness
        .getLogs()
        .map(({ message }) => message)
        .join('\n'),
    startDeployed: () => start(DEPLOYED_ORIGIN),
  };
  return driver;
};

const linkOf = (mail: Mail, pattern: RegExp): { link: string; token: string } | null => {
  const [link, token] = pattern.exec(mail.text) ?? [];
  return link && token ? { link, token } : null;
};

const verifyLinkOf = (mail: Mail) => linkOf(mail, /https?:\/\/\S+\/api\/auth\/verify-email\?token=([\w.-]+)\S*/);

const installedVersion = (): string =>
  (JSON.parse(readFileSync('node_modules/better-auth/package.json', 'utf8')) as { version: string }).version;
