/**
 * What a mail provider is to us: it takes a mail and its answer is one of three words. Which status means which word is
 * decided here, once for all providers; an adapter adds only what its provider does differently.
 */

export type OutgoingMail = {
  jobId: string;
  /** Whole half-lives of the link that a retry is late by: with the job's id it names this very mail. */
  repeat: number;
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
};

export type Delivery =
  /** `providerId` is how the provider's webhooks name the mail; null where a repeat was told that it is out already. */
  | { kind: 'accepted'; providerId: string | null }
  /**
   * `isOurFault`: the provider refuses our key or sender, and an operator has to act. `mayBeOut`: the request was sent and
   * no answer says that it was not taken, so another provider must not send the same mail at once.
   */
  | { kind: 'retry'; afterSeconds: number | null; reason: string; isOurFault: boolean; mayBeOut: boolean }
  | { kind: 'refused'; reason: string };

export interface Mailer {
  /** Never throws for what the provider or the network does. Gives up after 10 s with `retry`. */
  send(mail: OutgoingMail): Promise<Delivery>;
}

/** RFC 3834: no auto-responder answers these. */
export const MAIL_HEADERS = { 'Auto-Submitted': 'auto-generated' } as const;

/** An answer, read to its end. */
export type ProviderAnswer = {
  status: number;
  headers: Headers;
  text: string;
  /** Null where it is no JSON object. */
  json: Readonly<Record<string, unknown>> | null;
  /** When it came: what a moment that it names is counted from. */
  nowMs: number;
};

/** An error's name or code, for the log: one short word. '' for anything else, which may repeat what we sent. */
export const wordIn = (value: unknown): string => {
  const word = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return /^[\w.-]{1,60}$/.test(word) ? word : '';
};

/**
 * The mail was taken under this id. Without one something else answers at the URL, or stands before the provider and takes the
 * id away: the mail may well be out.
 */
export const acceptedAs = (id: unknown, { status }: ProviderAnswer): Delivery =>
  typeof id === 'string' && id !== ''
    ? { kind: 'accepted', providerId: id }
    : { ...ourFault(`${status} without an id`), mayBeOut: true };

/** Our key, our sender or our settings are refused: later, and with an alarm. */
export const ourFault = (reason: string): Extract<Delivery, { kind: 'retry' }> => ({
  ...notNow(reason),
  isOurFault: true,
});

/** Later, after so many seconds if the provider says so. */
export const notNow = (reason: string, afterSeconds: number | null = null): Extract<Delivery, { kind: 'retry' }> => ({
  kind: 'retry',
  afterSeconds,
  reason,
  isOurFault: false,
  mayBeOut: false,
});

/** A day's or a month's quota is used up: asking again within the hour is of no use. */
export const QUOTA_WAIT_SECONDS = 3600;

/** Nothing of a mail can cause these: the key, or the sender's rights. */
const OUR_FAULT = [401, 403];

/**
 * The word for an answer that was no success, by its status (RFC 9110 15). `reason` is the provider's own name for it, for
 * the log; `limitSeconds` its waiting time for a limit where that is not in Retry-After: many send it with every answer.
 */
export const deliveryOf = (answer: ProviderAnswer, reason: string, limitSeconds: number | null = null): Delivery => {
  const { status } = answer;
  const said = `${status} ${reason}`.trim();
  if (OUR_FAULT.includes(status)) return ourFault(said);
  // A redirect is an operator's wrong MAIL_API_URL: a later try finds it mended.
  const isWorthARetry = status === 408 || status === 429 || status >= 500 || status < 400;
  if (!isWorthARetry) return { kind: 'refused', reason: said };
  // Of whatever stands before the provider: the provider may have taken the mail behind it.
  const mayBeOut = status >= 502 && status !== 503;
  return { ...notNow(said, retryAfterSeconds(answer) ?? (status === 429 ? limitSeconds : null)), mayBeOut };
};

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Retry-After in whole seconds, whether it is a number or a date (RFC 9110 10.2.3); null where it is neither. */
export const retryAfterSeconds = ({ headers, nowMs }: ProviderAnswer): number | null => {
  const text = headers.get('Retry-After') ?? '';
  return HTTP_DATE.test(text) ? secondsUntil(Date.parse(text), nowMs) : wholeSeconds(text);
};

/** Whole seconds to a moment, none to one that is over; null where it is no moment. */
export const secondsUntil = (momentMs: number, nowMs: number): number | null =>
  Number.isNaN(momentMs) ? null : Math.max(0, Math.ceil((momentMs - nowMs) / 1000));

/** A header's whole number of seconds; null where it is missing or something else. */
export const wholeSeconds = (text: string | null): number | null =>
  /^\d{1,6}$/.test(text ?? '') ? Number(text) : null;
