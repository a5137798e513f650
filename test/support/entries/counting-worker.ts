/**
 * The Worker with a counter at each of its bindings: `X-Round-Trips` says how many calls of D1 a request has waited for when
 * it answers, and `X-Rows-Read` how many rows D1 has read for it. What goes on after the answer is counted apart.
 */
import type { Bindings } from '../../../worker/bindings.ts';
import { aroundCalls, DATABASE_CALLS } from './around-calls.ts';
import { notingRows } from './noting-rows.ts';
import TestWorker from './test-worker.ts';

export { PasswordHasher } from '../../../worker/credentials/password-hasher.ts';

const tally = {
  /** Calls of D1: a statement or a batch. */
  roundTrips: 0,
  statements: 0,
  rowsRead: 0,
  rowsWritten: 0,
  queueMessages: 0,
  /** Calls of the hashing object. */
  hashes: 0,
  /** Files read through ASSETS. */
  assets: 0,
  /** Requests to others: the mail API, the list of breached passwords. */
  subrequests: 0,
};
type Tally = typeof tally;

let isCounting = true;
let parts: Bindings | undefined;

/** A binding that adds to one of the numbers with each call. */
const counting = <Binding extends object>(
  binding: Binding,
  what: keyof Tally,
  names: { calls: string[]; leads?: string[] },
): Binding =>
  aroundCalls(binding, names, call => {
    tally[what] += 1;
    return call();
  });

const countSubrequests = () => {
  const send = globalThis.fetch;
  globalThis.fetch = (...given) => {
    tally.subrequests += 1;
    return send(...given);
  };
};

export default class CountingWorker extends TestWorker {
  override parts(): Bindings {
    if (!isCounting) return super.parts();
    const bindings = super.parts();
    const noting = () =>
      notingRows(bindings.DB, ({ rows_read, rows_written }) => {
        tally.statements += 1;
        tally.rowsRead += rows_read;
        tally.rowsWritten += rows_written;
      });
    if (parts) return parts;
    countSubrequests();
    parts = {
      ...bindings,
      DB: aroundCalls(noting(), DATABASE_CALLS, async call => {
        try {
          return await call();
        } finally {
          tally.roundTrips += 1;
        }
      }),
      MAIL_QUEUE: counting(bindings.MAIL_QUEUE, 'queueMessages', { calls: ['send'] }),
      ASSETS: counting(bindings.ASSETS, 'assets', { calls: ['fetch'] }),
      PASSWORD_HASHER: counting(bindings.PASSWORD_HASHER, 'hashes', {
        calls: ['hash', 'verify'],
        leads: ['getByName'],
      }),
    };
    return parts;
  }

  override async fetch(request: Request): Promise<Response> {
    const before = { ...tally };
    const response = await super.fetch(request);
    const counted = new Response(response.body, response);
    counted.headers.set('X-Round-Trips', String(tally.roundTrips - before.roundTrips));
    counted.headers.set('X-Rows-Read', String(tally.rowsRead - before.rowsRead));
    return counted;
  }

  /** All calls of D1 so far, of every door. One that nobody waits for counts when it is done. */
  roundTrips() {
    return tally.roundTrips;
  }

  /** Counting takes time of its own: off, for who measures that. */
  setCounting(isOn: boolean) {
    isCounting = isOn;
  }

  /** Everything so far, of every door. */
  tally() {
    return { ...tally };
  }
}
