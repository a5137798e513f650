/** Many users at once, for tests of what more of them cost. */
import type { Rekey } from './harness.ts';

const DAY_MS = 24 * 3600 * 1000;

type Each = { sessions: number; activity: number };

/** Users `from` to `to`, each with so many sessions and rows of activity, a mail and an address that can still be put back. */
export const insertUsers = async (
  rekey: Rekey,
  from: number,
  to: number,
  { sessions, activity }: Each = { sessions: 1, activity: 1 },
): Promise<void> => {
  // Half of them stand before everybody's random id and half behind: where a range ends, another user's row begins.
  const id = "substr('!', i % 2 + 1) || 'many-' || i";
  const some = `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})`;
  const times = (many: number) => `${some}, m(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM m WHERE k < ${many})`;
  const now = Date.now();
  const { DB } = rekey.env;
  await DB.batch([
    DB.prepare(
      `${some} INSERT INTO users (id, username, email, password_hash, security_stamp, created_at, browser_stamp, previous_email, email_changed_at, secured_at)
       SELECT ${id}, 'many-' || i, 'many-' || i || '@example.com', '', 'stamp-' || i, ?, 'browser', 'old-' || i || '@example.com', ?, null FROM n`,
    ).bind(now, now),
    DB.prepare(
      `${times(sessions)} INSERT INTO sessions (secret_hash, id, user_id, stamp, created_at, last_seen_at, expires_at, remembered, user_agent, country, wrong_passwords)
       SELECT 'hash-' || i || '-' || k, 'session-' || i || '-' || k, ${id}, 'stamp-' || i, ?, ?, ?, 1, null, null, 0 FROM n, m`,
    ).bind(now, now, now + DAY_MS),
    DB.prepare(
      `${times(activity)} INSERT INTO activity (id, user_id, kind, at, user_agent, country)
       SELECT 'activity-' || i || '-' || k, ${id}, 'password_changed', ? - k, null, null FROM n, m`,
    ).bind(now),
    DB.prepare(
      `${some} INSERT INTO mails (job_id, kind, user_id, address_key, provider, state, failures, created_at, changed_at)
       SELECT 'mail-' || i, 'reset', ${id}, 'key-' || i, 'resend', 'delivered', 0, ?, ? FROM n`,
    ).bind(now - DAY_MS, now - DAY_MS),
  ]);
};
