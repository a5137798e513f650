/** The mail for a notice that is due, read from its row: what crashed or was retried finds it there again. */
import { USUAL_LANGUAGE } from '../contract/languages.ts';
import { linkIssue } from '../credentials/link-token.ts';
import { countResetMail } from '../store/mail-limits.ts';
import { findNotice } from '../store/notices.ts';
import { findUserByEmail, type UserRow } from '../store/users.ts';
import { allowStrangerMail } from './allowance.ts';
import type { NoticeLetterKind } from './letter-layout.ts';
import { accountDeletedLetter, askedLetter, emailTakenLetter, noticeLetter, securedLetter } from './letters.ts';
import type { Occasion } from './occasion.ts';
import type { PreparedMail, PrepareTools } from './prepared-mail.ts';

type Notice = NonNullable<Awaited<ReturnType<typeof findNotice>>>['notice'];
type Told = Pick<Notice, 'email' | 'createdAt' | 'userAgent' | 'country' | 'timeZone'>;

/** Reads and composes; sends nothing. A notice whose row is gone was sent already. */
export const prepareNotice = async (tools: PrepareTools, noticeId: string): Promise<PreparedMail> => {
  const found = await findNotice(tools.db, noticeId);
  if (!found) return { kind: 'settled' };
  const { notice, user } = found;
  if (notice.kind === 'account_deleted') return prepareDeleted(tools, notice);
  if (!user) return { kind: 'settled' };
  if (notice.kind === 'email_change_link') return prepareChangeLink(tools, notice, user);
  if (notice.kind === 'secured') return prepareSecured(tools, notice, user);
  return prepareSecureNotice(tools, notice.kind, notice, user);
};

/** "This was not me", 7 days from what happened: however late the mail is, the link is the same. */
export const prepareSecureNotice = async (
  { config: { appName }, linkTokens, letterWords }: PrepareTools,
  kind: NoticeLetterKind,
  told: Told,
  user: UserRow,
): Promise<PreparedMail> => {
  const claims = { userId: user.id, atMs: told.createdAt };
  const link = await linkTokens.issue('secure', claims, Math.floor(told.createdAt / 1000));
  const words = await letterWords.in(user.language);
  const letter = noticeLetter(kind, words, { appName, occasion: occasionOf(told), ...link });
  return { kind: 'mail', to: told.email, userId: user.id, letter, repeat: 0 };
};

const prepareDeleted = async (
  { config: { appName }, letterWords }: PrepareTools,
  notice: Notice,
): Promise<PreparedMail> => {
  const words = await letterWords.in(notice.language ?? USUAL_LANGUAGE);
  const letter = accountDeletedLetter(words, { appName, occasion: occasionOf(notice) });
  return { kind: 'mail', to: notice.email, userId: null, letter, repeat: 0 };
};

/**
 * To the new address: a link, in the language of who asked for it; or word that it has an account, which the asker is not
 * told, in the language of that account.
 */
const prepareChangeLink = async (tools: PrepareTools, notice: Notice, user: UserRow): Promise<PreparedMail> => {
  const { config, db, linkTokens, letterWords, clock } = tools;
  if (notice.stamp !== user.securityStamp) return { kind: 'settled' };
  const nowMs = clock.now();
  const holder = await findUserByEmail(db, notice.email);
  const words = await letterWords.in((holder ?? user).language);
  const job = { id: notice.id, kind: 'registration_asked', email: notice.email, madeAtMs: notice.createdAt } as const;
  const allowance = await allowStrangerMail(db, config, job, nowMs);
  if (allowance.kind !== 'granted') return allowance;
  const told = { appName: config.appName, occasion: occasionOf(notice) };
  if (holder) {
    return { kind: 'mail', to: notice.email, userId: holder.id, letter: emailTakenLetter(words, told), repeat: 0 };
  }
  const { issuedAtSeconds, repeat } = linkIssue(notice.createdAt, linkTokens.lifeSeconds('change'), nowMs);
  const claims = { userId: user.id, stamp: user.securityStamp, email: notice.email };
  const link = await linkTokens.issue('change', claims, issuedAtSeconds);
  const letter = askedLetter('change_email', words, { ...told, ...link });
  return { kind: 'mail', to: notice.email, userId: null, letter, repeat };
};

/** A reset link to the address that stands. Counted, and never dropped: it is the owner's way back. */
const prepareSecured = async (tools: PrepareTools, notice: Notice, user: UserRow): Promise<PreparedMail> => {
  const { config, db, linkTokens, letterWords, clock } = tools;
  const words = await letterWords.in(user.language);
  const nowMs = clock.now();
  const { issuedAtSeconds, repeat } = linkIssue(notice.createdAt, linkTokens.lifeSeconds('reset'), nowMs);
  const claims = { userId: user.id, stamp: user.securityStamp };
  const link = await linkTokens.issue('reset', claims, issuedAtSeconds);
  await countResetMail(db, { jobId: notice.id, ...claims, nowMs, linkExpiresAt: link.expiresAtMs });
  const letter = securedLetter(words, { appName: config.appName, occasion: occasionOf(notice), ...link });
  return { kind: 'mail', to: notice.email, userId: user.id, letter, repeat };
};

const occasionOf = ({ createdAt, userAgent, country, timeZone }: Told): Occasion => ({
  atMs: createdAt,
  userAgent,
  country,
  timeZone,
});
