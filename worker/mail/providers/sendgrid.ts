/** SendGrid: `POST /v3/mail/send`. It knows no idempotency; our reference goes along as an argument of the mail. */
import type { Clock } from '../../clock.ts';
import { type MailAccount, partsOfSender } from '../mail-account.ts';
import { acceptedAs, deliveryOf, MAIL_HEADERS, type Mailer, type ProviderAnswer, secondsUntil } from '../mailer.ts';
import { askProvider } from '../provider-request.ts';

const API_URLS: Record<string, string> = { us: 'https://api.sendgrid.com', eu: 'https://api.eu.sendgrid.com' };

export const createSendgridMailer = ({ apiKey, apiUrl, region }: MailAccount, clock: Clock): Mailer => ({
  send({ jobId, from, to, subject, text, html }) {
    const { name, address } = partsOfSender(from);
    const body = JSON.stringify({
      personalizations: [{ to: [{ email: to }], custom_args: { ref: jobId } }],
      from: { email: address, ...(name !== null && { name }) },
      subject,
      content: [
        { type: 'text/plain', value: text },
        { type: 'text/html', value: html },
      ],
      headers: MAIL_HEADERS,
      tracking_settings: {
        click_tracking: { enable: false, enable_text: false },
        open_tracking: { enable: false },
        subscription_tracking: { enable: false },
      },
    });
    const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' };
    return askProvider(`${apiUrl ?? API_URLS[region]}/v3/mail/send`, { headers, body }, clock, answer => {
      // The body of its 202 is empty: the id is in a header.
      if (answer.status >= 200 && answer.status < 300) return acceptedAs(answer.headers.get('X-Message-Id'), answer);
      return deliveryOf(answer, '', secondsToReset(answer));
    });
  },
});

/** The header names a moment, in seconds since the epoch. */
const secondsToReset = ({ headers, nowMs }: ProviderAnswer): number | null => {
  const moment = headers.get('X-RateLimit-Reset') ?? '';
  return /^\d{9,11}$/.test(moment) ? secondsUntil(Number(moment) * 1000, nowMs) : null;
};
