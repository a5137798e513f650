/** What the API answers when it succeeds. Types only: the page trusts its own Worker. */

/** A user, the same everywhere. `createdAt` is ISO 8601 in UTC. */
export type User = { id: string; username: string; email: string; createdAt: string };

/** A link that is still good: whose it is, and when it ends (ISO 8601, UTC). */
export type GoodLink = { email: string; expiresAt: string };

/** One signed-in browser. `userAgent` in words of our own list, `country` an ISO 3166-1 code; null where unknown. */
export type SessionEntry = {
  id: string;
  /** Whether it is the one that asks. */
  current: boolean;
  createdAt: string;
  lastSeenAt: string;
  userAgent: string | null;
  country: string | null;
};

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
] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

export type ActivityEntry = { kind: ActivityKind; at: string; userAgent: string | null; country: string | null };

/** Newest first, 50 a page; `next` goes into `?before=` for the page after, null on the last. */
export type ActivityPage = { activity: ActivityEntry[]; next: string | null };

/** `GET /api/health`. */
export type Health = { status: 'ok'; version: string; database: 'ok' };

/** The sentences that page and API both say. */
export const MESSAGES = {
  resetAsked: 'An email has been sent with instructions to reset your password.',
  registrationAsked: 'An email has been sent with instructions to finish signing up.',
  emailChangeAsked: 'An email has been sent to the new address with a link to confirm it.',
} as const;
