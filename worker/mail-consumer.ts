/**
 * Door 2, queue: parse a job, prepare the mail, send it, settle the message. Each message ends in exactly one of three
 * ways: done, tried again later, or dead and in the log. The dead letters come through the same door.
 */
import type { Bindings } from './bindings.ts';
import { errorClasses, log } from './log.ts';
import { type DeliveryOutcome, deliverMail, giveUpMail } from './mail/deliver-mail.ts';
import { EVENTS_SUFFIX, takeMailEventBatch } from './mail/events/take-batch.ts';
import { type MailJob, parseMailJob } from './mail/job.ts';
import { renderLetter } from './mail/letter-layout.ts';
import { prepareNotice } from './mail/prepare-notice.ts';
import type { PreparedMail, PrepareTools } from './mail/prepared-mail.ts';
import { prepareRegistrationLink } from './registration/prepare-registration-link.ts';
import { prepareResetLink } from './reset/prepare-reset-link.ts';
import type { OpenServices, Services } from './services.ts';
import { releaseMail, releaseResetMail } from './store/mail-limits.ts';
import { deleteNotice } from './store/notices.ts';

/** How wrangler.toml names the queue of dead letters, whatever stands before. */
const DEAD_LETTERS_SUFFIX = '-dead';
const FIRST_RETRY_SECONDS = 10;
const LONGEST_RETRY_SECONDS = 3600;

export const createMailConsumer =
  (openServices: OpenServices) =>
  async (batch: MessageBatch<unknown>, env: Bindings): Promise<void> => {
    const services = openServices(env);
    if (!services) return batch.retryAll({ delaySeconds: LONGEST_RETRY_SECONDS });
    if (batch.queue.endsWith(EVENTS_SUFFIX)) return takeMailEventBatch(batch, services);
    const isDead = batch.queue.endsWith(DEAD_LETTERS_SUFFIX);
    await Promise.all(
      batch.messages.map(message => {
        const job = parseMailJob(message.body);
        // What was refused once is never sent again, whatever the queue is called.
        return isDead || job?.isRefused ? bury(message, job, services) : deliver(message, job, services, env);
      }),
    );
  };

/** The wait before try number `attempts` + 1: 10 s, doubling, an hour at most; longer where the provider asks for it. */
const retryDelaySeconds = (attempts: number, askedForSeconds = 0): number => {
  const growing = Math.min(FIRST_RETRY_SECONDS * 2 ** (attempts - 1), LONGEST_RETRY_SECONDS);
  return Math.min(Math.max(growing, askedForSeconds), 12 * LONGEST_RETRY_SECONDS);
};

const deliver = async (
  message: Message<unknown>,
  job: MailJob | null,
  services: Services,
  env: Bindings,
): Promise<void> => {
  if (!job) {
    // Another version's, perhaps: it has until the dead letters to come back.
    log('error', 'mail_job_unknown', { messageId: message.id });
    return message.retry({ delaySeconds: LONGEST_RETRY_SECONDS });
  }
  const tell = createTell(services, job, message.attempts);
  try {
    await deliverJob(job, message, services, env, tell);
  } catch (error) {
    tell('error', 'mail_job_failed', { attempts: message.attempts, error: errorClasses(error) });
    message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
  }
};

const deliverJob = async (
  job: MailJob,
  message: Message<unknown>,
  services: Services,
  env: Bindings,
  tell: Tell,
): Promise<void> => {
  const prepared = await prepare(services, job);
  switch (prepared.kind) {
    case 'settled':
      await endWithoutMail(services, job, message.attempts);
      return message.ack();
    case 'dropped':
      await endWithoutMail(services, job, message.attempts);
      tell(prepared.reason === 'budget_spent' ? 'error' : 'info', 'mail_dropped', { reason: prepared.reason });
      return message.ack();
    case 'delayed':
      tell('error', 'stranger_mail_budget_spent', { delaySeconds: prepared.seconds });
      return message.retry({ delaySeconds: prepared.seconds });
    case 'mail': {
      const letter = renderLetter(prepared.letter, services.config.appName);
      const outcome = await deliverMail(services, job, prepared, letter);
      return settleDelivery(outcome, job, message, services, env, tell);
    }
  }
};

