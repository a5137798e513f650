/**
 * Door 3, scheduled, every 5 minutes: sends the notices that a crash left behind, then deletes what is over. In bounded
 * batches and in any order, so it can be killed at any point and the next run goes on.
 */
import type { Bindings } from './bindings.ts';
import { errorClasses, log } from './log.ts';
import { queueNotice } from './mail/queue-notice.ts';
import type { OpenServices } from './services.ts';
import { deleteOldMailCounts } from './store/mail-limits.ts';
import { findUnqueuedNotices } from './store/notices.ts';
import { deleteEndedSessions } from './store/sessions.ts';

/** Younger ones are still on their way from the request that wrote them. */
const NOTICE_GRACE_MS = 60_000;
const MOST_ROWS = 1000;
const MOST_NOTICES = 100;

export const createCleanup =
  (openServices: OpenServices) =>
  async (_controller: ScheduledController, env: Bindings): Promise<void> => {
    const services = openServices(env);
    if (!services) return;
    const { db, clock } = services;
    const nowMs = clock.now();
    try {
      const due = await findUnqueuedNotices(db, nowMs - NOTICE_GRACE_MS, MOST_NOTICES);
      for (const notice of due) await queueNotice(services, notice);
      if (due.length > 0) log('warn', 'notices_recovered', { count: due.length });
      await deleteEndedSessions(db, nowMs, MOST_ROWS);
      await deleteOldMailCounts(db, nowMs, MOST_ROWS);
    } catch (error) {
      log('error', 'cleanup_failed', { error: errorClasses(error) });
    }
  };
