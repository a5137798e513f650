/** What the consumer is handed when a job has been read: a mail to send, or why none goes out now. */
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { LinkTokens } from '../credentials/link-token.ts';
import type { Database } from '../store/database.ts';
import type { Allowance } from './allowance.ts';
import type { Letter } from './letter-layout.ts';
import type { LetterWords } from './letter-words.ts';

/** What preparing a mail takes. */
export type PrepareTools = {
  config: Config;
  db: Database;
  linkTokens: LinkTokens;
  letterWords: LetterWords;
  clock: Clock;
};

export type ReadyMail = {
  kind: 'mail';
  to: string;
  /** Whose mail it is; null where the address has no account, or the account is gone. */
  userId: string | null;
  letter: Letter;
  repeat: number;
};

export type PreparedMail =
  | ReadyMail
  | Exclude<Allowance, { kind: 'granted' }>
  /** There is nothing left to tell: a notice that was sent already. */
  | { kind: 'settled' };
