/**
 * The mails that arrived, newest first, in memory only, and the idempotency keys that they came with. The oldest mail
 * makes room when the store is full.
 */
import { randomUUID } from 'node:crypto';
import { findFirstLink } from './links.ts';
import type { SendRequest } from './send-request.ts';

const MAILS_MAX = 1000;
/** How long the provider remembers a key. */
const KEY_LIFE_MS = 24 * 60 * 60 * 1000;

export type Mail = {
  readonly id: string;
  /** Counts up with every mail since the mailbox started. */
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: readonly { readonly name: string; readonly value: string }[];
  /** The first web address in the text, or null. */
  readonly link: string | null;
  readonly idempotencyKey: string | null;
  /** The body of the request as it came. */
  readonly source: string;
};

export type Delivery = {
  readonly request: SendRequest;
  readonly source: string;
  readonly idempotencyKey: string | null;
};

export type MailStore = ReturnType<typeof createMailStore>;

type KeptKey = { readonly mailId: string; readonly bodySha256: string; readonly keptUntilMs: number };

const list = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());

/** `Ada <ada@example.com>` and `ADA@example.com` are both `ada@example.com`. */
export const bareAddress = (address: string): string =>
  (/<([^<>]+)>\s*$/.exec(address)?.[1] ?? address).trim().toLowerCase();

/** Makes an empty store. `now` in milliseconds since 1970; `onMail` hears of each new mail once. */
export function createMailStore(now: () => number, onMail: (mail: Mail) => void) {
  let mails: Mail[] = [];
  let lastNumber = 0;
  const keys = new Map<string, KeptKey>();
  const openedIds = new Set<string>();

  return {
    /** All mails, newest first. */
    all: (): readonly Mail[] => mails,

    /** The mails to an address, newest first. */
    to: (address: string): Mail[] => {
      const wanted = bareAddress(address);
      return mails.filter(mail => mail.to.some(to => bareAddress(to) === wanted));
    },

    find: (id: string): Mail | null => mails.find(mail => mail.id === id) ?? null,

    /** Keeps a mail and says its id. The same key with the same body answers the first id and keeps nothing. */
    deliver: (
      delivery: Delivery,
      bodySha256: string,
    ): { kind: 'delivered' | 'repeated'; id: string } | { kind: 'key_reused' } => {
      const { request, idempotencyKey } = delivery;
      const kept = idempotencyKey === null ? undefined : keys.get(idempotencyKey);
      if (kept && kept.keptUntilMs > now()) {
        return kept.bodySha256 === bodySha256 ? { kind: 'repeated', id: kept.mailId } : { kind: 'key_reused' };
      }
      lastNumber += 1;
      const mail: Mail = {
        id: randomUUID(),
        number: lastNumber,
        receivedAt: new Date(now()).toISOString(),
        from: request.from,
        to: list(request.to),
        cc: list(request.cc),
        bcc: list(request.bcc),
        replyTo: list(request.reply_to),
        subject: request.subject,
        text: request.text ?? null,
        html: request.html ?? null,
        headers: request.headers ?? {},
        tags: request.tags ?? [],
        link: request.text === undefined ? null : findFirstLink(request.text),
        idempotencyKey,
        source: delivery.source,
      };
      if (idempotencyKey !== null) {
        keys.set(idempotencyKey, { mailId: mail.id, bodySha256, keptUntilMs: now() + KEY_LIFE_MS });
      }
      mails = [mail, ...mails].slice(0, MAILS_MAX);
      onMail(mail);
      return { kind: 'delivered', id: mail.id };
    },

    markOpened: (id: string): void => void openedIds.add(id),
    isOpened: (id: string): boolean => openedIds.has(id),

    /** Forgets the mails. The keys stay: a retry that is under way is still a repeat. */
    clear: (): void => {
      mails = [];
      openedIds.clear();
    },
  };
}
