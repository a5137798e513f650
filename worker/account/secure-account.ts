/**
 * "This was not me": the link of a notice gives the account back to whoever reads the mailbox that it went to. It works
 * once, for 7 days from what the notice told of, and is bound to no stamp, so a thief cannot outrun it.
 */
import { newStamp } from '../credentials/session-secret.ts';
import type { Services } from '../services.ts';
import { secureUser } from '../store/profiles.ts';
import type { Visitor } from '../visitor.ts';

export type SecureAccountOutcome =
  | { kind: 'secured'; userId: string; notice: { id: string; createdAt: number } }
  | { kind: 'bad_link'; reason: string };

/** One round trip: the UPDATE looks and decides. */
export const secureAccount = async (
  { linkTokens, db, clock }: Services,
  token: string,
  visitor: Visitor,
): Promise<SecureAccountOutcome> => {
  const nowMs = clock.now();
  const link = await linkTokens.verify('secure', token, nowMs);
  if (link.kind === 'bad') return { kind: 'bad_link', reason: link.reason };
  const { userId, atMs } = link.claims;
  const notice = { id: crypto.randomUUID(), createdAt: nowMs };
  const isSecured = await secureUser(db, {
    userId,
    toldOfMs: atMs,
    newStamp: newStamp(),
    newBrowserStamp: newStamp(),
    noticeId: notice.id,
    nowMs,
    visitor,
  });
  return isSecured ? { kind: 'secured', userId, notice } : { kind: 'bad_link', reason: 'used' };
};
