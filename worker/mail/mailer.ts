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
  | { kind: 'accepted'; providerId: string | null }
  /** `isOurFault`: the provider refuses our key or sender, and an operator has to act. */
  | { kind: 'retry'; afterSeconds: number | null; reason: string; isOurFault: boolean }
  | { kind: 'refused'; reason: string };

export interface Mailer {
  /** Never throws for what the provider or the network does. Gives up after 10 s with `retry`. */
  send(mail: OutgoingMail): Promise<Delivery>;
}

export const MAIL_TIMEOUT_MS = 10_000;

/** RFC 3834: no auto-responder answers these. */
export const MAIL_HEADERS = { 'Auto-Submitted': 'auto-generated' } as const;

/** The word for an answer that was no success. `reason` is the provider's own name for it, for the log. */
export const deliveryOf = (response: Response, reason: string): Delivery => {
  const { status } = response;
  const isOurFault = status === 401 || status === 403;
  // A redirect is an operator's wrong MAIL_API_URL: a later try finds it mended.
  const isWorthARetry = isOurFault || status === 408 || status === 429 || status >= 500 || status < 400;
  if (!isWorthARetry) return { kind: 'refused', reason };
  return { kind: 'retry', afterSeconds: retryAfterSeconds(response.headers), reason, isOurFault };
};

/** Retry-After in whole seconds (RFC 9110 10.2.3); null where it is missing or a date. */
const retryAfterSeconds = (headers: Headers): number | null => {
  const text = headers.get('Retry-After') ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) : null;
};
