/** What the consumer is handed when a job has been read: a mail to send, or why none goes out now. */
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Language } from '../contract/languages.ts';
import type { LinkTokens } from '../credentials/link-token.ts';
import type { Database } from '../store/database.ts';
import type { Allowance } from './allowance.ts';
import type { Letter } from './letter-layout.tsx';

/** What preparing a mail takes. */
export type PrepareTools = { config: Config; db: Database; linkTokens: LinkTokens; clock: Clock };

export type ReadyMail = {
  kind: 'mail';
  to: string;
  /** Whose mail it is; null where the address has no account, or the account is gone. */
  userId: string | null;
  /** What it is written in: an owner's own, whoever asked for the mail. */
  language: Language;
  letter: Letter;
  repeat: number;
};

export type PreparedMail =
  | ReadyMail
  | Exclude<Allowance, { kind: 'granted' }>
  /** There is nothing left to tell: a notice that was sent already. */
  | { kind: 'settled' };
