/** Who is asking? One round trip where a session cookie came along, none where not. */
import type { User } from '../contract/responses.ts';
import type { Services } from '../services.ts';
import { findSessionOwner, type SessionRow, touchSession } from '../store/sessions.ts';
import type { UserRow } from '../store/users.ts';
import type { AppContext } from './app-env.ts';
import { readSessionHash } from './cookies.ts';
import { later } from './later.ts';

/** How stale "last seen" may get: a session that is used all day costs one write an hour. */
const TOUCH_AFTER_MS = 3600 * 1000;

type Seen = Pick<SessionRow['session'], 'secretHash' | 'lastSeenAt'>;
/** For work that nobody waits for. */
type Later = (name: string, work: Promise<unknown>) => void;

const keepLastSeen = ({ db, clock }: Services, later: Later, { secretHash, lastSeenAt }: Seen): void => {
  const nowMs = clock.now();
  if (lastSeenAt > nowMs - TOUCH_AFTER_MS) return;
  later('touch_session', touchSession(db, secretHash, nowMs));
};

/** Keeps "last seen" of a session that is in use, after the answer. */
export const noteUse = (c: AppContext, { session }: { session: Seen }): void =>
  keepLastSeen(c.get('services'), (name, work) => later(c, name, work), session);

/** The user of the session that is stored under this hash, or null. */
export const ownerOfSession = async (
  services: Services,
  later: Later,
  secretHash: string | null,
): Promise<Shown | null> => {
  if (secretHash === null) return null;
  const found = await findSessionOwner(services.db, secretHash, services.clock.now());
  if (found) keepLastSeen(services, later, { secretHash, lastSeenAt: found.lastSeenAt });
  return found;
};

/** The signed-in user, or null. */
export const currentUser = async (c: AppContext): Promise<Shown | null> =>
  ownerOfSession(c.get('services'), (name, work) => later(c, name, work), await readSessionHash(c));

type Shown = Pick<UserRow, keyof User>;

/** The user as the API shows it. */
export const asUser = ({ id, username, email, createdAt, language }: Shown): User => ({
  id,
  username,
  email,
  createdAt: new Date(createdAt).toISOString(),
  language,
});
