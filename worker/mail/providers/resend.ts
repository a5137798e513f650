/** Resend: `POST /emails`. Repeats are kept apart by an idempotency key made of the job, the repeat and the body. */
import { errorClasses } from '../../log.ts';
import { type Delivery, deliveryOf, MAIL_HEADERS, MAIL_TIMEOUT_MS, type Mailer, type OutgoingMail } from '../mailer.ts';

const API_URL = 'https://api.resend.com';

/** `apiUrl` null: Resend's own. */
export const createResendMailer = (apiKey: string, apiUrl: string | null): Mailer => ({
  async send(mail) {
    const { from, to, subject, text, html } = mail;
    const body = JSON.stringify({ from, to, subject, text, html, headers: MAIL_HEADERS });
    try {
      const response = await fetch(`${apiUrl ?? API_URL}/emails`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${apiKey}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': await idempotencyKey(mail, body),
          'User-Agent': 'Rekey',
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(MAIL_TIMEOUT_MS),
      });
      return await readAnswer(response);
    } catch (error) {
      return { kind: 'retry', afterSeconds: null, reason: errorClasses(error), isOurFault: false };
    }
  },
});

const readAnswer = async (response: Response): Promise<Delivery> => {
  // Read to its end first: an answer that breaks off throws, and the same key makes a retry safe.
  const answer = parseJson(await response.text());
  const field = (name: string) => (answer as Record<string, unknown> | null)?.[name];
  if (response.ok) {
    const id = field('id');
    if (typeof id === 'string') return { kind: 'accepted', providerId: id };
    // Not the provider: something else stands at MAIL_API_URL.
    return { kind: 'retry', afterSeconds: null, reason: `${response.status} without an id`, isOurFault: true };
  }

  const name = typeof field('name') === 'string' ? String(field('name')).slice(0, 60) : '';
  const reason = `${response.status} ${name}`.trim();
  // The same mail is under way in another request: its outcome is known a moment later.
  if (name === 'concurrent_idempotent_requests') {
    return { kind: 'retry', afterSeconds: null, reason, isOurFault: false };
  }
  return deliveryOf(response, reason);
};

/** At most 256 characters. The same body goes out once; a changed one is a new mail. */
const idempotencyKey = async ({ jobId, repeat }: OutgoingMail, body: string): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body)));
  return `${jobId}-${repeat}-${[...digest].map(byte => byte.toString(16).padStart(2, '0')).join('')}`;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
