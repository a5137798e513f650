/**
 * The two mails with a link that both twins can end in: a reset link to somebody who has an account, a registration link
 * to somebody who has none. The twin picks the letter. The words are read before a mail is counted.
 */
import { USUAL_LANGUAGE } from '../contract/languages.ts';
import { linkIssue } from '../credentials/link-token.ts';
import { recordAtMostHourly } from '../store/activity.ts';
import { findUserByPreviousEmail, type UserRow } from '../store/users.ts';
import { UNKNOWN_VISITOR } from '../visitor.ts';
import { allowResetMail, allowStrangerMail } from './allowance.ts';
import type { AskedJob } from './job.ts';
import { type AskedLetterKind, askedLetter } from './letters.ts';
import type { Occasion } from './occasion.ts';
import { prepareSecureNotice } from './prepare-notice.ts';
import type { PreparedMail, PrepareTools } from './prepared-mail.ts';

/** A mail with a reset link, to the account's address as it was registered, in the account's language. */
export const prepareForUser = async (
  { config, db, linkTokens, letterWords, clock }: PrepareTools,
  job: AskedJob,
  user: UserRow,
  letterKind: AskedLetterKind,
): Promise<PreparedMail> => {
  const words = await letterWords.in(user.language);
  const nowMs = clock.now();
  const lifeSeconds = linkTokens.lifeSeconds('reset');
  const { issuedAtSeconds, repeat } = linkIssue(job.madeAtMs, lifeSeconds, nowMs);
  const link = await linkTokens.issue('reset', { userId: user.id, stamp: user.securityStamp }, issuedAtSeconds);
  const allowance = await allowResetMail(db, job, user, { ...link, lifeSeconds }, nowMs);
  if (job.kind === 'reset_asked') {
    const visitor = job.asked ?? UNKNOWN_VISITOR;
    const kind = allowance.kind === 'granted' ? 'reset_asked' : 'reset_limited';
    await recordAtMostHourly(db, kind, { userId: user.id, nowMs, visitor });
  }
  if (allowance.kind !== 'granted') return allowance;
  const letter = askedLetter(letterKind, words, { appName: config.appName, occasion: occasionOf(job), ...link });
  return { kind: 'mail', to: user.email, userId: user.id, letter, repeat };
};

/**
 * A mail to an address that has no account. Where a "this was not me" can still put an account back to it, that notice
 * again, with its link: a thief who changed the address cannot keep its owner from the way back.
 */
export const prepareForStranger = async (
  tools: PrepareTools,
  job: AskedJob,
  letterKind: AskedLetterKind,
): Promise<PreparedMail> => {
  const { config, db, linkTokens, letterWords, clock } = tools;
  const nowMs = clock.now();
  const formerOwner = await findUserByPreviousEmail(db, job.email, nowMs);
  const words = await letterWords.in(formerOwner?.language ?? job.asked?.language ?? USUAL_LANGUAGE);
  // Counted for the account: mails to other addresses that fold alike cannot use these up.
  const countedAs = formerOwner ? `former address of ${formerOwner.id}` : undefined;
  const allowance = await allowStrangerMail(db, config, job, nowMs, countedAs);
  if (allowance.kind !== 'granted') return allowance;
  if (formerOwner?.previousEmail && formerOwner.emailChangedAt !== null) {
    const { previousEmail: email, emailChangedAt: createdAt } = formerOwner;
    return prepareSecureNotice(tools, 'email_changed', { email, createdAt, ...UNKNOWN_VISITOR }, formerOwner);
  }
  const { issuedAtSeconds, repeat } = linkIssue(job.madeAtMs, linkTokens.lifeSeconds('register'), nowMs);
  const link = await linkTokens.issue('register', { email: job.email }, issuedAtSeconds);
  const letter = askedLetter(letterKind, words, { appName: config.appName, occasion: occasionOf(job), ...link });
  return { kind: 'mail', to: job.email, userId: null, letter, repeat };
};

/** A job of an older release says only when. */
const occasionOf = ({ madeAtMs, asked = { ...UNKNOWN_VISITOR, language: USUAL_LANGUAGE } }: AskedJob): Occasion => {
  const { userAgent, country, timeZone } = asked;
  return { atMs: madeAtMs, userAgent, country, timeZone };
};
