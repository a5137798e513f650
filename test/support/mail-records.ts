/** Records of mails as the consumer leaves them, for tests of what becomes of a mail. */
import type { Rekey } from './harness.ts';
import { rowsOf } from './rows.ts';

export type MailRecord = {
  jobId: string;
  kind: string;
  userId: string | null;
  addressKey: string;
  provider: string;
  providerId: string | null;
  state: string;
  createdAt: number;
};

/** Writes the record of an accepted mail, of nobody's unless told otherwise, and answers it. */
export const insertMail = async (rekey: Rekey, given: Partial<MailRecord> = {}): Promise<MailRecord> => {
  const mail: MailRecord = {
    jobId: crypto.randomUUID(),
    kind: 'reset',
    userId: null,
    addressKey: `key-${crypto.randomUUID()}`,
    provider: 'resend',
    providerId: crypto.randomUUID(),
    state: 'accepted',
    createdAt: Date.now(),
    ...given,
  };
  await rekey.env.DB.prepare(
    `INSERT INTO mails (job_id, kind, user_id, address_key, provider, provider_id, state, failures, created_at, changed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
  )
    .bind(
      mail.jobId,
      mail.kind,
      mail.userId,
      mail.addressKey,
      mail.provider,
      mail.providerId,
      mail.state,
      mail.createdAt,
      mail.createdAt,
    )
    .run();
  return mail;
};

export const stateOf = async (rekey: Rekey, { jobId }: { jobId: string }): Promise<unknown> =>
  (await rowsOf(rekey, 'mails')).find(({ job_id }) => job_id === jobId)?.state;

export const suppressionOf = async (rekey: Rekey, { addressKey }: { addressKey: string }) =>
  (await rowsOf(rekey, 'suppressions')).find(({ address_key }) => address_key === addressKey) ?? null;
