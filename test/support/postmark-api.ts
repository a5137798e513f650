/** Postmark's `POST /email` as far as the Worker's tests need it: it takes no key, so a mail may come twice. */
import type { Fault } from '../mailbox/mailbox.ts';
import { startStubServer } from '../unit/stub-server.ts';

/** What the next mails meet. `accept` delivers before anything else; null: all is well. */
export type Weather = Pick<Fault, 'status' | 'retryAfter' | 'hangUp' | 'accept' | 'delayMs'> | null;

export const startPostmarkApi = async () => {
  const server = await startStubServer();
  const attempts: string[] = [];
  const mails: string[] = [];
  let weather: Weather = null;
  server.answerWith((response, { body }) => {
    const to = String(JSON.parse(body).To);
    attempts.push(to);
    const met = weather;
    const status = met?.status ?? 200;
    if (met?.accept || (status === 200 && !met?.hangUp)) mails.push(to);
    if (met?.hangUp) return response.destroy();
    const headers = met?.retryAfter === undefined ? {} : { 'Retry-After': String(met.retryAfter) };
    const good = { ErrorCode: 0, Message: 'OK', MessageID: crypto.randomUUID(), SubmittedAt: '', To: to };
    const answer = status === 200 ? good : { ErrorCode: status === 422 ? 300 : 100, Message: 'no' };
    setTimeout(() => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(answer));
    }, met?.delayMs ?? 0);
  });
  const countTo = (all: readonly string[], email: string) => all.filter(to => to === email).length;
  return {
    url: server.url,
    setWeather: (next: Weather): void => {
      weather = next;
    },
    attemptsTo: (email: string): number => countTo(attempts, email),
    mailsTo: (email: string): number => countTo(mails, email),
    close: server.close,
  };
};

export type PostmarkApi = Awaited<ReturnType<typeof startPostmarkApi>>;
