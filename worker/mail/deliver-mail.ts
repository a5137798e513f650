/**
 * One try of one mail: note it, ask whether its address takes mail, choose who sends, send, note what came of it. The
 * record is written before and after, so a job that comes again goes on where the last try ended.
 */
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { mailAddressKey } from '../credentials/lookup-key.ts';
import { errorClasses, log } from '../log.ts';
import type { Database } from '../store/database.ts';
import {
  type MailRow,
  markMailAccepted,
  markMailRefused,
  markMailSuppressed,
  noteTries,
  openMail,
} from '../store/mails.ts';
import { claimLetThrough, findSuppression, releaseLetThrough } from '../store/suppressions.ts';
import { afterFailure, chooseAccount, whileTrying } from './choose-account.ts';
import { createMailer } from './create-mailer.ts';
import type { MailJob } from './job.ts';
import type { LetterKind, RenderedLetter } from './letter-layout.ts';
import type { MailAccount } from './mail-account.ts';
import type { Delivery } from './mailer.ts';
import type { ReadyMail } from './prepared-mail.ts';

export type DeliveryOutcome =
  | (Delivery & { provider?: MailAccount['provider'] })
  /** An earlier try was accepted, and only word of it was lost. */
  | { kind: 'out_already' }
  | { kind: 'suppressed' }
  /** The mail may be out by one provider: the other's turn comes after so many seconds. */
  | { kind: 'waiting'; seconds: number };

type Tools = { config: Config; db: Database; clock: Clock };

/** Sends nothing that went out before. Throws where the database does not answer before the mail is sent. */
export const deliverMail = async (
  { config, db, clock }: Tools,
  job: MailJob,
  mail: ReadyMail,
  letter: RenderedLetter,
): Promise<DeliveryOutcome> => {
  const addressKey = await mailAddressKey(config, mail.to);
  const nowMs = clock.now();
  const record = await openMail(
    db,
    {
      jobId: job.id,
      kind: mail.letter.kind,
      userId: mail.userId,
      addressKey,
      provider: config.mail.provider,
      createdAt: job.madeAtMs,
    },
    nowMs,
  );
  if (record.state !== 'trying') return endedBefore(record);
  if (!(await mayBeWrittenTo(db, record, mail.letter.kind, nowMs))) {
    await markMailSuppressed(db, record, nowMs);
    return { kind: 'suppressed' };
  }
  const choice = chooseAccount(config, record, nowMs);
  if (choice.kind === 'wait') return { kind: 'waiting', seconds: choice.seconds };

  const { account } = choice;
  // Before it is sent: a crash after that, or a record that fails, must not let the other provider go on at once.
  if (config.fallbackMail) await noteTries(db, job.id, whileTrying(record, account.provider, nowMs), nowMs);
  const { to, repeat } = mail;
  const delivery = await createMailer(account, clock).send({
    jobId: job.id,
    repeat,
    from: account.from,
    to,
    ...letter,
  });
  return { ...(await noteDelivery({ config, db, clock }, record, account, delivery)), provider: account.provider };
};

/** What the last try came to, where only word of it was lost on the way to the queue. */
const endedBefore = ({ state }: MailRow): DeliveryOutcome => {
  if (state === 'refused') return { kind: 'refused', reason: 'refused before' };
  return { kind: state === 'suppressed' ? 'suppressed' : 'out_already' };
};

/** The ways back of an account: nobody's complaint or bounce may close them. */
const ALWAYS_SENT: LetterKind[] = ['secured', 'email_change_asked', 'email_changed'];
const SENT_ONCE_A_DAY: LetterKind[] = ['reset', 'account_exists'];

/** Whether mail of this kind goes to the address now, suppressed or not. */
const mayBeWrittenTo = async (
  db: Database,
  { jobId, addressKey }: MailRow,
  kind: LetterKind,
  nowMs: number,
): Promise<boolean> => {
  if (ALWAYS_SENT.includes(kind) || !(await findSuppression(db, addressKey, nowMs))) return true;
  return SENT_ONCE_A_DAY.includes(kind) && claimLetThrough(db, { addressKey, jobId, nowMs });
};

/** Writes what came of a try. Answers it with the wait that is left: another provider's turn does not wait for this one. */
const noteDelivery = async (
  { config, db, clock }: Tools,
  record: MailRow,
  { provider }: MailAccount,
  delivery: Delivery,
): Promise<Delivery> => {
  const nowMs = clock.now();
  switch (delivery.kind) {
    case 'accepted': {
      const markAccepted = () =>
        markMailAccepted(db, record.jobId, { provider, providerId: delivery.providerId, nowMs });
      // It is out: a record that fails must not send it again. Without one, no webhook finds the mail: twice, then.
      await markAccepted()
        .catch(markAccepted)
        .catch(error => {
          log('error', 'mail_record_failed', { jobId: record.jobId, provider, error: errorClasses(error) });
        });
      return delivery;
    }
    case 'retry': {
      const tries = afterFailure(config, record, provider, delivery, nowMs);
      await noteTries(db, record.jobId, tries, nowMs);
      const next = chooseAccount(config, tries, nowMs);
      if (next.kind === 'wait') return { ...delivery, afterSeconds: next.seconds };
      return next.account.provider === provider ? delivery : { ...delivery, afterSeconds: null };
    }
    case 'refused':
      await giveUpMail({ db, clock }, record.jobId);
      return delivery;
  }
};

/** No try will follow: the mail counts nowhere that it did not get to. */
export const giveUpMail = async ({ db, clock }: Pick<Tools, 'db' | 'clock'>, jobId: string): Promise<void> => {
  await markMailRefused(db, jobId, clock.now());
  // Whether or not it was this call that ended it: the one before may have got no further.
  await releaseLetThrough(db, jobId);
};
