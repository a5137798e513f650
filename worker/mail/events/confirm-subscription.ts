/** The answer to Amazon SNS, which asks once whether an address wants to hear of a topic. */
import { log } from '../../log.ts';
import { Unavailable } from '../../unavailable.ts';

const TIMEOUT_MS = 5000;

/** Asks for the address that SNS gave. Throws `Unavailable` where that fails: SNS asks us again. */
export const confirmSubscription = async (url: string): Promise<void> => {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`answered ${response.status}`);
  } catch (error) {
    throw new Unavailable('mail provider', error);
  }
  log('info', 'mail_events_subscription_confirmed');
};
