/**
 * The Worker on bad days: a test breaks the database, the queue, the hasher, the limiter or the assets, and mends it
 * again. What is thrown is what the platform throws when it loses the connection.
 */
import type { Bindings } from '../../../worker/bindings.ts';
import { aroundCalls, DATABASE_CALLS } from './around-calls.ts';
import TestWorker from './test-worker.ts';

export { PasswordHasher } from '../../../worker/credentials/password-hasher.ts';

/** harness.ts repeats these names: its program knows no Worker's types. */
type Part = 'database' | 'queue' | 'hasher' | 'limiter' | 'assets';

/** Calls that a broken part still answers. */
const callsLeft = new Map<Part, number>();

const failing = (part: Part) => async (call: () => Promise<unknown>) => {
  const left = callsLeft.get(part);
  if (left === 0) throw new Error('Network connection lost.');
  if (left !== undefined) callsLeft.set(part, left - 1);
  return call();
};

const breakable = (env: Bindings): Bindings => ({
  ...env,
  DB: aroundCalls(env.DB, DATABASE_CALLS, failing('database')),
  MAIL_QUEUE: aroundCalls(env.MAIL_QUEUE, { calls: ['send'] }, failing('queue')),
  PASSWORD_HASHER: aroundCalls(
    env.PASSWORD_HASHER,
    { calls: ['hash', 'verify'], leads: ['getByName'] },
    failing('hasher'),
  ),
  RATE_LIMITER: aroundCalls(env.RATE_LIMITER, { calls: ['limit'] }, failing('limiter')),
  ASSETS: aroundCalls(env.ASSETS, { calls: ['fetch'] }, failing('assets')),
});

let parts: Bindings | undefined;

export default class BreakableWorker extends TestWorker {
  override parts(): Bindings {
    parts ??= breakable(this.env);
    return parts;
  }

  /** Breaks a part, now or after so many more calls of it. */
  breakPart(part: Part, afterCalls = 0) {
    callsLeft.set(part, afterCalls);
    // The services keep what they have read of the assets: others are opened, which have read nothing yet.
    if (part === 'assets') parts = undefined;
  }

  mendAll() {
    callsLeft.clear();
  }
}
