/** An owner takes another username: unique without case, and none that rests after a deletion. */
import { restingNameKey } from '../credentials/lookup-key.ts';
import type { Services } from '../services.ts';
import { replaceUsername } from '../store/profiles.ts';
import type { UserRow } from '../store/users.ts';
import type { Visitor } from '../visitor.ts';

/** The changed user, or null where the name is taken. The same name in other letters is the owner's own. */
export const renameAccount = async (
  { config, db, clock }: Services,
  user: UserRow,
  username: string,
  visitor: Visitor,
): Promise<UserRow | null> => {
  if (username === user.username) return user;
  const name = { username, nameKey: await restingNameKey(config, username) };
  return replaceUsername(db, name, { userId: user.id, nowMs: clock.now(), visitor });
};
