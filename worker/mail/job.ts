/**
 * What is on the queue. A job may hold an address and never a secret: the consumer signs the link when it sends. `id`
 * names the job in the log and towards the provider; `madeAtMs` is the moment that a link's times are counted from.
 */
import * as v from 'valibot';
import { LANGUAGES, type Language } from '../contract/languages.ts';

const base = {
  id: v.string(),
  madeAtMs: v.number(),
  /** The provider refused it: only its burial is left. */
  isRefused: v.optional(v.literal(true)),
};

/** Who asked, in words of our own list and by what the edge knows. Jobs of an older release have none. */
const asked = v.optional(
  v.object({
    userAgent: v.nullable(v.string()),
    country: v.nullable(v.string()),
    timeZone: v.nullable(v.string()),
    /** For a mail to an address without an account only: an owner's language is the account's. */
    language: v.picklist(Object.keys(LANGUAGES) as Language[]),
  }),
);

const mailJob = v.variant('kind', [
  v.object({ ...base, kind: v.literal('registration_asked'), email: v.string(), asked }),
  v.object({ ...base, kind: v.literal('reset_asked'), email: v.string(), asked }),
  /** A notice that is due; its id is the row's. */
  v.object({ ...base, kind: v.literal('notice') }),
]);

/** Who asked for a mail. */
export type MailAsked = NonNullable<v.InferOutput<typeof asked>>;

export type MailJob = v.InferOutput<typeof mailJob>;
export type AskedJob = Extract<MailJob, { email: string }>;

/** The job of a message, or null where the message is none of ours. */
export const parseMailJob = (body: unknown): MailJob | null => {
  const parsed = v.safeParse(mailJob, body);
  return parsed.success ? parsed.output : null;
};
