/** A Rekey that runs already, with a mailbox that can be asked: `npm run dev`, for one. */
import type { Mail } from '../../mailbox/mailbox.ts';
import type { Driver } from '../driver.ts';
import { createTransport } from '../http.ts';
import { createDriver } from './driver.ts';

/** Rejects with a sentence that says what to do where one of the two does not answer. */
export const connectToRekey = async (url: string, mailboxUrl: string): Promise<Driver> => {
  const origin = new URL(url).origin;
  const { send, close } = createTransport(origin);
  const unreachable = (what: string, why: unknown) =>
    new Error(`${what} does not answer (${why}). Start it, for example with npm run dev, or correct its address.`);

  const health = await send({ method: 'GET', path: '/api/health' }).catch(error => {
    throw unreachable(`Rekey at ${origin}`, error.message);
  });
  if (health.status !== 200) throw unreachable(`Rekey at ${origin}`, `${health.status} ${health.text.slice(0, 100)}`);

  const mailsTo = async (email: string): Promise<Mail[]> => {
    const response = await fetch(new URL(`/api/mails?to=${encodeURIComponent(email)}`, mailboxUrl));
    if (!response.ok) throw new Error(`the mailbox answered ${response.status}`);
    return ((await response.json()) as { mails: Mail[] }).mails;
  };
  await mailsTo('nobody@example.com').catch(error => {
    throw unreachable(`The mailbox at ${mailboxUrl}`, error.message);
  });

  const { version } = JSON.parse(health.text) as { version: string };
  return createDriver({ url: origin, version, transport: send, mailsTo, stop: async () => close() });
};
