/**
 * Rekey on a test bench: in workerd, with a clock that can be moved, a database that can be read, and keys that are known.
 * Hashes are cheap but for the one that is looked at, and no refusal waits: its time shows what stands behind it.
 */
import { readFileSync } from 'node:fs';
import { hashPassword } from '../../../worker/credentials/password-hash.ts';
import { startBreachList } from '../../support/breach-list.ts';
import { type Rekey, startRekey, TOKEN_SECRET } from '../../support/harness.ts';
import { makeToken, resetClaims } from '../../support/link-tokens.ts';
import { storedUser } from '../../support/rows.ts';
import { createDeployedTransport } from '../deployed-transport.ts';
import type { Answer, Driver } from '../driver.ts';
import { createTransport, type Transport } from '../http.ts';
import { createDriver } from './driver.ts';
import { forgeriesFor, REMOVED_SECRET, REPLACED_SECRET } from './forgeries.ts';

const ORIGIN = 'http://localhost:8787';
const DEPLOYED_ORIGIN = 'https://localhost:8787';
const LEAKED_PASSWORD = 'lantern orbit mustard fjord';

const settings = {
  REFUSAL_FLOOR_MS: '0',
  STRANGER_MAILS_PER_HOUR: '100000',
  TOKEN_SECRET: `${TOKEN_SECRET},${REPLACED_SECRET}`,
};

const version = () => (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;

export const startRekeyBench = async (): Promise<Driver> => {
  const breachList = await startBreachList(LEAKED_PASSWORD);
  const rekey = await startRekey({ settings: { ...settings, BREACH_API_URL: breachList.url } });
  const { listensAt } = rekey;
  const { send, close } = createTransport(ORIGIN, listensAt.origin);

  return {
    ...driverOf(rekey, ORIGIN, send, close, breachList.close),
    setUp:
      'It ran in workerd on one machine, with a clock that was moved, keys that were known and cheap hashes; where cookies and ' +
      'the cost of hashes are the matter, on https with the defaults. No refusal waited, so that times show what stands behind them.',
    browserArgs: [`--host-resolver-rules=MAP localhost:8787 ${listensAt.host.replace('localhost', '127.0.0.1')}`],
    breachedPassword: LEAKED_PASSWORD,
    moveClock: aheadMs => rekey.doors.setClockAhead(aheadMs),
    log: async () => rekey.rawLog(),
    snapshot: () => readAllTables(rekey),
    forgeries: email => forgeriesFor(rekey, email),
    async tokensOfOlderKeys(email) {
      const claims = await resetClaims(rekey, { email });
      return {
        replaced: await makeToken('reset', claims, { settings: { TOKEN_SECRET: REPLACED_SECRET } }),
        removed: await makeToken('reset', claims, { settings: { TOKEN_SECRET: REMOVED_SECRET } }),
      };
    },
    async weakenStoredPassword(email, password) {
      const stored = hashPassword(password, { ln: 9, r: 8, p: 1 });
      await rekey.env.DB.prepare('UPDATE users SET password_hash = ? WHERE email = ?').bind(stored, email).run();
    },
    startDeployed,
    answerWithPoorKey,
  };
};

const driverOf = (rekey: Rekey, url: string, transport: Transport, ...closing: (() => unknown)[]): Driver => ({
  ...createDriver({
    url,
    version: version(),
    transport,
    mailsTo: async email => rekey.mailbox.mailsTo(email),
    async stop() {
      for (const close of closing) await close();
      await rekey.stop();
    },
  }),
  storedPassword: async email => (await storedUser(rekey, { email })).password_hash,
});

/** Every row but those of the platform's own bookkeeping. */
const readAllTables = async (rekey: Rekey): Promise<string> => {
  const listed = await rekey.env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' AND name NOT LIKE 'd1_%' ORDER BY name",
  ).all<{ name: string }>();
  const tables: [string, unknown[]][] = [];
  for (const { name } of listed.results) {
    tables.push([name, (await rekey.env.DB.prepare(`SELECT * FROM "${name}"`).all()).results]);
  }
  return JSON.stringify(tables, null, 1);
};

/** Nothing listens for https. */
const throughHarness = (rekey: Rekey, origin: string): Transport => createDeployedTransport(origin, rekey);

/** As a deployment has it: on https, with everything that is not a secret or an address at its default. */
const startDeployed = async (): Promise<Driver> => {
  const rekey = await startRekey({
    settings: { APP_URL: DEPLOYED_ORIGIN, MAIL_FROM: 'Rekey <mail@rekey.example>' },
    without: ['SCRYPT', 'REFUSAL_FLOOR_MS'],
  });
  return driverOf(rekey, DEPLOYED_ORIGIN, throughHarness(rekey, DEPLOYED_ORIGIN));
};

const answerWithPoorKey = async (): Promise<Answer> => {
  const rekey = await startRekey({ settings: { TOKEN_SECRET: 'correct-horse-battery-staple' } });
  try {
    return await throughHarness(rekey, ORIGIN)({ method: 'GET', path: '/api/session' });
  } finally {
    await rekey.stop();
  }
};
