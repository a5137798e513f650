/**
 * Door 3, scheduled, every 5 minutes: sends the notices that a crash left behind, then deletes what is over. In bounded
 * batches and in any order, so it can be killed at any point and the next run goes on.
 */
import type { Bindings } from './bindings.ts';
import { errorClasses, log } from './log.ts';
import { queueNotice } from './mail/queue-notice.ts';
import type { OpenServices, Services } from './services.ts';
import { deleteOldActivity } from './store/activity.ts';
import { deleteOldGuesses } from './store/guesses.ts';
import { deleteOldMailCounts } from './store/mail-limits.ts';
import { findLeftNotices } from './store/notices.ts';
import { deleteOldMailEventStamps, deleteOldMails } from './store/old-mail-records.ts';
import { deleteOverdueProfileData } from './store/profiles.ts';
import { deleteEndedSessions } from './store/sessions.ts';
import { deleteEndedSuppressions } from './store/suppressions.ts';

/** Younger ones are still on their way from the request that wrote them. */
const NOTICE_GRACE_MS = 60_000;
const MOST_ROWS = 1000;
/** Strangers make these, a few dozen a second in a flood: 33 a second are deleted. */
const MOST_GUESSES = 10_000;
/** Each takes three subrequests, of which the Free plan has 50. */
const MOST_NOTICES = 12;

export const createCleanup =
  (openServices: OpenServices) =>
  async (_controller: ScheduledController, env: Bindings): Promise<void> => {
    const services = openServices(env);
    if (!services) return;
    const { db, clock } = services;
    const nowMs = clock.now();
    const attempt = createAttempt(services);
    await Promise.all([
      attempt('send_notices', sendLeftNotices(services)),
      attempt('delete_sessions', deleteEndedSessions(db, nowMs, MOST_ROWS)),
      attempt('delete_guesses', deleteOldGuesses(db, nowMs, MOST_GUESSES)),
      attempt('delete_mail_counts', deleteOldMailCounts(db, nowMs, MOST_ROWS)),
      attempt('delete_mails', deleteOldMails(db, nowMs, MOST_ROWS)),
      attempt('delete_suppressions', deleteEndedSuppressions(db, nowMs, MOST_ROWS)),
      attempt('delete_mail_event_stamps', deleteOldMailEventStamps(db, nowMs, MOST_ROWS)),
      attempt('delete_activity', deleteOldActivity(db, nowMs, MOST_ROWS)),
      attempt('delete_profile_data', deleteOverdueProfileData(db, nowMs)),
    ]);
  };

const sendLeftNotices = async (services: Services): Promise<void> => {
  const { db, clock } = services;
  const nowMs = clock.now();
  const due = await findLeftNotices(db, { beforeMs: nowMs - NOTICE_GRACE_MS, nowMs, most: MOST_NOTICES });
  for (const notice of due) await queueNotice(services, notice);
  if (due.length > 0) log('warn', 'notices_recovered', { count: due.length });
};

/** What fails here is tried again in 5 minutes, and keeps nothing else from being done. */
const createAttempt =
  ({ metrics, clock }: Services) =>
  async (name: string, work: Promise<void>): Promise<void> => {
    const startedAtMs = clock.now();
    const tell = (outcome: string) =>
      metrics?.write({ event: 'cleanup', what: name, outcome, ms: clock.now() - startedAtMs });
    try {
      await work;
      tell('done');
    } catch (error) {
      log('error', 'cleanup_failed', { name, error: errorClasses(error) });
      tell('cleanup_failed');
    }
  };
