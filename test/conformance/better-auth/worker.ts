/**
 * The Worker: better-auth's routes and nothing else. What only the bench needs, its tables and its clock, is reached by
 * calls of the entry point, which no HTTP request can make.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import { getMigrations } from 'better-auth/db/migration';
import { type Bindings, createAuth } from './auth.ts';
import { setClockAhead } from './clock.ts';

let opened: ReturnType<typeof createAuth> | undefined;

export default class BetterAuthWorker extends WorkerEntrypoint<Bindings> {
  async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname.startsWith('/api/auth/')) return this.#auth().handler(request);
    return new Response('Not found', { status: 404 });
  }

  /** Makes its tables, by its own migration. */
  async migrate(): Promise<void> {
    const { runMigrations } = await getMigrations(this.#auth().options);
    await runMigrations();
  }

  setClockAhead(ms: number): void {
    setClockAhead(ms);
  }

  /** One for the isolate, as its guide has it. */
  #auth() {
    opened ??= createAuth(this.env);
    return opened;
  }
}
