/**
 * The Worker with a counter at the database: `X-Round-Trips` says how many calls of D1 a request has waited for when it
 * answers, and `X-Rows-Read` how many rows D1 has read for it. What goes on after the answer is counted apart.
 */
import type { Bindings } from '../../../worker/bindings.ts';
import { aroundCalls, DATABASE_CALLS } from './around-calls.ts';
import { notingRows } from './noting-rows.ts';
import TestWorker from './test-worker.ts';

export { PasswordHasher } from '../../../worker/credentials/password-hasher.ts';

let count = 0;
let rowsRead = 0;
let parts: Bindings | undefined;

export default class CountingWorker extends TestWorker {
  override parts(): Bindings {
    const noting = () =>
      notingRows(this.env.DB, rows => {
        rowsRead += rows;
      });
    parts ??= {
      ...this.env,
      DB: aroundCalls(noting(), DATABASE_CALLS, async call => {
        try {
          return await call();
        } finally {
          count += 1;
        }
      }),
    };
    return parts;
  }

  override async fetch(request: Request): Promise<Response> {
    const [before, rowsBefore] = [count, rowsRead];
    const response = await super.fetch(request);
    const counted = new Response(response.body, response);
    counted.headers.set('X-Round-Trips', String(count - before));
    counted.headers.set('X-Rows-Read', String(rowsRead - rowsBefore));
    return counted;
  }

  /** All calls so far, of every door. One that nobody waits for counts when it is done. */
  roundTrips() {
    return count;
  }
}