const settleDelivery = async (
  outcome: DeliveryOutcome,
  job: MailJob,
  message: Message<unknown>,
  services: Services,
  env: Bindings,
  tell: Tell,
): Promise<void> => {
  switch (outcome.kind) {
    case 'accepted':
      await forgetNotice(services, job);
      tell('info', 'mail_accepted', { provider: outcome.provider ?? null, providerId: outcome.providerId });
      return message.ack();
    case 'out_already':
      await forgetNotice(services, job);
      tell('info', 'mail_out_already');
      return message.ack();
    case 'suppressed':
      // Here, and not where it was found: a job that comes again was counted again.
      await releaseMail(services.db, job.id);
      await forgetNotice(services, job);
      tell('info', 'mail_dropped', { reason: 'suppressed' });
      return message.ack();
    case 'waiting':
      await releaseResetMail(services.db, job.id);
      tell('info', 'mail_waits_for_other_provider', { delaySeconds: outcome.seconds });
      return message.retry({ delaySeconds: outcome.seconds });
    case 'retry': {
      // No link was mailed, so none may stand in the way of the next one that is asked for.
      await releaseResetMail(services.db, job.id);
      const delaySeconds = retryDelaySeconds(message.attempts, outcome.afterSeconds ?? 0);
      const { reason, isOurFault } = outcome;
      tell(isOurFault ? 'error' : 'warn', isOurFault ? 'mail_key_or_sender_refused' : 'mail_retry', {
        attempts: message.attempts,
        delaySeconds,
        provider: outcome.provider ?? null,
        reason,
      });
      return message.retry({ delaySeconds });
    }
    case 'refused':
      tell('error', 'mail_refused', { reason: outcome.reason });
      await env.MAIL_DEAD_LETTERS.send({ ...job, isRefused: true });
      return message.ack();
  }
};

/** A job whose mail could not be sent in the end: in the log for the operator, and its place in the limits given back. */
const bury = async (message: Message<unknown>, job: MailJob | null, services: Services): Promise<void> => {
  const tell: Tell = job
    ? createTell(services, job, message.attempts)
    : (level, event, fields) => log(level, event, { messageId: message.id, ...fields });
  try {
    if (job) {
      await releaseMail(services.db, job.id);
      await giveUpMail(services, job.id);
    }
    if (job) await forgetNotice(services, job);
    tell('error', 'mail_dead');
    message.ack();
  } catch (error) {
    tell('error', 'mail_dead_retry', { error: errorClasses(error) });
    message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
  }
};

/** A notice's row goes when its mail was accepted, or when none will go out any more. */
const forgetNotice = async ({ db }: Services, job: MailJob): Promise<void> => {
  if (job.kind === 'notice') await deleteNotice(db, job.id);
};

/** A try before this one may have left a record, which must not say that another will follow. The first has left none. */
const endWithoutMail = async (services: Services, job: MailJob, attempts: number): Promise<void> => {
  if (attempts > 1) await giveUpMail(services, job.id);
  await forgetNotice(services, job);
};

const prepare = (tools: PrepareTools, job: MailJob): Promise<PreparedMail> => {
  switch (job.kind) {
    case 'registration_asked':
      return prepareRegistrationLink(tools, job);
    case 'reset_asked':
      return prepareResetLink(tools, job);
    case 'notice':
      return prepareNotice(tools, job.id);
  }
};

type Tell = (level: Parameters<typeof log>[0], event: string, fields?: Parameters<typeof log>[2]) => void;

/** Says what becomes of a job, in the log and to the metrics: never its address. */
const createTell =
  ({ metrics, clock }: Services, { id, kind, madeAtMs }: MailJob, attempts: number): Tell =>
  (level, event, fields = {}) => {
    log(level, event, { jobId: id, kind, madeAt: new Date(madeAtMs).toISOString(), ...fields });
    const by = String(fields.provider ?? (event === 'mail_dropped' ? fields.reason : null) ?? '');
    metrics?.write({ event: 'mail', what: kind, outcome: event, by, number: attempts, ms: clock.now() - madeAtMs });
  };
