/** What the API answers when it succeeds. Types only: the page trusts its own Worker. */

/** A user, the same everywhere. `createdAt` is ISO 8601 in UTC. */
export type User = { id: string; username: string; email: string; createdAt: string };

/** A link that is still good: whose it is, and when it ends (ISO 8601, UTC). */
export type GoodLink = { email: string; expiresAt: string };

/** `GET /api/health`. */
export type Health = { status: 'ok'; version: string; database: 'ok' };

/** The sentences that page and API both say. */
export const MESSAGES = {
  resetAsked: 'An email has been sent with instructions to reset your password.',
  registrationAsked: 'An email has been sent with instructions to finish signing up.',
} as const;
