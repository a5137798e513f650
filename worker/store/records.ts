/**
 * What is written beside a change and in its transaction: the owner's activity and the notice that is due. Both are
 * selected from the user's row, so where the change did not happen neither is written.
 */
import { and, eq, gt, isNull, not, or, type SQL, sql } from 'drizzle-orm';
import type { Language } from '../contract/languages.ts';
import type { ActivityKind } from '../contract/responses.ts';
import type { Visitor } from '../visitor.ts';
import type { Database } from './database.ts';
import { activity, notices, users } from './schema.ts';

/** For how long a change of address can be taken back. */
export const TAKE_BACK_MS = 7 * 24 * 3600 * 1000;

/** True of a user whose last change of address can still be taken back. */
export const canTakeBack = (nowMs: number): SQL => sql`${users.emailChangedAt} > ${nowMs - TAKE_BACK_MS}`;

/** True of a user whose address was not changed in that time: another change, or a deletion, may follow. */
export const hasSettled = (nowMs: number) => or(isNull(users.emailChangedAt), not(canTakeBack(nowMs)));

/** True where this user stands under this stamp. */
export const standsUnder = (userId: string, stamp: string): SQL =>
  sql`exists(select 1 from ${users} where ${and(eq(users.id, userId), eq(users.securityStamp, stamp))})`;

/** `operator`: the name of who did it for the operator, where it was not the owner. */
export type Occurrence = { userId: string; nowMs: number; visitor: Visitor; operator?: string };

/** One row of activity, if the user's row fulfils the condition. */
export const recordActivity = (db: Database, kind: ActivityKind, happened: Occurrence, condition: SQL) =>
  db.insert(activity).select(
    db
      .select({
        id: sql<string>`${crypto.randomUUID()}`.as('id'),
        userId: sql<string>`${users.id}`.as('user_id'),
        kind: sql<ActivityKind>`${kind}`.as('kind'),
        at: sql<number>`${happened.nowMs}`.as('at'),
        userAgent: sql<string | null>`${happened.visitor.userAgent}`.as('user_agent'),
        country: sql<string | null>`${happened.visitor.country}`.as('country'),
        operator: sql<string | null>`${happened.operator ?? null}`.as('operator'),
      })
      .from(users)
      .where(and(eq(users.id, happened.userId), condition)),
  );

const DAY_MS = 24 * 3600 * 1000;

/** How often something happened to an account within a day, and the first time of those: for daily limits. */
export const withinDay = (userId: string, kind: ActivityKind, nowMs: number) => {
  const lately = and(eq(activity.userId, userId), eq(activity.kind, kind), gt(activity.at, nowMs - DAY_MS));
  return {
    times: sql<number>`(select count(*) from ${activity} where ${lately})`,
    firstAt: sql<number | null>`(select min(${activity.at}) from ${activity} where ${lately})`,
  };
};

/** The seconds until the first of a day's times is a day ago. */
export const dayEndsInSeconds = (firstAt: number | null, nowMs: number): number =>
  Math.max(1, Math.ceil(((firstAt ?? nowMs) + DAY_MS - nowMs) / 1000));

type NoticeKind = (typeof notices.$inferSelect)['kind'];

/**
 * What tells apart the notices of one change. `email` is an address or a column of the user's row; one that outlives the
 * user does not hang on that row.
 */
type NoticeTerms = { id: string; kind: NoticeKind; email: SQL | string; stamp?: string; outlivesUser?: boolean };

/** One notice that is due, if the user's row fulfils the condition. */
export const recordNotice = (db: Database, terms: NoticeTerms, happened: Occurrence, condition: SQL | undefined) =>
  db.insert(notices).select(
    db
      .select({
        id: sql<string>`${terms.id}`.as('id'),
        userId: sql<string | null>`${terms.outlivesUser ? null : users.id}`.as('user_id'),
        kind: sql<NoticeKind>`${terms.kind}`.as('kind'),
        email: sql<string>`${terms.email}`.as('email'),
        stamp: sql<string | null>`${terms.stamp ?? null}`.as('stamp'),
        createdAt: sql<number>`${happened.nowMs}`.as('created_at'),
        userAgent: sql<string | null>`${happened.visitor.userAgent}`.as('user_agent'),
        country: sql<string | null>`${happened.visitor.country}`.as('country'),
        queuedAt: sql<null>`null`.as('queued_at'),
        timeZone: sql<string | null>`${happened.visitor.timeZone}`.as('time_zone'),
        language: sql<Language | null>`${terms.outlivesUser ? users.language : null}`.as('language'),
      })
      .from(users)
      .where(and(eq(users.id, happened.userId), condition)),
  );
