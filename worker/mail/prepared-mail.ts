/** What the consumer is handed when a job has been read: a mail to send, or why none goes out now. */
import type { Allowance } from './allowance.ts';
import type { Letter } from './letter-layout.tsx';

export type PreparedMail =
  | { kind: 'mail'; to: string; letter: Letter; repeat: number }
  | Exclude<Allowance, { kind: 'granted' }>
  /** There is nothing left to tell: a notice that was sent already. */
  | { kind: 'settled' };
