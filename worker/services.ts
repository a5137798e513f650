/** What the doors work with, opened once per isolate from what the platform hands in. */
import type { Bindings } from './bindings.ts';
import type { Clock } from './clock.ts';
import { type Config, readConfig } from './config.ts';
import { createLinkTokens, type LinkTokens } from './credentials/link-token.ts';
import { measuredHasher } from './credentials/measured-hasher.ts';
import { createHasher, type Hasher } from './credentials/password-hasher.ts';
import { type CommonPasswords, createCommonPasswords } from './credentials/password-list.ts';
import { errorClasses, log } from './log.ts';
import { createLetterWords, type LetterWords } from './mail/letter-words.ts';
import { createMailQueue, type MailQueue } from './mail/mail-queue.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { type Database, openDatabase } from './store/database.ts';
import { hasAccount } from './store/users.ts';

export type Services = Readonly<{
  config: Config;
  clock: Clock;
  db: Database;
  hasher: Hasher;
  /** Null: nobody counts. */
  metrics: Metrics | null;
  linkTokens: LinkTokens;
  commonPasswords: CommonPasswords;
  letterWords: LetterWords;
  mailQueue: MailQueue;
  /** Who knows which addresses have an account. Not there where no answer may tell (ACCOUNT_DISCLOSURE). */
  hasAccount: ((email: string) => Promise<boolean>) | null;
}>;

/** Opens the services, or answers null where the configuration is wrong; the log then names each variable, once. */
export type OpenServices = (env: Bindings) => Services | null;

export const createServices = (clock: Clock): OpenServices => {
  const opened = new WeakMap<Bindings, Services | null>();
  return env => {
    const known = opened.get(env);
    if (known !== undefined) return known;
    const services = open(env, clock);
    opened.set(env, services);
    return services;
  };
};

const open = (env: Bindings, clock: Clock): Services | null => {
  const outcome = readConfig(env);
  if (outcome.kind === 'bad') {
    log('error', 'misconfigured', { problems: outcome.problems });
    return null;
  }
  const { config } = outcome;
  const db = openDatabase(env.DB);
  const metrics = createMetrics(env.METRICS, error => log('warn', 'metrics_failed', { error: errorClasses(error) }));
  const means = { engine: config.scryptEngine, firebaseKey: config.firebaseKey };
  return {
    config,
    clock,
    db,
    hasher: measuredHasher(createHasher(env.PASSWORD_HASHER, means), metrics, clock),
    metrics,
    linkTokens: createLinkTokens(config),
    commonPasswords: createCommonPasswords(env.ASSETS),
    letterWords: createLetterWords(env.ASSETS),
    mailQueue: createMailQueue(env.MAIL_QUEUE),
    hasAccount: config.accountDisclosure === 'helpful' ? email => hasAccount(db, email, clock.now()) : null,
  };
};
