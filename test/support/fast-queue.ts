/**
 * The queue in time that does not pass: jobs are handed to the queue door when they are due, and again after the delay
 * that it asks for, with the Worker's clock moved along. Days of retries take seconds.
 */
import type { Rekey } from './harness.ts';

/** wrangler.toml: the first try, and `max_retries` more. */
const MOST_TRIES = 21;

export type FastJob = { job: { id: string }; dueMs: number };
export type Settled = { atMs: number; tries: number; isDead: boolean };

/**
 * Delivers every job until it is settled, in the order of time. `before` sets the scene for one try, `atMs` after the
 * start. What is out of tries goes to the dead letters, as on the platform.
 */
export const runQueue = async (
  rekey: Rekey,
  jobs: readonly FastJob[],
  before: (atMs: number, job: FastJob['job']) => void | Promise<void> = () => {},
): Promise<Map<string, Settled>> => {
  const settled = new Map<string, Settled>();
  const startMs = Date.now();
  const due = jobs.map(({ job, dueMs }) => ({ job, atMs: dueMs, tries: 0 }));
  try {
    while (due.length > 0) {
      due.sort((a, b) => a.atMs - b.atMs);
      const next = due.shift();
      if (!next) break;
      const { job, atMs } = next;
      const tries = next.tries + 1;
      await before(atMs, job);
      await rekey.doors.setClockAhead(Math.round(startMs + atMs - Date.now()));
      const answer = await rekey.deliver(job, tries);
      const delaySeconds = Number(/^retried in (\d+)$/.exec(answer)?.[1] ?? Number.NaN);
      if (answer === 'acked') settled.set(job.id, { atMs, tries, isDead: false });
      else if (Number.isNaN(delaySeconds)) throw new Error(`the queue door answered ${answer}`);
      else if (tries < MOST_TRIES) due.push({ job, atMs: atMs + delaySeconds * 1000, tries });
      else {
        await rekey.deliver(job, 1, 'rekey-mail-dead');
        settled.set(job.id, { atMs, tries, isDead: true });
      }
    }
  } finally {
    await rekey.doors.setClockAhead(0);
  }
  return settled;
};
