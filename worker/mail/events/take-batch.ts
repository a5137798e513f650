/** Cloudflare's news of mails, as a batch of a queue. Nothing proves them but that only Cloudflare puts them there. */
import type { Clock } from '../../clock.ts';
import { errorClasses, log } from '../../log.ts';
import type { Database } from '../../store/database.ts';
import { applyMailEvents } from '../../store/mail-events.ts';
import { readCloudflareEvent } from './cloudflare.ts';

/** How wrangler.toml names the queue of these news, whatever stands before. */
export const EVENTS_SUFFIX = '-events';

const PROVIDER = 'cloudflare';
const RETRY_SECONDS = 60;

type Tools = { db: Database; clock: Clock };

/** Takes all messages in one transaction, or has all of them brought again. One without a meaning is taken and logged. */
export const takeMailEventBatch = async (batch: MessageBatch<unknown>, { db, clock }: Tools): Promise<void> => {
  const events = batch.messages.flatMap(({ body }) => readCloudflareEvent(body));
  const fields = { provider: PROVIDER, messages: batch.messages.length, events: events.length };
  try {
    const outcome = await applyMailEvents(db, { provider: PROVIDER, stampHash: null, events, nowMs: clock.now() });
    const changed = outcome.kind === 'applied' ? outcome.changed : 0;
    log('info', 'mail_events_taken', { ...fields, changed });
    for (const message of batch.messages) message.ack();
  } catch (error) {
    log('error', 'mail_events_failed', { ...fields, error: errorClasses(error) });
    for (const message of batch.messages) message.retry({ delaySeconds: RETRY_SECONDS });
  }
};
