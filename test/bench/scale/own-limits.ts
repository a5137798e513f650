/** The limits that Rekey sets itself, read where they stand, so that a change of one changes docs/scale.md. */
import { readFileSync } from 'node:fs';
import type { Lane } from './operations.ts';

export type OwnLimits = Readonly<{
  laneObjects: Readonly<Record<Lane, number>>;
  strangerMailsPerHour: number;
  /** Of each table, in one run of the clean-up. */
  deletedRows: number;
  deletedGuesses: number;
  cleanupMinutes: number;
  messagesPerBatch: number;
  /** Of changing requests from one client address. */
  clientRequestsPerMinute: number;
}>;

const ROOT = new URL('../../../', import.meta.url);

/** Throws where the number is no longer to be found there. */
const numberIn = (file: string, pattern: RegExp): number => {
  const found = pattern.exec(readFileSync(new URL(file, ROOT), 'utf8'))?.[1];
  if (found === undefined) throw new Error(`${file} no longer has ${pattern}: tell test/bench/scale/own-limits.ts`);
  return Number(found.replaceAll('_', ''));
};

export const readOwnLimits = (): OwnLimits => {
  const objects = (lane: Lane) =>
    numberIn('worker/credentials/password-hasher.ts', new RegExp(`LANE_OBJECTS.*\\W${lane}'?: (\\d+)`));
  return {
    laneObjects: {
      'sign-in': objects('sign-in'),
      'known-browser': objects('known-browser'),
      registration: objects('registration'),
      recovery: objects('recovery'),
    },
    strangerMailsPerHour: numberIn('worker/config.ts', /'STRANGER_MAILS_PER_HOUR', (\d+)/),
    deletedRows: numberIn('worker/cleanup.ts', /MOST_ROWS = ([\d_]+)/),
    deletedGuesses: numberIn('worker/cleanup.ts', /MOST_GUESSES = ([\d_]+)/),
    cleanupMinutes: numberIn('wrangler.toml', /crons = \["\*\/(\d+) /),
    messagesPerBatch: numberIn('wrangler.toml', /queue = "rekey-mail"\nmax_batch_size = (\d+)/),
    clientRequestsPerMinute: numberIn('wrangler.toml', /limit = (\d+), period = 60/),
  };
};
