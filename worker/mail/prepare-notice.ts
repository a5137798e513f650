/** The mail for a notice that is due, read from its row: what crashed or was retried finds it there again. */
import { findNotice } from '../store/notices.ts';
import { passwordResetNotice } from './letters.ts';
import type { PrepareTools } from './link-mail.ts';
import type { PreparedMail } from './prepared-mail.ts';

export const prepareNotice = async ({ config, db }: PrepareTools, noticeId: string): Promise<PreparedMail> => {
  const notice = await findNotice(db, noticeId);
  if (!notice) return { kind: 'settled' };
  const letter = passwordResetNotice({
    appName: config.appName,
    url: `${config.appUrl}/forgot-password`,
    happenedAtMs: notice.createdAt,
  });
  return { kind: 'mail', to: notice.email, letter, repeat: 0 };
};
