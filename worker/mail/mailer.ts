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
};

/** A word of the answer's, such as an error's name, cut to what a log line bears; '' where there is none. */
export const wordOf = (answer: ProviderAnswer, field: string): string => {
  const value = answer.json?.[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 60) : '';
};

/** The mail was taken under this id. Without one it is not the provider that answered: something else stands at the URL. */
export const acceptedAs = (id: unknown, { status }: ProviderAnswer): Delivery =>
  typeof id === 'string' && id !== ''
    ? { kind: 'accepted', providerId: id }
    : { kind: 'retry', afterSeconds: null, reason: `${status} without an id`, isOurFault: true, mayBeOut: false };

/** Our key or our sender is refused: later, and with an alarm. */
export const ourFault = (reason: string): Delivery => ({
  kind: 'retry',
  afterSeconds: null,
  reason,
  isOurFault: true,
  mayBeOut: false,
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

/**
 * The word for an answer that was no success, by its status (RFC 9110 15). `reason` is the provider's own name for it, for
 * the log; `afterSeconds` its waiting time where that is not in Retry-After.
 */
export const deliveryOf = (
  { status, headers }: ProviderAnswer,
  reason: string,
  afterSeconds: number | null = null,
): Delivery => {
  const said = `${status} ${reason}`.trim();
  if (status === 401 || status === 403) return ourFault(said);
  // A redirect is an operator's wrong MAIL_API_URL: a later try finds it mended.
  const isWorthARetry = status === 408 || status === 429 || status >= 500 || status < 400;
  if (!isWorthARetry) return { kind: 'refused', reason: said };
  // Of whatever stands before the provider: the provider may have taken the mail behind it.
  const mayBeOut = status >= 502 && status !== 503;
  return { ...notNow(said, retryAfterSeconds(headers) ?? afterSeconds), mayBeOut };
};

/** Retry-After in whole seconds (RFC 9110 10.2.3); null where it is missing or a date. */
const retryAfterSeconds = (headers: Headers): number | null => wholeSeconds(headers.get('Retry-After'));

/** A header's whole number of seconds; null where it is missing or something else. */
export const wholeSeconds = (text: string | null): number | null =>
  /^\d{1,6}$/.test(text ?? '') ? Number(text) : null;
