/**
 * The Worker as the tests run it: the same doors under a clock that a test can move, and a way to hand the queue door a
 * batch of its own making. The shipped entry, worker/index.ts, has neither.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import { createApp } from '../../../worker/app.ts';
import type { Bindings } from '../../../worker/bindings.ts';
import { createCleanup } from '../../../worker/cleanup.ts';
import { createMailConsumer } from '../../../worker/mail-consumer.ts';
import { createService } from '../../../worker/service.ts';
import { createServices } from '../../../worker/services.ts';
import { hearingQueries } from './hearing-queries.ts';

export { PasswordHasher } from '../../../worker/credentials/password-hasher.ts';

/** ../test-doors.ts calls here. */
const DOOR = '/api/test-door';

type Statement = { sql: string; params: unknown[] };

let aheadMs = 0;
let stoppedAtMs: number | null = null;
const openServices = createServices({ now: () => (stoppedAtMs ?? Date.now()) + aheadMs });
const app = createApp(openServices);
const consume = createMailConsumer(openServices);
const clean = createCleanup(openServices);

export const RekeyService = createService(openServices);

const queries = new Set<string>();
let parts: Bindings | undefined;

export default class TestWorker extends WorkerEntrypoint<Bindings> {
  /** What the doors are given: always the same object, as on the platform. Other entries put something in between. */
  parts(): Bindings {
    parts ??= { ...this.env, DB: hearingQueries(this.env.DB, query => queries.add(query)) };
    return parts;
  }

  override async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname !== DOOR) return app.fetch(request, this.parts(), this.ctx);
    const { name, args } = await request.json<{ name: string; args: unknown[] }>();
    try {
      const call = Reflect.get(this, name) as (...given: unknown[]) => unknown;
      const answer = await Reflect.apply(call, this, args);
      return answer === undefined ? new Response() : Response.json(answer);
    } catch (error) {
      return new Response(String(error), { status: 500 });
    }
  }

  override queue(batch: MessageBatch<unknown>) {
    return consume(batch, this.parts());
  }

  override scheduled(controller: ScheduledController) {
    return clean(controller, this.parts());
  }

  /** Moves the clock of all doors: so many milliseconds ahead of the real one. */
  setClockAhead(ms: number) {
    aheadMs = ms;
  }

  /** Stops the clock of all doors at this moment, or lets it go on. */
  stopClock(isStopped: boolean) {
    stoppedAtMs = isStopped ? Date.now() : null;
  }

  /** The text of every statement of the doors so far, each once. */
  queries() {
    return [...queries];
  }

  /** Asks the database itself, whatever stands around it in `parts`. */
  askDatabase(statements: Statement[]) {
    return this.env.DB.batch(statements.map(({ sql, params }) => this.env.DB.prepare(sql).bind(...params)));
  }

  /** Calls a hashing object itself. */
  askHasher(name: string, method: 'hash' | 'verify', args: unknown[]) {
    const object = this.env.PASSWORD_HASHER.getByName(name);
    return (object[method] as unknown as (...given: unknown[]) => Promise<unknown>)(...args);
  }

  /**
   * Hands one message to the queue door, as try number `attempts`, and says how it was settled: `acked`, or `retried in N`
   * (seconds).
   */
  async deliver(body: unknown, attempts: number, queue: string): Promise<string> {
    let settled: string | undefined;
    const message: Message<unknown> = {
      id: crypto.randomUUID(),
      timestamp: new Date(),
      body,
      attempts,
      ack: () => {
        settled ??= 'acked';
      },
      retry: options => {
        settled ??= `retried in ${options?.delaySeconds}`;
      },
    };
    const metadata = { metrics: { backlogCount: 1, backlogBytes: 0 } };
    const batch: MessageBatch<unknown> = {
      queue,
      metadata,
      messages: [message],
      ackAll: () => message.ack(),
      retryAll: (options?: QueueRetryOptions) => message.retry(options),
    };
    await consume(batch, this.parts());
    if (!settled) throw new Error('the queue door settled nothing');
    return settled;
  }
}
