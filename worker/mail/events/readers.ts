/** Who reads the webhooks of which provider. Cloudflare's news come through a queue (cloudflare.ts). */
import { readBrevoWebhook } from './brevo.ts';
import { readMailgunWebhook } from './mailgun.ts';
import { readPostmarkWebhook } from './postmark.ts';
import type { WebhookReader } from './reading.ts';
import { readResendWebhook } from './resend.ts';
import { readSendgridWebhook } from './sendgrid.ts';
import { readSesWebhook } from './ses.ts';

const READERS = new Map<string, WebhookReader>([
  ['resend', readResendWebhook],
  ['postmark', readPostmarkWebhook],
  ['sendgrid', readSendgridWebhook],
  ['mailgun', readMailgunWebhook],
  ['brevo', readBrevoWebhook],
  ['ses', readSesWebhook],
]);

/** Null where this provider has no webhooks. */
export const webhookReaderOf = (provider: string): WebhookReader | null => READERS.get(provider) ?? null;

/** Whose webhooks carry credentials in place of a signature. */
export const BASIC_AUTH_PROVIDERS: readonly string[] = ['postmark', 'brevo', 'ses'];
