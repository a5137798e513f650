/** Cloudflare Email Sending over REST. It knows no idempotency; our reference is a header of the mail. */
import { type MailAccount, partsOfSender } from '../mail-account.ts';
import {
  acceptedAs,
  type Delivery,
  deliveryOf,
  MAIL_HEADERS,
  type Mailer,
  ourFault,
  type ProviderAnswer,
  QUOTA_WAIT_SECONDS,
} from '../mailer.ts';
import { askProvider } from '../provider-request.ts';

const API_URL = 'https://api.cloudflare.com/client/v4';

export const createCloudflareMailer = ({ apiKey, apiUrl, account }: MailAccount): Mailer => ({
  send({ jobId, from, to, subject, text, html }) {
    const { name, address } = partsOfSender(from);
    const body = JSON.stringify({
      from: name === null ? address : { address, name },
      to,
      subject,
      text,
      html,
      headers: { ...MAIL_HEADERS, 'X-Entity-Ref-ID': jobId },
    });
    const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' };
    const url = `${apiUrl ?? API_URL}/accounts/${account}/email/sending/send`;
    return askProvider(url, { headers, body }, answer => readAnswer(answer, to));
  },
});

type Result = { message_id?: unknown; permanent_bounces?: unknown };

const readAnswer = (answer: ProviderAnswer, to: string): Delivery => {
  const { status, json } = answer;
  if (status >= 200 && status < 300 && json?.success === true) {
    const { message_id, permanent_bounces } = (json.result ?? {}) as Result;
    const isBounced = Array.isArray(permanent_bounces) && permanent_bounces.includes(to);
    return isBounced ? { kind: 'refused', reason: `${status} permanent_bounces` } : acceptedAs(message_id, answer);
  }
  const code = firstCode(json?.errors);
  // No route: the account's id is wrong, or sending is not set up for it.
  if (status === 404) return ourFault(`${status} ${code}`.trim());
  if (status >= 200 && status < 300) return acceptedAs(null, answer);
  return deliveryOf(answer, code, code === '10004' ? null : status === 429 ? QUOTA_WAIT_SECONDS : null);
};

/** Written as a number or as text, as the documents do not agree. */
const firstCode = (errors: unknown): string => {
  const [first] = Array.isArray(errors) ? errors : [];
  return String((first as { code?: unknown } | undefined)?.code ?? '').slice(0, 20);
};
