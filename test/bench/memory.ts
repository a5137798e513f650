/** What is left in memory while requests come and go: it must not grow with them. */
import { hit } from './load.ts';
import { findWorkerd, residentMiB } from './process-memory.ts';
import type { BenchOptions, Section } from './section.ts';
import { DEPLOYED_COST, prepareScene } from './servers/scene.ts';
import { startServers } from './servers/workers.ts';
import { spreadOf } from './spread.ts';

/** Of workerd with all the servers in it; null where the system does not tell (no /proc). */
export type MemoryResult = {
  minutes: number;
  requests: number;
  /** The second fifth's: the first warms up, and what it fills is filled once. */
  startMiB: number;
  /** The last fifth's. */
  endMiB: number;
  samplesMiB: number[];
} | null;

const LOOKS = 20;

/** Who-am-I with and without a cookie and askings for resets, all at once. */
const measure = async ({ quick, long, say }: BenchOptions): Promise<MemoryResult> => {
  const minutes = long ? 10 : quick ? 0.02 : 0.25;
  const seconds = Math.max(1, Math.round(minutes * 60));
  const servers = await startServers(DEPLOYED_COST);
  const pid = findWorkerd();
  let sampling: ReturnType<typeof setInterval> | undefined;
  try {
    if (pid === null) return null;
    const scene = await prepareScene(servers);
    say('memory: a mixed load');
    const samplesMiB = [residentMiB(pid)];
    const look = () => {
      samplesMiB.push(residentMiB(pid));
      if (long) say(`memory: ${samplesMiB.length - 1} of ${LOOKS} looks: ${samplesMiB.at(-1)} MiB`);
    };
    sampling = setInterval(look, (seconds * 1000) / LOOKS);
    const mixed = [scene.whoAmI, scene.askResetUnlimited, scene.whoAmINobody];
    const results = await Promise.all(mixed.map(call => hit(servers, call, 5, seconds)));
    const requests = results.reduce((sum, { requests }) => sum + requests.total, 0);
    const fifth = Math.max(1, Math.floor(samplesMiB.length / 5));
    const startMiB = spreadOf(samplesMiB.slice(fifth, 2 * fifth + 1)).median;
    return { minutes, requests, startMiB, endMiB: spreadOf(samplesMiB.slice(-fifth)).median, samplesMiB };
  } finally {
    clearInterval(sampling);
    await servers.stop();
  }
};

export const memory: Section<MemoryResult> = {
  name: 'memory',
  title: 'In memory',
  measure,
  describe: result =>
    result
      ? `Of workerd with Rekey, the floor and better-auth in it, after ${result.requests} mixed requests in ${result.minutes} minutes: ` +
        `${result.endMiB} MiB, after the first fifth of the time ${result.startMiB} MiB.`
      : 'Not measured: this system does not tell it.',
  plots: () => [],
};
