/** Who is asking? One round trip where a session cookie came along, none where not. */
import type { User } from '../contract/responses.ts';
import { findSessionOwner, type SessionRow, touchSession } from '../store/sessions.ts';
import type { UserRow } from '../store/users.ts';
import type { AppContext } from './app-env.ts';
import { readSessionHash } from './cookies.ts';
import { later } from './later.ts';

/** How stale "last seen" may get: a session that is used all day costs one write an hour. */
const TOUCH_AFTER_MS = 3600 * 1000;

type Seen = Pick<SessionRow['session'], 'secretHash' | 'lastSeenAt'>;

/** Keeps "last seen" of a session that is in use, after the answer. */
export const noteUse = (c: AppContext, { session }: { session: Seen }): void => {
  const { db, clock } = c.get('services');
  const nowMs = clock.now();
  if (session.lastSeenAt > nowMs - TOUCH_AFTER_MS) return;
  later(c, 'touch_session', touchSession(db, session.secretHash, nowMs));
};

/** The signed-in user, or null. */
export const currentUser = async (c: AppContext): Promise<Shown | null> => {
  const secretHash = await readSessionHash(c);
  if (secretHash === null) return null;
  const { db, clock } = c.get('services');
  const found = await findSessionOwner(db, secretHash, clock.now());
  if (found) noteUse(c, { session: { secretHash, lastSeenAt: found.lastSeenAt } });
  return found;
};

type Shown = Pick<UserRow, keyof User>;

/** The user as the API shows it. */
export const asUser = ({ id, username, email, createdAt, language }: Shown): User => ({
  id,
  username,
  email,
  createdAt: new Date(createdAt).toISOString(),
  language,
});
