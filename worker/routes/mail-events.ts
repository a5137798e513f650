/**
 * `/api/mail-events/:provider`: what a mail provider tells of our mails. The body may be forged by anybody until its reader
 * has proved the opposite, and names mails by the provider's ids only: an address in it is never looked at.
 */
import { Hono } from 'hono';
import type { Config } from '../config.ts';
import { toBase64Url } from '../credentials/base64.ts';
import type { AppContext, AppEnv } from '../http/app-env.ts';
import { problem } from '../http/problem.ts';
import { readBytesWithin } from '../http/read-text.ts';
import { log } from '../log.ts';
import { confirmSubscription } from '../mail/events/confirm-subscription.ts';
import { BASIC_AUTH_PROVIDERS, webhookReaderOf } from '../mail/events/readers.ts';
import { applyMailEvents } from '../store/mail-events.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export const mailEvents = new Hono<AppEnv>().post('/:provider', async c => {
  const { config, clock, db } = c.var.services;
  const provider = c.req.param('provider');
  const read = webhookReaderOf(provider);
  const secret = secretOf(config, provider);
  if (!read || !secret) return problem(c, 'not_found');
  const body = await readBytesWithin(c.req.raw, MAX_BODY_BYTES);
  if (!body) return problem(c, 'payload_too_large', { detail: 'Send at most 1 MiB.' });

  const nowMs = clock.now();
  const reading = await read({ headers: c.req.raw.headers, body }, secret, nowMs);
  switch (reading.kind) {
    case 'refused':
      return refuse(c, provider, reading.reason);
    case 'malformed':
      return problem(c, 'malformed_request');
    case 'confirm':
      await confirmSubscription(reading.url);
      return c.body(null, 204);
    case 'good': {
      const { stamp, events } = reading;
      const stampHash = stamp === null ? null : await hashOf(provider, stamp);
      const outcome = await applyMailEvents(db, { provider, stampHash, events, nowMs });
      if (outcome.kind === 'replayed') return refuse(c, provider, 'replayed');
      log('info', 'mail_events_taken', { provider, events: events.length, changed: outcome.changed });
      return c.body(null, 204);
    }
  }
});

/** Of an account that we send by, or null. */
const secretOf = ({ mail, fallbackMail }: Config, provider: string): string | null =>
  [mail, fallbackMail].find(account => account?.provider === provider)?.webhookSecret ?? null;

const hashOf = async (provider: string, stamp: string): Promise<string> => {
  const bytes = new TextEncoder().encode(`${provider}\0${stamp}`);
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
};

const refuse = (c: AppContext, provider: string, reason: string) => {
  log('warn', 'mail_events_refused', { requestId: c.var.requestId, provider, reason });
  // Amazon SNS sends its credentials only to who asks for them (RFC 9110 11.6.1).
  const headers = BASIC_AUTH_PROVIDERS.includes(provider) ? { 'WWW-Authenticate': 'Basic realm="Mail events"' } : {};
  return problem(c, 'invalid_signature', { headers });
};
