/**
 * A local mailbox: it takes mails as Resend's API does and shows them on a page. `npm run dev` and the tests start it in
 * their own process; tests elsewhere use its JSON API. It never sends anything anywhere.
 */
import { createServer, type ServerResponse } from 'node:http';
import { type Attempt, createAttempts, createFaults, type Fault } from './faults.ts';
import { closeServer, listenOnLoopback } from './loopback.ts';
import { createMailStore, type Mail } from './mail-store.ts';
import { handleRequest } from './routes.ts';

export type { Attempt, Fault, Mail };

export const DEFAULT_MAILBOX_PORT = 8025;

const HEARTBEAT_MS = 20_000;

export type MailboxOptions = {
  /** 0 takes any free port. */
  readonly port: number;
  /** Hears of each new mail once. */
  readonly onMail?: (mail: Mail) => void;
  /** The application whose mails arrive here; the empty page links to it. */
  readonly appUrl?: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

export type WaitOptions = {
  /** Only mails that arrived later than this one, or than this moment. */
  readonly after?: Mail | Date;
  readonly subject?: string;
  /** 5000 by default. */
  readonly timeoutMs?: number;
};

export type Mailbox = Awaited<ReturnType<typeof startMailbox>>;

/** Starts a mailbox on the loopback addresses. Rejects with a plain sentence when the port is taken. */
export async function startMailbox(options: MailboxOptions) {
  const now = options.now ?? Date.now;
  const pages = new Set<ServerResponse>();
  const waiting = new Set<() => void>();
  const closing = new AbortController();

  const tellPages = (event: string, data: unknown) => {
    for (const page of pages) page.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const faults = createFaults();
  const attempts = createAttempts();
  const store = createMailStore(now, mail => {
    tellPages('mail', { to: mail.to, subject: mail.subject });
    options.onMail?.(mail);
    for (const look of waiting) look();
  });
  const clear = () => {
    store.clear();
    attempts.clear();
    tellPages('clear', null);
  };
  const listen = (response: ServerResponse) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(': open\n\n');
    pages.add(response);
    response.on('close', () => pages.delete(response));
  };
  const heartbeat = setInterval(() => {
    for (const page of pages) page.write(': still here\n\n');
  }, HEARTBEAT_MS).unref();

  const capabilities = {
    store,
    faults,
    attempts,
    now,
    closing: closing.signal,
    appUrl: options.appUrl ?? null,
    listen,
    clear,
  };
  const makeServer = () =>
    createServer((request, response) => {
      handleRequest(request, response, capabilities).catch(() => response.destroy());
    });
  const { servers, port } = await listenOnLoopback(makeServer, options.port);

  return {
    url: `http://localhost:${port}`,
    port,
    /** All mails, newest first. */
    mails: store.all,
    /** The mails to an address, newest first. */
    mailsTo: store.to,
    /** Every attempt to send to an address, newest first, the failed ones too. */
    attemptsTo: attempts.to,
    /** Replaces the faults of the addresses that the list names, and only of those. */
    setFaults: (...list: Fault[]): void => faults.set(list),
    /** Forgets the faults of one address, or all. */
    clearFaults: faults.clear,
    /** Forgets mails and attempts. */
    clear,

    /** The newest mail that fits, as soon as there is one. Rejects after the time, naming what did arrive. */
    waitForMail(to: string, { after, subject, timeoutMs = 5000 }: WaitOptions = {}): Promise<Mail> {
      const isLater = (mail: Mail) =>
        after === undefined ||
        (after instanceof Date ? Date.parse(mail.receivedAt) > after.getTime() : mail.number > after.number);
      const find = () =>
        store.to(to).find(mail => isLater(mail) && (subject === undefined || mail.subject === subject));
      return new Promise((resolve, reject) => {
        const look = () => {
          const mail = find();
          if (!mail) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(mail);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          const there =
            store
              .to(to)
              .map(mail => JSON.stringify(mail.subject))
              .join(', ') || 'none';
          const wanted = subject === undefined ? 'No mail' : `No mail ${JSON.stringify(subject)}`;
          reject(new Error(`${wanted} to ${to} within ${timeoutMs} ms. Mails to this address: ${there}.`));
        }, timeoutMs);
        waiting.add(look);
        look();
      });
    },

    async close(): Promise<void> {
      clearInterval(heartbeat);
      closing.abort();
      await Promise.all(servers.map(closeServer));
    },
  };
}
