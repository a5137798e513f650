/** What the platform hands to the Worker: wrangler.toml's bindings and vars, and the secrets. config.ts judges the strings. */
import type { PasswordHasher } from './credentials/password-hasher.ts';
import type { MailJob } from './mail/job.ts';

export type Bindings = Settings & {
  DB: D1Database;
  MAIL_QUEUE: Queue<MailJob>;
  MAIL_DEAD_LETTERS: Queue<MailJob>;
  RATE_LIMITER: RateLimit;
  PASSWORD_HASHER: DurableObjectNamespace<PasswordHasher>;
  ASSETS: Fetcher;
  /** Counters and times go there, if it is bound. */
  METRICS?: AnalyticsEngineDataset;
};

/** The variables and secrets of README's table, as they come: text or absent. */
export type Settings = { readonly [Name in SettingName]?: string };

export type SettingName =
  | 'APP_URL'
  | 'APP_NAME'
  | 'TOKEN_SECRET'
  | 'LOOKUP_SECRET'
  | 'RESET_TOKEN_TTL'
  | 'LINK_TOKEN_TTL'
  | 'SESSION_TTL'
  | 'SCRYPT'
  | 'SCRYPT_ENGINE'
  | 'FIREBASE_SIGNER_KEY'
  | 'PASSWORD_MIN_LENGTH'
  | MailSettingName<'MAIL_'>
  | MailSettingName<'MAIL_FALLBACK_'>
  | 'STRANGER_MAILS_PER_HOUR'
  | 'ACCOUNT_DISCLOSURE'
  | 'BREACH_API_URL'
  | 'REFUSAL_FLOOR_MS';

/** The settings of an account at a mail provider (mail/mail-account.ts). */
type MailSettingName<Prefix extends string> =
  `${Prefix}${'PROVIDER' | 'API_URL' | 'API_KEY' | 'FROM' | 'REGION' | 'ACCOUNT' | 'WEBHOOK_SECRET'}`;
