/** What the API answers when it succeeds: types and the sentences. The schemas behind them stay out of page and Worker. */
import type { InferOutput } from 'valibot';
import type * as schemas from './response-schemas.ts';

/** A user, the same everywhere. */
export type User = InferOutput<typeof schemas.user>;

/** `GET /api/account`. */
export type Account = InferOutput<typeof schemas.account>;

/** A link that is still good: whose it is, and when it ends. */
export type GoodLink = InferOutput<typeof schemas.goodLink>;

/** One signed-in browser. */
export type SessionEntry = InferOutput<typeof schemas.sessionEntry>;

/** What happened to an account that its owner should know of. */
export const ACTIVITY_KINDS = [
  'registered',
  'signed_in',
  'sign_in_refused',
  'reset_asked',
  'password_reset',
  'password_changed',
  'email_change_asked',
  'email_changed',
  'username_changed',
  'session_ended',
  'other_sessions_ended',
  'secured',
  'mail_bounced',
  'mail_complained',
  'sessions_ended',
  'suppression_lifted',
  'suspended',
  'restored',
  'reset_required',
  'imported',
  'reset_limited',
] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];
export type ActivityEntry = InferOutput<typeof schemas.activityEntry>;

/** Newest first, 50 a page; `next` goes into `?before=` for the page after, null on the last. */
export type ActivityPage = InferOutput<typeof schemas.activityPage>;

/** `GET /api/health`. */
export type Health = InferOutput<typeof schemas.health>;

/** The sentences that page and API both say. */
export const MESSAGES = {
  resetAsked: 'An email has been sent with instructions to reset your password.',
  registrationAsked: 'An email has been sent with instructions to finish signing up.',
  emailChangeAsked: 'An email has been sent to the new address with a link to confirm it.',
} as const;
