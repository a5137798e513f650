/** Cloudflare Email Sending over REST. It knows no idempotency; our reference is a header of the mail. */
import type { Clock } from '../../clock.ts';
import { type MailAccount, partsOfSender } from '../mail-account.ts';
import {
  acceptedAs,
  type Delivery,
  deliveryOf,
  MAIL_HEADERS,
  type Mailer,
  ourFault,
  type ProviderAnswer,
  wordIn,
} from '../mailer.ts';
import { askProvider } from '../provider-request.ts';

const API_URL = 'https://api.cloudflare.com/client/v4';

export const createCloudflareMailer = ({ apiKey, apiUrl, account }: MailAccount, clock: Clock): Mailer => ({
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
    return askProvider(url, { headers, body }, clock, readAnswer);
  },
});

/** The only codes of a 400 that speak of the mail. Any other is of a key, an account or a path that it cannot read. */
const ABOUT_THE_MAIL = ['10001', '10200', '10201', '10202'];

type Result = { message_id?: unknown; permanent_bounces?: unknown };

const readAnswer = (answer: ProviderAnswer): Delivery => {
  const { status, json } = answer;
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && json?.success === true) {
    const { message_id, permanent_bounces } = (json.result ?? {}) as Result;
    // The mail has one recipient.
    const isBounced = Array.isArray(permanent_bounces) && permanent_bounces.length > 0;
    return isBounced ? { kind: 'refused', reason: `${status} permanent_bounces` } : acceptedAs(message_id, answer);
  }
  if (isSuccess) return acceptedAs(null, answer);
  const code = firstCode(json?.errors);
  if (status === 400 && code !== '' && !ABOUT_THE_MAIL.includes(code)) return ourFault(`${status} ${code}`);
  return deliveryOf(answer, code);
};

/** Written as a number or as text, as the documents do not agree. */
const firstCode = (errors: unknown): string => {
  const [first] = Array.isArray(errors) ? errors : [];
  return wordIn((first as { code?: unknown } | null | undefined)?.code);
};
