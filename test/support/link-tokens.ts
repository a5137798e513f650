/** Link tokens as the Worker makes them, under settings that a test picks. */
import { readConfig } from '../../worker/config.ts';
import { createLinkTokens, type LinkClaims, type LinkPurpose } from '../../worker/credentials/link-token.ts';
import { type Rekey, TEST_SETTINGS } from './harness.ts';
import { storedUser } from './rows.ts';

type Settings = typeof TEST_SETTINGS;

/** A token of a purpose, issued now or so many seconds from now. */
export const makeToken = async <Purpose extends LinkPurpose>(
  purpose: Purpose,
  claims: LinkClaims[Purpose],
  { settings = {}, inSeconds = 0 }: { settings?: Settings; inSeconds?: number } = {},
): Promise<string> => {
  const outcome = readConfig({ ...TEST_SETTINGS, ...settings });
  if (outcome.kind === 'bad') throw new Error(outcome.problems.join('; '));
  const issuedAtSeconds = Math.floor(Date.now() / 1000) + inSeconds;
  const { url } = await createLinkTokens(outcome.config).issue(purpose, claims, issuedAtSeconds);
  return url.slice(url.indexOf('#') + 1);
};

/** What a reset link of this person would say now. */
export const resetClaims = async (rekey: Rekey, person: { email: string }): Promise<LinkClaims['reset']> => {
  const { id, security_stamp } = await storedUser(rekey, person);
  return { userId: id, stamp: security_stamp };
};
