/** All that is kept about a person, as one JSON file that people can read: no hash, no stamp, no secret. */
import { asUser } from '../http/current-session.ts';
import type { findSessionAndAllData } from '../store/activity.ts';
import type { Suppression } from '../store/suppressions.ts';

type AllData = NonNullable<Awaited<ReturnType<typeof findSessionAndAllData>>>;

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

export const exportOf = (
  { user, sessions, activity, resetMails, notices, mails }: AllData,
  suppression: Suppression | null,
  nowMs: number,
) => ({
  exportedAt: iso(nowMs),
  user: {
    ...asUser(user),
    previousEmail: user.previousEmail,
    emailChangedAt: iso(user.emailChangedAt),
    securedAt: iso(user.securedAt),
  },
  sessions: sessions.map(({ createdAt, lastSeenAt, expiresAt, ...session }) => ({
    ...session,
    createdAt: iso(createdAt),
    lastSeenAt: iso(lastSeenAt),
    expiresAt: iso(expiresAt),
  })),
  activity: activity.map(({ id: _, at, ...entry }) => ({ ...entry, at: iso(at) })),
  resetMails: resetMails.map(({ countedAt, linkExpiresAt }) => ({
    mailedAt: iso(countedAt),
    linkExpiresAt: iso(linkExpiresAt),
  })),
  dueNotices: notices.map(({ createdAt, ...notice }) => ({ ...notice, createdAt: iso(createdAt) })),
  mails: mails.map(({ createdAt, changedAt, ...mail }) => ({
    ...mail,
    createdAt: iso(createdAt),
    changedAt: iso(changedAt),
  })),
  mailSuppressed: suppression && { ...suppression, since: iso(suppression.since), until: iso(suppression.until) },
});
