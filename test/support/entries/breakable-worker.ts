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

/** Calls that a broken part still answers, and how many it fails after them. */
const broken = new Map<Part, { left: number; failures: number }>();

const failing = (part: Part) => async (call: () => Promise<unknown>) => {
  const how = broken.get(part);
  if (how && how.left-- <= 0 && how.failures-- > 0) throw new Error('Network connection lost.');
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
    parts ??= breakable(super.parts());
    return parts;
  }

  /** Breaks a part, now or after so many more calls of it; for so many calls, or until it is mended. */
  breakPart(part: Part, afterCalls = 0, failures = Number.POSITIVE_INFINITY) {
    broken.set(part, { left: afterCalls, failures });
    // The services keep what they have read of the assets: others are opened, which have read nothing yet.
    if (part === 'assets') parts = undefined;
  }

  mendAll() {
    broken.clear();
  }
}
