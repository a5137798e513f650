/** Jobs as the request handlers put them on the queue, for handing to the queue door directly. */
import type { AskedJob } from '../../worker/mail/job.ts';

/** A job made now, or at another moment. */
export const askedJob = (
  kind: AskedJob['kind'],
  { email }: { email: string },
  madeAtMs: number = Date.now(),
): AskedJob => ({ id: crypto.randomUUID(), kind, email, madeAtMs });

/** The end that a token claims, in milliseconds. */
export const endOf = (token: string): number =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).exp * 1000;
