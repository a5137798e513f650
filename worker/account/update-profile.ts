/** An owner takes another username, unique without case and none that rests after a deletion, or another language. */
import { isLanguage } from '../contract/languages.ts';
import { restingNameKey } from '../credentials/lookup-key.ts';
import type { Services } from '../services.ts';
import { replaceProfile } from '../store/profiles.ts';
import type { UserRow } from '../store/users.ts';
import type { Visitor } from '../visitor.ts';

/** The changed user, or null where the name is taken: nothing is changed then. The same name in other letters is the owner's own. */
export const updateProfile = async (
  { config, db, clock }: Services,
  user: UserRow,
  given: { username?: string | undefined; language?: string | undefined },
  visitor: Visitor,
): Promise<UserRow | null> => {
  const { username = user.username } = given;
  const language = isLanguage(given.language) && given.language !== user.language ? given.language : null;
  if (username === user.username && !language) return user;
  const name = username === user.username ? null : { username, nameKey: await restingNameKey(config, username) };
  return replaceProfile(db, { name, language }, { userId: user.id, nowMs: clock.now(), visitor });
};
