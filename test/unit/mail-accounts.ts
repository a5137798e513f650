/** An account at each mail provider, as the settings would give it, whose API is a stand-in's: a mail to send by it, and its answers. */
import type { MailAccount, MailProvider } from '../../worker/mail/mail-account.ts';
import type { OutgoingMail } from '../../worker/mail/mailer.ts';
import type { Asked, StubServer } from './stub-server.ts';

const SPECIAL: Partial<Record<MailProvider, Partial<MailAccount>>> = {
  sendgrid: { region: 'us' },
  mailgun: { region: 'us', account: 'mg.example.com' },
  ses: { apiKey: 'AKIASENTINEL00000000:sentinel/se:cret+key', region: 'eu-central-1' },
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

const ID = '11111111-1111-4111-8111-111111111111';

/** How each provider says that it took a mail, and the id by which its webhooks name that mail. */
export const ACCEPTED: Record<
  MailProvider,
  { status: number; headers?: Record<string, string>; body: unknown; providerId: string }
> = {
  resend: { status: 200, body: { id: ID }, providerId: ID },
  postmark: {
    status: 200,
    body: { To: MAIL.to, SubmittedAt: '2026-10-21T07:00:00Z', MessageID: ID, ErrorCode: 0, Message: 'OK' },
    providerId: ID,
  },
  sendgrid: { status: 202, headers: { 'X-Message-Id': ID }, body: '', providerId: ID },
  mailgun: {
    status: 200,
    body: { id: `<${ID}@mg.example.com>`, message: 'Queued. Thank you.' },
    providerId: `${ID}@mg.example.com`,
  },
  brevo: { status: 201, body: { messageId: `<${ID}@relay.example.com>` }, providerId: `<${ID}@relay.example.com>` },
  ses: { status: 200, body: { MessageId: ID }, providerId: ID },
  cloudflare: {
    status: 200,
    body: {
      success: true,
      errors: [],
      messages: [],
      result: { message_id: ID, delivered: [], queued: [MAIL.to], permanent_bounces: [] },
    },
    providerId: ID,
  },
};

/** The stand-in takes what it is sent, as `provider` would. */
export const acceptAs = (provider: MailProvider, api: StubServer): void => {
  const { status, headers, body } = ACCEPTED[provider];
  api.answerWith(response =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body)),
  );
};

/** A request's body: JSON, or the fields of a form. */
export const bodyOf = async ({ headers, body }: Asked): Promise<unknown> => {
  const type = headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return JSON.parse(body);
  const form = await new Response(body, { headers: { 'Content-Type': type } }).formData();
  return Object.fromEntries(
    [...form.keys()].map(name => [name, form.getAll(name).length > 1 ? form.getAll(name) : form.get(name)]),
  );
};
