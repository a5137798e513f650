/**
 * What every reader of a provider's webhooks answers, and what they share. A reader is pure: it proves who wrote the
 * request, over the raw bytes of the body, and says in our words what became of which mails.
 */
import type { MailEvent, MailEventKind } from '../../store/mail-events.ts';

export type WebhookRequest = { headers: Headers; body: Uint8Array<ArrayBuffer> };

export type WebhookReading =
  /** `stamp`: what makes the request one of a kind; null where the scheme has nothing of that sort. */
  | { kind: 'good'; stamp: string | null; events: MailEvent[] }
  /** Amazon SNS asks whether we want to hear of a topic: yes is a GET of this address. */
  | { kind: 'confirm'; url: string }
  | { kind: 'malformed' }
  | { kind: 'refused'; reason: 'unsigned' | 'forged' | 'stale' };

export type WebhookReader = (request: WebhookRequest, secret: string, nowMs: number) => Promise<WebhookReading>;

const TOLERANCE_MS = 5 * 60_000;
/** Longer than any provider's id of a mail. */
const MOST_ID_CHARACTERS = 500;

/** Whether a signed time in Unix seconds is within 5 minutes of our clock, to either side. */
export const isRecent = (unixSeconds: string, nowMs: number): boolean =>
  /^\d{1,12}$/.test(unixSeconds) && Math.abs(nowMs - Number(unixSeconds) * 1000) <= TOLERANCE_MS;

/** The body as JSON; undefined where it is none. Bytes that are no UTF-8 spoil the text they stand in, and nothing else. */
export const jsonOf = (body: Uint8Array | string): unknown => {
  try {
    return JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
};

/** What stands at a path of names, or undefined. */
export const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((node, name) => (isObject(node) && Object.hasOwn(node, name) ? node[name] : undefined), value);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One event, or none where the provider tells of something that we do not keep. */
export const eventsOf = (id: unknown, kind: MailEventKind | null | undefined): MailEvent[] => {
  const providerId = typeof id === 'string' ? id : '';
  return kind && providerId !== '' && providerId.length <= MOST_ID_CHARACTERS ? [{ providerId, kind }] : [];
};

/** A text in front of a body, as bytes: what a signature is over. */
export const concat = (text: string, body: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> => {
  const start = new TextEncoder().encode(text);
  const joined = new Uint8Array(start.length + body.length);
  joined.set(start);
  joined.set(body, start.length);
  return joined;
};

/** HMAC-SHA-256, compared in constant time. */
export const isHmac = async (
  secret: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> => {
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  return crypto.subtle.verify('HMAC', key, signature, signed);
};
