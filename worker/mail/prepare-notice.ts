/** The mail for a notice that is due, read from its row: what crashed or was retried finds it there again. */
import { USUAL_LANGUAGE } from '../contract/languages.ts';
import { linkIssue } from '../credentials/link-token.ts';
import { countResetMail } from '../store/mail-limits.ts';
import { findNotice } from '../store/notices.ts';
import { findUserByEmail, type UserRow } from '../store/users.ts';
import { allowStrangerMail } from './allowance.ts';
import type { NoticeLetterKind } from './letter-layout.tsx';
import { accountDeletedLetter, changeEmailLetter, emailTakenLetter, noticeLetter, securedLetter } from './letters.ts';
import type { PreparedMail, PrepareTools } from './prepared-mail.ts';

type Notice = NonNullable<Awaited<ReturnType<typeof findNotice>>>['notice'];

/** Reads and composes; sends nothing. A notice whose row is gone was sent already. */
export const prepareNotice = async (tools: PrepareTools, noticeId: string): Promise<PreparedMail> => {
  const found = await findNotice(tools.db, noticeId);
  if (!found) return { kind: 'settled' };
  const { notice, user } = found;
  if (notice.kind === 'account_deleted') {
    const letter = accountDeletedLetter({ ...occasionOf(notice), appName: tools.config.appName });
    const language = notice.language ?? USUAL_LANGUAGE;
    return { kind: 'mail', to: notice.email, userId: null, language, letter, repeat: 0 };
  }
  if (!user) return { kind: 'settled' };
  if (notice.kind === 'email_change_link') return prepareChangeLink(tools, notice, user);
  if (notice.kind === 'secured') return prepareSecured(tools, notice, user);
  return prepareSecureNotice(tools, notice.kind, notice, user);
};

/** "This was not me", 7 days from what happened: however late the mail is, the link is the same. */
export const prepareSecureNotice = async (
  { config, linkTokens }: PrepareTools,
  kind: NoticeLetterKind,
  told: Pick<Notice, 'email' | 'createdAt' | 'userAgent' | 'country'>,
  user: UserRow,
): Promise<PreparedMail> => {
  const claims = { userId: user.id, atMs: told.createdAt };
  const link = await linkTokens.issue('secure', claims, Math.floor(told.createdAt / 1000));
  const letter = noticeLetter(kind, { ...occasionOf(told), ...link, appName: config.appName });
  return { kind: 'mail', to: told.email, userId: user.id, language: user.language, letter, repeat: 0 };
};

/** To the new address: a link, or word that it has an account, which the asker is not told. */
const prepareChangeLink = async (tools: PrepareTools, notice: Notice, user: UserRow): Promise<PreparedMail> => {
  const { config, db, linkTokens, clock } = tools;
  if (notice.stamp !== user.securityStamp) return { kind: 'settled' };
  const nowMs = clock.now();
  const job = { id: notice.id, kind: 'registration_asked', email: notice.email, madeAtMs: notice.createdAt } as const;
  const allowance = await allowStrangerMail(db, config, job, nowMs);
  if (allowance.kind !== 'granted') return allowance;
  const holder = await findUserByEmail(db, notice.email);
  if (holder) {
    const letter = emailTakenLetter(config);
    return { kind: 'mail', to: notice.email, userId: holder.id, language: holder.language, letter, repeat: 0 };
  }
  const { issuedAtSeconds, repeat } = linkIssue(notice.createdAt, linkTokens.lifeSeconds('change'), nowMs);
  const claims = { userId: user.id, stamp: user.securityStamp, email: notice.email };
  const link = await linkTokens.issue('change', claims, issuedAtSeconds);
  const letter = changeEmailLetter({ appName: config.appName, ...link });
  return { kind: 'mail', to: notice.email, userId: null, language: user.language, letter, repeat };
};

/** A reset link to the address that stands. Counted, and never dropped: it is the owner's way back. */
const prepareSecured = async (tools: PrepareTools, notice: Notice, user: UserRow): Promise<PreparedMail> => {
  const { config, db, linkTokens, clock } = tools;
  const nowMs = clock.now();
  const { issuedAtSeconds, repeat } = linkIssue(notice.createdAt, linkTokens.lifeSeconds('reset'), nowMs);
  const claims = { userId: user.id, stamp: user.securityStamp };
  const link = await linkTokens.issue('reset', claims, issuedAtSeconds);
  await countResetMail(db, { jobId: notice.id, ...claims, nowMs, linkExpiresAt: link.expiresAtMs });
  const letter = securedLetter({ appName: config.appName, ...link });
  return { kind: 'mail', to: notice.email, userId: user.id, language: user.language, letter, repeat };
};

const COUNTRY = new Intl.DisplayNames('en', { type: 'region' });

const occasionOf = ({ createdAt, userAgent, country }: Pick<Notice, 'createdAt' | 'userAgent' | 'country'>) => {
  const from = [userAgent, country && COUNTRY.of(country)].filter(Boolean).join(', ');
  return { happenedAtMs: createdAt, from: from || null };
};
