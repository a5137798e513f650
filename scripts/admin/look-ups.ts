/** What an operator looks up: nothing here changes anything. */
import { countBetween, findStanding, findTimeline } from '../../worker/store/support.ts';
import { AdminError } from './admin-error.ts';
import { addresseeOf, mustFind, type Person } from './find-one.ts';
import type { Admin } from './open-admin.ts';
import { iso, lines, said, type Told } from './told.ts';

const DAY_MS = 24 * 3600 * 1000;
const TIMELINE_ROWS = 200;

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

const stateOf = ({ suspendedAt, resetRequiredAt }: Person): string => {
  if (suspendedAt !== null) return `suspended ${said(suspendedAt)}`;
  return resetRequiredAt === null ? 'open' : `after a reset alone, since ${said(resetRequiredAt)}`;
};

export const find = async (admin: Admin, wanted: string): Promise<Told> => {
  const person = await mustFind(admin, wanted);
  const standing = await findStanding(admin.db, await addresseeOf(admin, person), admin.nowMs);
  const suppressed = standing.suppressed.map(({ reason, since, until }) => ({
    reason,
    since: iso(since),
    until: isoOrNull(until),
  }));
  const { createdAt, suspendedAt, resetRequiredAt, ...who } = person;
  const seenAt = standing.lastSeenAt;
  const facts = {
    ...who,
    createdAt: iso(createdAt),
    suspendedAt: isoOrNull(suspendedAt),
    resetRequiredAt: isoOrNull(resetRequiredAt),
    sessions: standing.sessions,
    lastSeenAt: isoOrNull(seenAt),
    suppressed,
  };
  const mail = suppressed.map(
    ({ reason, since, until }) => `${reason} ${since}, ${until ? `until ${until}` : 'until lifted'}`,
  );
  const rows: [string, string][] = [
    ['id', person.id],
    ['username', person.username],
    ['address', person.email],
    ['address before', person.previousEmail ?? 'none in the last 7 days'],
    ['language', person.language],
    ['since', said(createdAt)],
    ['signing in', stateOf(person)],
    ['sessions', `${standing.sessions}${seenAt === null ? '' : `, last seen ${said(seenAt)}`}`],
    ['mail', mail.join('; ') || 'goes out'],
  ];
  return { facts, text: lines(rows) };
};

export const timeline = async (admin: Admin, wanted: string): Promise<Told> => {
  const { id } = await mustFind(admin, wanted);
  const { activity, mails } = await findTimeline(admin.db, id, TIMELINE_ROWS);
  const entries = [
    ...activity.map(({ at, kind, userAgent, country, operator }) => ({
      atMs: at,
      what: kind as string,
      more: [userAgent, country, operator && `by ${operator}`].filter(part => part).join(', '),
    })),
    ...mails.map(({ createdAt, changedAt, kind, state, provider, failures }) => ({
      atMs: createdAt,
      what: `mail ${kind}`,
      more: `${state} (${provider}) ${said(changedAt)}${failures > 0 ? `, ${failures} tries failed` : ''}`,
    })),
  ].sort((a, b) => b.atMs - a.atMs);
  const facts = entries.map(({ atMs, ...entry }) => ({ at: iso(atMs), ...entry }));
  const width = Math.max(0, ...entries.map(({ what }) => what.length));
  const text = entries.map(({ atMs, what, more }) => `${said(atMs)}  ${what.padEnd(width)}  ${more}`.trimEnd());
  return { facts, text: text.join('\n') || 'Nothing has happened, or it is longer ago than what is kept.' };
};

export const counts = async ({ db, nowMs }: Admin, day = iso(nowMs).slice(0, 10)): Promise<Told> => {
  const fromMs = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // A 31st of February is taken for a day in March.
  if (Number.isNaN(fromMs) || !iso(fromMs).startsWith(day))
    throw new AdminError(`${JSON.stringify(day)} is no day. Write it as 2026-11-23, in UTC.`);
  const counted = await countBetween(db, fromMs, fromMs + DAY_MS);
  const rows = [
    ...counted.activity.map(({ kind, times }) => [kind, String(times)] as const),
    ...counted.mails.map(({ kind, state, times }) => [`mail ${kind}, ${state}`, String(times)] as const),
  ];
  return { facts: { day, ...counted }, text: rows.length > 0 ? lines(rows) : `Nothing happened on ${day}.` };
};
