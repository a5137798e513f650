/**
 * What is on the queue. A job may hold an address and never a secret: the consumer signs the link when it sends. `id`
 * names the job in the log and towards the provider; `madeAtMs` is the moment that a link's times are counted from.
 */
import * as v from 'valibot';

const base = {
  id: v.string(),
  madeAtMs: v.number(),
  /** The provider refused it: only its burial is left. */
  isRefused: v.optional(v.literal(true)),
};

const mailJob = v.variant('kind', [
  v.object({ ...base, kind: v.literal('registration_asked'), email: v.string() }),
  v.object({ ...base, kind: v.literal('reset_asked'), email: v.string() }),
  /** A notice that is due; its id is the row's. */
  v.object({ ...base, kind: v.literal('notice') }),
]);

export type MailJob = v.InferOutput<typeof mailJob>;
export type AskedJob = Extract<MailJob, { email: string }>;

/** The job of a message, or null where the message is none of ours. */
export const parseMailJob = (body: unknown): MailJob | null => {
  const parsed = v.safeParse(mailJob, body);
  return parsed.success ? parsed.output : null;
};
