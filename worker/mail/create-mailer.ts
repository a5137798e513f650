/** The adapter for an account's provider. */
import type { Clock } from '../clock.ts';
import type { MailAccount } from './mail-account.ts';
import type { Mailer } from './mailer.ts';
import { createBrevoMailer } from './providers/brevo.ts';
import { createCloudflareMailer } from './providers/cloudflare.ts';
import { createMailgunMailer } from './providers/mailgun.ts';
import { createPostmarkMailer } from './providers/postmark.ts';
import { createResendMailer } from './providers/resend.ts';
import { createSendgridMailer } from './providers/sendgrid.ts';
import { createSesMailer } from './providers/ses.ts';

export const createMailer = (account: MailAccount, clock: Clock): Mailer => {
  switch (account.provider) {
    case 'resend':
      return createResendMailer(account, clock);
    case 'postmark':
      return createPostmarkMailer(account, clock);
    case 'sendgrid':
      return createSendgridMailer(account, clock);
    case 'mailgun':
      return createMailgunMailer(account, clock);
    case 'brevo':
      return createBrevoMailer(account, clock);
    case 'ses':
      return createSesMailer(account, clock);
    case 'cloudflare':
      return createCloudflareMailer(account, clock);
  }
};
