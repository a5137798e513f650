/** What the system says of the memory of the workerd that this process started: Linux tells it, others do not. */
import { readFileSync, writeFileSync } from 'node:fs';

/** The newest one's process id; null where the system does not tell. */
export const findWorkerd = (): string | null => {
  try {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
    return children.findLast(pid => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'workerd') ?? null;
  } catch {
    return null;
  }
};

/** MiB in memory now. */
export const residentMiB = (pid: string): number => statusMiB(pid, 'VmRSS');

/** By how many MiB it grew at most while the work was done. */
export const growthMiB = async (pid: string, work: () => Promise<unknown>): Promise<number> => {
  // The peak so far is forgotten: proc(5), clear_refs.
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const before = residentMiB(pid);
  await work();
  return statusMiB(pid, 'VmHWM') - before;
};

const statusMiB = (pid: string, field: string): number => {
  const kib = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kib) / 1024);
};
