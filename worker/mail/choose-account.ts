/**
 * Who sends this try of a mail? The first provider until it has failed twice, then the two in turn. A mail that one of
 * them may have taken without an answer is not given to the other within two minutes.
 */
import type { Config } from '../config.ts';
import type { Tries } from '../store/mails.ts';
import type { MailAccount } from './mail-account.ts';
import type { Delivery } from './mailer.ts';

const FAILURES_BEFORE_FALLBACK = 2;
const MAY_BE_OUT_MS = 2 * 60 * 1000;
/** A provider's time to answer (provider-request.ts), and some. */
const LONGEST_TRY_MS = 15_000;
/** Who asks for a longer wait has as good as failed twice, where another can take over. */
const LONG_WAIT_SECONDS = 60;

type Accounts = Pick<Config, 'mail' | 'fallbackMail'>;
export type Choice = { kind: 'send'; account: MailAccount } | { kind: 'wait'; seconds: number };

export const chooseAccount = (
  { mail, fallbackMail }: Accounts,
  { failures, provider, mayBeOutUntil }: Tries,
  nowMs: number,
): Choice => {
  const isFallbacksTurn = failures >= FAILURES_BEFORE_FALLBACK && provider === mail.provider;
  const account = (isFallbacksTurn && fallbackMail) || mail;
  const waitMs = account.provider === provider ? 0 : (mayBeOutUntil ?? 0) - nowMs;
  return waitMs > 0 ? { kind: 'wait', seconds: Math.ceil(waitMs / 1000) } : { kind: 'send', account };
};

/** How the tries stand while one is under way: where nothing more is heard of it, it may be out. */
export const whileTrying = ({ failures }: Tries, provider: string, nowMs: number): Tries => ({
  failures,
  provider,
  mayBeOutUntil: nowMs + LONGEST_TRY_MS + MAY_BE_OUT_MS,
});

/** How the tries stand after one that failed. */
export const afterFailure = (
  { fallbackMail }: Accounts,
  { failures, mayBeOutUntil }: Tries,
  provider: string,
  { afterSeconds, mayBeOut }: Extract<Delivery, { kind: 'retry' }>,
  nowMs: number,
): Tries => {
  const isLongWait = fallbackMail !== null && (afterSeconds ?? 0) > LONG_WAIT_SECONDS;
  return {
    failures: failures + (isLongWait ? FAILURES_BEFORE_FALLBACK : 1),
    provider,
    // An earlier try may be out still, whatever this one was answered.
    mayBeOutUntil: mayBeOut ? nowMs + MAY_BE_OUT_MS : mayBeOutUntil,
  };
};
