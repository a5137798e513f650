/**
 * The two mails with a link that both twins can end in: a reset link to somebody who has an account, a registration link
 * to somebody who has none. The twin picks the letter.
 */
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { type LinkTokens, linkIssue } from '../credentials/link-token.ts';
import type { Database } from '../store/database.ts';
import type { UserRow } from '../store/users.ts';
import { allowResetMail, allowStrangerMail } from './allowance.ts';
import type { AskedJob } from './job.ts';
import type { Letter } from './letter-layout.tsx';
import type { PreparedMail } from './prepared-mail.ts';

export type PrepareTools = { config: Config; db: Database; linkTokens: LinkTokens; clock: Clock };
type LinkLetter = (given: { appName: string; url: string; expiresAtMs: number }) => Letter;

/** A mail with a reset link, to the account's address as it was registered. */
export const prepareForUser = async (
  { config, db, linkTokens, clock }: PrepareTools,
  job: AskedJob,
  user: UserRow,
  letter: LinkLetter,
): Promise<PreparedMail> => {
  const nowMs = clock.now();
  const lifeSeconds = linkTokens.lifeSeconds('reset');
  const { issuedAtSeconds, repeat } = linkIssue(job.madeAtMs, lifeSeconds, nowMs);
  const link = await linkTokens.issue('reset', { userId: user.id, stamp: user.securityStamp }, issuedAtSeconds);
  const allowance = await allowResetMail(db, job, user, { ...link, lifeSeconds }, nowMs);
  if (allowance.kind !== 'granted') return allowance;
  return { kind: 'mail', to: user.email, letter: letter({ appName: config.appName, ...link }), repeat };
};

/** A mail with a registration link, to an address that has no account. */
export const prepareForStranger = async (
  { config, db, linkTokens, clock }: PrepareTools,
  job: AskedJob,
  letter: LinkLetter,
): Promise<PreparedMail> => {
  const nowMs = clock.now();
  const allowance = await allowStrangerMail(db, config, job, nowMs);
  if (allowance.kind !== 'granted') return allowance;
  const { issuedAtSeconds, repeat } = linkIssue(job.madeAtMs, linkTokens.lifeSeconds('register'), nowMs);
  const link = await linkTokens.issue('register', { email: job.email }, issuedAtSeconds);
  return { kind: 'mail', to: job.email, letter: letter({ appName: config.appName, ...link }), repeat };
};
