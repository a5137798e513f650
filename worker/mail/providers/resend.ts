/** Resend: `POST /emails`. A repeat goes under the same idempotency key, which Resend keeps for 24 hours. */
import type { Clock } from '../../clock.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import type { MailAccount } from '../mail-account.ts';
import {
  acceptedAs,
  type Delivery,
  deliveryOf,
  MAIL_HEADERS,
  type Mailer,
  notNow,
  ourFault,
  type ProviderAnswer,
  QUOTA_WAIT_SECONDS,
  wholeSeconds,
  wordIn,
} from '../mailer.ts';
import { askProvider } from '../provider-request.ts';

const API_URL = 'https://api.resend.com';

export const createResendMailer = ({ apiKey, apiUrl }: MailAccount, clock: Clock): Mailer => ({
  async send(mail) {
    const { from, to, subject, text, html } = mail;
    const body = JSON.stringify({ from, to, subject, text, html, headers: MAIL_HEADERS });
    const headers = {
      Authorization: `Bearer ${apiKey}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': await idempotencyKey(mail, body),
    };
    return askProvider(`${apiUrl ?? API_URL}/emails`, { headers, body }, clock, readAnswer);
  },
});

/** Its documents do not agree on the status of each error: the name goes first. */
const readAnswer = (answer: ProviderAnswer): Delivery => {
  const { status, headers, json } = answer;
  if (status >= 200 && status < 300) return acceptedAs(json?.id, answer);
  const name = wordIn(json?.name);
  const reason = `${status} ${name}`;
  switch (name) {
    // The same mail is under way in another request: its outcome is known a moment later.
    case 'concurrent_idempotent_requests':
      return { ...notNow(reason), mayBeOut: true };
    case 'daily_quota_exceeded':
    case 'monthly_quota_exceeded':
      return notNow(reason, QUOTA_WAIT_SECONDS);
    case 'missing_api_key':
    case 'restricted_api_key':
    case 'invalid_api_key':
    case 'invalid_from_address':
      return ourFault(reason);
  }
  return deliveryOf(answer, name, wholeSeconds(headers.get('ratelimit-reset')));
};
