/**
 * A person sets a new password through a link. In the order of cost: verify the token, look (spares a hash for a used
 * link and decides nothing), judge the password, hash, write. The row that the UPDATE gives back is the only authority.
 */

import type { FieldRule } from '../contract/fields.ts';
import { guessedAddressKey } from '../credentials/lookup-key.ts';
import { refusedByLists, refusedByRules } from '../credentials/new-password.ts';
import type { LaneFull } from '../credentials/password-hasher.ts';
import { newStamp } from '../credentials/session-secret.ts';
import type { Services } from '../services.ts';
import { replacePassword } from '../store/passwords.ts';
import type { UserRow } from '../store/users.ts';
import type { Visitor } from '../visitor.ts';
import { verifyResetLink } from './verify-reset-link.ts';

export type CompleteResetOutcome =
  | { kind: 'reset'; user: UserRow; endedSecretHashes: string[]; notice: { id: string; createdAt: number } }
  | { kind: 'bad_link'; reason: string }
  | { kind: 'refused_password'; rule: FieldRule }
  | LaneFull;

/** Single use holds under any race: all links and sessions of the old stamp die in the same statement. */
export const completeReset = async (
  services: Services,
  { token, password }: { token: string; password: string },
  visitor: Visitor,
): Promise<CompleteResetOutcome> => {
  const { config, db, hasher, clock } = services;
  const link = await verifyResetLink(services, token);
  if (link.kind === 'bad_link') return link;

  const { user } = link;
  const refusal = refusedByRules(config, password, user) ?? (await refusedByLists(services, password));
  if (refusal) return { kind: 'refused_password', rule: refusal };

  const hashed = await hasher.hash({ lane: 'recovery' }, password, config.scrypt);
  if (hashed.kind === 'lane_full') return hashed;

  const notice = { id: crypto.randomUUID(), createdAt: clock.now() };
  const endedSecretHashes = await replacePassword(db, {
    userId: user.id,
    stamp: user.securityStamp,
    newStamp: newStamp(),
    passwordHash: hashed.phc,
    noticeId: notice.id,
    addressKey: await guessedAddressKey(config, user.email),
    nowMs: notice.createdAt,
    visitor,
  });
  if (endedSecretHashes === null) return { kind: 'bad_link', reason: 'used' };
  return { kind: 'reset', user, endedSecretHashes, notice };
};
