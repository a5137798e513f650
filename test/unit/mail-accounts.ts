/** An account at each mail provider, as the settings would give it, whose API is a stand-in's. */
import type { MailAccount, MailProvider } from '../../worker/mail/mail-account.ts';

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
