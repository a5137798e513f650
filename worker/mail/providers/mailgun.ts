/** Mailgun: `POST /v3/{domain}/messages`, a form in parts. It knows no idempotency; our reference is a variable of the mail. */
import type { Clock } from '../../clock.ts';
import type { MailAccount } from '../mail-account.ts';
import { acceptedAs, deliveryOf, MAIL_HEADERS, type Mailer, wordOf } from '../mailer.ts';
import { askProvider } from '../provider-request.ts';

const API_URLS: Record<string, string> = { us: 'https://api.mailgun.net', eu: 'https://api.eu.mailgun.net' };

export const createMailgunMailer = ({ apiKey, apiUrl, region, account }: MailAccount, clock: Clock): Mailer => ({
  send({ jobId, from, to, subject, text, html }) {
    const fields = {
      from,
      to,
      subject,
      text,
      html,
      ...Object.fromEntries(Object.entries(MAIL_HEADERS).map(([name, value]) => [`h:${name}`, value])),
      'o:tracking': 'no',
      'o:tracking-clicks': 'no',
      'o:tracking-opens': 'no',
      'v:ref': jobId,
    };
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    const headers = { Authorization: `Basic ${btoa(`api:${apiKey}`)}` };
    const url = `${apiUrl ?? API_URLS[region]}/v3/${account}/messages`;
    return askProvider(url, { headers, body }, answer => {
      const { status, json } = answer;
      if (status >= 200 && status < 300) return acceptedAs(withoutBrackets(json?.id), answer);
      return deliveryOf(answer, '', status === 429 ? waitIn(wordOf(answer, 'message'), clock.now()) : null);
    });
  },
});

/** Its webhooks name the mail without the angle brackets. */
const withoutBrackets = (id: unknown) => (typeof id === 'string' ? id.replace(/^<|>$/g, '') : id);

/** The wait stands in the sentence: a number of seconds, or a date. */
const waitIn = (message: string, nowMs: number): number | null => {
  const seconds = /after (\d{1,6}) seconds?/i.exec(message)?.[1];
  if (seconds) return Number(seconds);
  const until = Date.parse(/after (.+)$/i.exec(message)?.[1] ?? '');
  return Number.isNaN(until) ? null : Math.max(0, Math.ceil((until - nowMs) / 1000));
};
