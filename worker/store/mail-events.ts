/**
 * What the providers tell of our mails. However many events a request brings, they are one transaction of a few
 * statements: the ids go along as one JSON text, since a statement of D1's takes 100 parameters at most.
 */
import { and, eq, gt, inArray, isNotNull, notExists, type SQL, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { ActivityKind } from '../contract/responses.ts';
import type { Database } from './database.ts';
import { activity, MAIL_STATES, mailEventStamps, mails, suppressions } from './schema.ts';

/** In the order of MAIL_STATES. */
const EVENT_KINDS = ['delayed', 'delivered', 'bounced', 'complained'] as const;
export type MailEventKind = (typeof EVENT_KINDS)[number];
/** `providerId`: how the provider names the mail, as `mails` has it. */
export type MailEvent = { providerId: string; kind: MailEventKind };

export type MailEvents = {
  provider: string;
  /** SHA-256 of provider and stamp, base64url; null where the scheme has no stamp. */
  stampHash: string | null;
  events: readonly MailEvent[];
  nowMs: number;
};

/** `changed`: how many mails moved on. `replayed`: the stamp was taken before, and nothing was done. */
export type MailEventsOutcome = { kind: 'applied'; changed: number } | { kind: 'replayed' };

const BOUNCED_FOR_MS = 7 * 24 * 3600 * 1000;

/**
 * Moves each mail that the events name down the list of states, and with it what follows: a bounce suppresses the address
 * for 7 days and a complaint for good, both are the owner's to read, and a later mail that arrived ends what a bounce
 * began. An id that is in no row of this provider's does nothing. The stamp is written in the same transaction, so a
 * request that failed may come again and one that did not may not.
 */
export const applyMailEvents = async (
  db: Database,
  { provider, stampHash, events, nowMs }: MailEvents,
): Promise<MailEventsOutcome> => {
  const isNew =
    stampHash === null
      ? undefined
      : notExists(db.select().from(mailEventStamps).where(eq(mailEventStamps.stampHash, stampHash)));
  const worst = worstOfEach(events);
  const statements: BatchItem<'sqlite'>[] = EVENT_KINDS.flatMap(kind => {
    const ids = [...worst].flatMap(([id, itsKind]) => (itsKind === kind ? [id] : []));
    if (ids.length === 0) return [];
    const isMoving = and(
      eq(mails.provider, provider),
      sql`${mails.providerId} in (select value from json_each(${JSON.stringify(ids)}))`,
      inArray(mails.state, MAIL_STATES.slice(0, MAIL_STATES.indexOf(kind))),
      isNew,
    );
    // What follows looks at the state from before, so it goes first.
    return [
      ...consequencesOf(db, kind, isMoving, nowMs),
      db.update(mails).set({ state: kind, changedAt: nowMs }).where(isMoving).returning({ movedJobId: mails.jobId }),
    ];
  });
  if (stampHash !== null) {
    const stamp = db.insert(mailEventStamps).values({ stampHash, seenAt: nowMs }).onConflictDoNothing();
    statements.push(stamp.returning({ stampHash: mailEventStamps.stampHash }));
  }
  const [first, ...others] = statements;
  if (!first) return { kind: 'applied', changed: 0 };

  const results: unknown[] = await db.batch([first, ...others]);
  const stamped = results.at(-1);
  if (stampHash !== null && Array.isArray(stamped) && stamped.length === 0) return { kind: 'replayed' };
  const rows = results.flat().filter(row => typeof row === 'object' && row !== null);
  return { kind: 'applied', changed: rows.filter(row => 'movedJobId' in row).length };
};

const consequencesOf = (db: Database, kind: MailEventKind, isMoving: SQL | undefined, nowMs: number) => {
  switch (kind) {
    case 'delayed':
      return [];
    case 'delivered':
      return [endBounced(db, isMoving, nowMs)];
    case 'bounced':
      return [suppress(db, kind, isMoving, nowMs), recordForOwners(db, 'mail_bounced', isMoving, nowMs)];
    case 'complained':
      return [suppress(db, kind, isMoving, nowMs), recordForOwners(db, 'mail_complained', isMoving, nowMs)];
  }
};

/** Several events of one mail come down to the one that is furthest down the list. */
const worstOfEach = (events: MailEvents['events']): Map<string, MailEventKind> => {
  const worst = new Map<string, MailEventKind>();
  for (const { providerId, kind } of events) {
    const known = worst.get(providerId);
    if (!known || EVENT_KINDS.indexOf(kind) > EVENT_KINDS.indexOf(known)) worst.set(providerId, kind);
  }
  return worst;
};

/** A bounce never shortens what is there, and takes nothing from a complaint. */
const suppress = (db: Database, reason: 'bounced' | 'complained', isMoving: SQL | undefined, nowMs: number) => {
  const until = reason === 'bounced' ? nowMs + BOUNCED_FOR_MS : null;
  return db
    .insert(suppressions)
    .select(
      db
        .select({
          addressKey: sql<string>`${mails.addressKey}`.as('address_key'),
          reason: sql<typeof reason>`${reason}`.as('reason'),
          since: sql<number>`${nowMs}`.as('since'),
          until: sql<number | null>`${until}`.as('until'),
          letThroughJobId: sql<null>`null`.as('let_through_job_id'),
          letThroughAt: sql<null>`null`.as('let_through_at'),
        })
        .from(mails)
        .where(isMoving),
    )
    .onConflictDoUpdate({
      target: suppressions.addressKey,
      // SQLite's max() of a null is null: a complaint's.
      set: { reason, since: nowMs, until: sql`max(${suppressions.until}, ${until})` },
      setWhere: eq(suppressions.reason, 'bounced'),
    });
};

/** The row stays for the clean-up: it may remember a mail that was let through. */
const endBounced = (db: Database, isMoving: SQL | undefined, nowMs: number) =>
  db
    .update(suppressions)
    .set({ until: nowMs })
    .from(mails)
    .where(
      and(
        isMoving,
        eq(suppressions.addressKey, mails.addressKey),
        eq(suppressions.reason, 'bounced'),
        gt(suppressions.until, nowMs),
        gt(mails.createdAt, suppressions.since),
      ),
    );

/** One row of activity for each mail that had an account behind it. */
const recordForOwners = (db: Database, kind: ActivityKind, isMoving: SQL | undefined, nowMs: number) =>
  db.insert(activity).select(
    db
      .select({
        id: sql<string>`${sql.raw(RANDOM_ID)}`.as('id'),
        userId: sql<string>`${mails.userId}`.as('user_id'),
        kind: sql<ActivityKind>`${kind}`.as('kind'),
        at: sql<number>`${nowMs}`.as('at'),
        userAgent: sql<null>`null`.as('user_agent'),
        country: sql<null>`null`.as('country'),
        operator: sql<null>`null`.as('operator'),
      })
      .from(mails)
      .where(and(isMoving, isNotNull(mails.userId))),
  );

/** 128 random bits in a UUID's form: how many rows there will be, only the database knows. */
const RANDOM_ID = `lower(${[4, 2, 2, 2, 6].map(bytes => `hex(randomblob(${bytes}))`).join(` || '-' || `)})`;
