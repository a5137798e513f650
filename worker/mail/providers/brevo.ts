/** Brevo: `POST /smtp/email`. A repeat goes under the same idempotency key, which Brevo keeps for 15 to 30 minutes. */
import type { Clock } from '../../clock.ts';
import { idempotencyUuid } from '../idempotency-key.ts';
import { type MailAccount, partsOfSender } from '../mail-account.ts';
import {
  acceptedAs,
  type Delivery,
  deliveryOf,
  MAIL_HEADERS,
  type Mailer,
  ourFault,
  type ProviderAnswer,
  wholeSeconds,
  wordIn,
} from '../mailer.ts';
import { askProvider } from '../provider-request.ts';

const API_URL = 'https://api.brevo.com/v3';

/** Its codes for what an operator has to mend: the key, the sender's rights, the account, its credits. */
const OUR_FAULT = ['unauthorized', 'permission_denied', 'account_under_validation', 'not_enough_credits'];

export const createBrevoMailer = ({ apiKey, apiUrl }: MailAccount, clock: Clock): Mailer => ({
  async send(mail) {
    const { from, to, subject, text, html } = mail;
    const { name, address } = partsOfSender(from);
    const content = {
      sender: { email: address, ...(name !== null && { name }) },
      to: [{ email: to }],
      subject,
      textContent: text,
      htmlContent: html,
    };
    const key = await idempotencyUuid(mail, JSON.stringify(content));
    const body = JSON.stringify({ ...content, headers: { ...MAIL_HEADERS, idempotencyKey: key } });
    const headers = { 'api-key': apiKey, Accept: 'application/json', 'Content-Type': 'application/json' };
    return askProvider(`${apiUrl ?? API_URL}/smtp/email`, { headers, body }, clock, readAnswer);
  },
});

const readAnswer = (answer: ProviderAnswer): Delivery => {
  const { status, headers, json } = answer;
  if (status >= 200 && status < 300) return acceptedAs(json?.messageId, answer);
  const code = wordIn(json?.code);
  // Only we send under this key: an earlier try is out, and its answer was lost.
  if (code === 'duplicate_request') return { kind: 'accepted', providerId: null };
  if (OUR_FAULT.includes(code) || status === 402) return ourFault(`${status} ${code}`);
  return deliveryOf(answer, code, wholeSeconds(headers.get('x-sib-ratelimit-reset')));
};
