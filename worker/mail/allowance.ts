/**
 * May this mail go out? The two limits of the consumer, with their numbers. Asking is free and never slowed; only mails
 * are counted, each job once.
 */
import type { Config } from '../config.ts';
import { foldAddress, lookupKey } from '../credentials/lookup-key.ts';
import type { Database } from '../store/database.ts';
import { claimResetMail, claimStrangerMail } from '../store/mail-limits.ts';
import type { UserRow } from '../store/users.ts';
import type { AskedJob } from './job.ts';

const RESET_MAILS_FREE = 3;
const RESET_WINDOW_MS = 30 * 60 * 1000;

const STRANGER_MAILS_PER_DAY = 3;
const NO_ACCOUNT_MAILS_PER_DAY = 1;
const STRANGER_MAX_DELAY_MS = 6 * 3600 * 1000;
const HOUR_SECONDS = 3600;

export type Allowance =
  | { kind: 'granted' }
  | { kind: 'dropped'; reason: 'reset_limit' | 'address_limit' | 'budget_spent' }
  | { kind: 'delayed'; seconds: number };

/**
 * A mail with a reset link, by account. Past 3 in 30 minutes it is dropped while a link that was mailed under the
 * present stamp has a third of its life left; so no stranger can use up the owner's way back.
 */
export const allowResetMail = async (
  db: Database,
  job: AskedJob,
  user: UserRow,
  link: { expiresAtMs: number; lifeSeconds: number },
  nowMs: number,
): Promise<Allowance> => {
  const isGranted = await claimResetMail(db, {
    jobId: job.id,
    userId: user.id,
    stamp: user.securityStamp,
    nowMs,
    linkExpiresAt: link.expiresAtMs,
    limit: RESET_MAILS_FREE,
    windowMs: RESET_WINDOW_MS,
    enoughLifeMs: (link.lifeSeconds * 1000) / 3,
  });
  return isGranted ? { kind: 'granted' } : { kind: 'dropped', reason: 'reset_limit' };
};

/**
 * A mail to an address without an account: three a day each, one of them at most the "no account" mail, and a budget for
 * all of them together. `countedAs` is whom the mail is counted for; the folded address, where nobody is known.
 * Past the budget a job waits for the next hour, 6 hours at most.
 */
export const allowStrangerMail = async (
  db: Database,
  config: Config,
  job: AskedJob,
  nowMs: number,
  countedAs = foldAddress(job.email),
): Promise<Allowance> => {
  const verdict = await claimStrangerMail(db, {
    jobId: job.id,
    addressKey: await lookupKey(config, 'stranger mail', countedAs),
    kind: job.kind === 'reset_asked' ? 'no_account' : 'registration',
    nowMs,
    perAddress: STRANGER_MAILS_PER_DAY,
    perAddressNoAccount: NO_ACCOUNT_MAILS_PER_DAY,
    perHour: config.strangerMailsPerHour,
  });
  if (verdict === 'granted') return { kind: 'granted' };
  if (verdict === 'address_full') return { kind: 'dropped', reason: 'address_limit' };
  const secondsToNextHour = HOUR_SECONDS - Math.floor((nowMs / 1000) % HOUR_SECONDS);
  const wouldBeLate = nowMs + secondsToNextHour * 1000 - job.madeAtMs > STRANGER_MAX_DELAY_MS;
  if (wouldBeLate) return { kind: 'dropped', reason: 'budget_spent' };
  return { kind: 'delayed', seconds: secondsToNextHour };
};
