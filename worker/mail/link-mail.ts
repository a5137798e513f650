/**
 * The two mails with a link that both twins can end in: a reset link to somebody who has an account, a registration link
 * to somebody who has none. The twin picks the letter.
 */
import { USUAL_LANGUAGE } from '../contract/languages.ts';
import { linkIssue } from '../credentials/link-token.ts';
import { recordAtMostHourly } from '../store/activity.ts';
import { findUserByPreviousEmail, type UserRow } from '../store/users.ts';
import { allowResetMail, allowStrangerMail } from './allowance.ts';
import type { AskedJob } from './job.ts';
import type { Letter } from './letter-layout.tsx';
import { prepareSecureNotice } from './prepare-notice.ts';
import type { PreparedMail, PrepareTools } from './prepared-mail.ts';

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
  if (job.kind === 'reset_asked') {
    const visitor = job.asked ?? { userAgent: null, country: null, timeZone: null };
    await recordAtMostHourly(db, 'reset_asked', { userId: user.id, nowMs, visitor });
  }
  const written = letter({ appName: config.appName, ...link });
  return { kind: 'mail', to: user.email, userId: user.id, language: user.language, letter: written, repeat };
};

/**
 * A mail to an address that has no account. Where a "this was not me" can still put an account back to it, that notice
 * again, with its link: a thief who changed the address cannot keep its owner from the way back.
 */
export const prepareForStranger = async (
  { config, db, linkTokens, clock }: PrepareTools,
  job: AskedJob,
  letter: LinkLetter,
): Promise<PreparedMail> => {
  const nowMs = clock.now();
  const formerOwner = await findUserByPreviousEmail(db, job.email, nowMs);
  // Counted for the account: mails to other addresses that fold alike cannot use these up.
  const countedAs = formerOwner ? `former address of ${formerOwner.id}` : undefined;
  const allowance = await allowStrangerMail(db, config, job, nowMs, countedAs);
  if (allowance.kind !== 'granted') return allowance;
  if (formerOwner?.previousEmail && formerOwner.emailChangedAt !== null) {
    const { previousEmail: email, emailChangedAt: createdAt } = formerOwner;
    const told = { email, createdAt, userAgent: null, country: null };
    return prepareSecureNotice({ config, db, linkTokens, clock }, 'email_changed', told, formerOwner);
  }
  const { issuedAtSeconds, repeat } = linkIssue(job.madeAtMs, linkTokens.lifeSeconds('register'), nowMs);
  const link = await linkTokens.issue('register', { email: job.email }, issuedAtSeconds);
  const language = job.asked?.language ?? USUAL_LANGUAGE;
  const written = letter({ appName: config.appName, ...link });
  return { kind: 'mail', to: job.email, userId: null, language, letter: written, repeat };
};
