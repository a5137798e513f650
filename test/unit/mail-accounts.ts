/** An account at each mail provider, as the settings would give it, whose API is a stand-in's, and a mail to send by it. */
import type { MailAccount, MailProvider } from '../../worker/mail/mail-account.ts';
import type { OutgoingMail } from '../../worker/mail/mailer.ts';

const SPECIAL: Partial<Record<MailProvider, Partial<MailAccount>>> = {
  sendgrid: { region: 'us' },
  mailgun: { region: 'us', account: 'mg.example.com' },
  ses: { apiKey: 'AKIASENTINEL00000000:sentinel/secret+key', region: 'eu-central-1' },
  cloudflare: { account: '0123456789abcdef0123456789abcdef' },
};

export const accountAt = (provider: MailProvider, apiUrl: string | null, apiKey = 'sentinel_key'): MailAccount => ({
  provider,
  apiUrl,
  apiKey,
  from: 'Rekey <noreply@example.com>',
  region: '',
  account: '',
  webhookSecret: null,
  ...SPECIAL[provider],
});

export const MAIL: OutgoingMail = {
  jobId: '00000000-0000-4000-8000-000000000000',
  repeat: 0,
  from: 'Rekey <noreply@example.com>',
  to: 'ada@example.com',
  subject: 'Password Reset Request',
  text: 'To reset your password, visit the following link:\n\nhttps://app.example.com/reset-password#a.b.c\n',
  html: '<!doctype html><html lang="en"><body><p>Grüße 🔒</p></body></html>',
};

/** How each provider says that it took a mail, and the id by which its webhooks name that mail. */
export const ACCEPTED: Record<
  MailProvider,
  { status: number; headers?: Record<string, string>; body: unknown; providerId: string }
> = {
  resend: { status: 200, body: { id: 'a1' }, providerId: 'a1' },
  postmark: {
    status: 200,
    body: { To: MAIL.to, SubmittedAt: '2026-10-21T07:00:00Z', MessageID: 'a1', ErrorCode: 0, Message: 'OK' },
    providerId: 'a1',
  },
  sendgrid: { status: 202, headers: { 'X-Message-Id': 'a1' }, body: '', providerId: 'a1' },
  mailgun: {
    status: 200,
    body: { id: '<a1@mg.example.com>', message: 'Queued. Thank you.' },
    providerId: 'a1@mg.example.com',
  },
  brevo: { status: 201, body: { messageId: '<a1@relay.example.com>' }, providerId: '<a1@relay.example.com>' },
  ses: { status: 200, body: { MessageId: 'a1' }, providerId: 'a1' },
  cloudflare: {
    status: 200,
    body: {
      success: true,
      errors: [],
      messages: [],
      result: { message_id: 'a1', delivered: [], queued: [MAIL.to], permanent_bounces: [] },
    },
    providerId: 'a1',
  },
};
