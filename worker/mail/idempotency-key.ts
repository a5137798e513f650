/** What tells a repeat of a mail from a new one: the same body of the same job goes out once, a changed one is a new mail. */
import type { OutgoingMail } from './mailer.ts';

const sha256 = async (text: string): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return [...digest].map(byte => byte.toString(16).padStart(2, '0')).join('');
};

/** At most 256 characters, made of the job, the repeat and the body. */
export const idempotencyKey = async ({ jobId, repeat }: OutgoingMail, body: string): Promise<string> =>
  `${jobId}-${repeat}-${await sha256(body)}`;

/** The same as a UUID (RFC 9562 5.8, version 8), for providers that take no other form. */
export const idempotencyUuid = async (mail: OutgoingMail, body: string): Promise<string> => {
  const hex = await sha256(await idempotencyKey(mail, body));
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
};
