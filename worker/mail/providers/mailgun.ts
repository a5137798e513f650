/** Mailgun: `POST /v3/{domain}/messages`, a form in parts. It knows no idempotency; our reference is a variable of the mail. */
import type { Clock } from '../../clock.ts';
import type { MailAccount } from '../mail-account.ts';
import { acceptedAs, deliveryOf, MAIL_HEADERS, type Mailer, type ProviderAnswer, secondsUntil } from '../mailer.ts';
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
    return askProvider(url, { headers, body }, clock, answer => {
      const { status, json } = answer;
      if (status >= 200 && status < 300) return acceptedAs(withoutBrackets(json?.id), answer);
      return deliveryOf(answer, '', secondsToWait(answer));
    });
  },
});

/** Its webhooks name the mail without the angle brackets. */
const withoutBrackets = (id: unknown) => (typeof id === 'string' ? id.replace(/^<|>$/g, '') : id);

/** The wait stands in the sentence, at its end: a number of seconds, or a date. */
const secondsToWait = ({ json, nowMs }: ProviderAnswer): number | null => {
  const after = /.* after (.{1,60}?)\.?$/.exec(typeof json?.message === 'string' ? json.message : '')?.[1] ?? '';
  const seconds = /^(\d{1,6}) seconds?$/.exec(after)?.[1];
  return seconds ? Number(seconds) : secondsUntil(Date.parse(after), nowMs);
};
