/** Postmark: `POST /email`. It knows no idempotency: after a time-out a mail may come twice, with the same reference. */
import type { Clock } from '../../clock.ts';
import type { MailAccount } from '../mail-account.ts';
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

const API_URL = 'https://api.postmarkapp.com';

/** Its codes for a key or a sender that does not hold, or an account that may not send: an operator's to mend. */
const OUR_FAULT = ['10', '400', '401', '405', '412', '413'];

export const createPostmarkMailer = ({ apiKey, apiUrl }: MailAccount, clock: Clock): Mailer => ({
  send({ jobId, from, to, subject, text, html }) {
    const body = JSON.stringify({
      From: from,
      To: to,
      Subject: subject,
      TextBody: text,
      HtmlBody: html,
      Headers: Object.entries(MAIL_HEADERS).map(([Name, Value]) => ({ Name, Value })),
      Metadata: { ref: jobId },
      MessageStream: 'outbound',
      TrackOpens: false,
      TrackLinks: 'None',
    });
    const headers = {
      'X-Postmark-Server-Token': apiKey,
      Accept: 'application/json',
      'Content-Type': 'application/json',
    };
    return askProvider(`${apiUrl ?? API_URL}/email`, { headers, body }, clock, readAnswer);
  },
});

/** The code goes first: a 200 may carry an error. */
const readAnswer = (answer: ProviderAnswer): Delivery => {
  const { status, json } = answer;
  const code = wordIn(json?.ErrorCode);
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && (code === '0' || code === '')) return acceptedAs(json?.MessageID, answer);
  if (OUR_FAULT.includes(code)) return ourFault(`${status} ${code}`);
  return isSuccess ? { kind: 'refused', reason: `${status} ${code}` } : deliveryOf(answer, code);
};
