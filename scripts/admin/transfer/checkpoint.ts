/** How far an import came, so that one that was stopped goes on from there. One file for each import that is under way. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Counts } from './counts.ts';

export type Progress = {
  /** What the ids of rows without one are made from. */
  seed: string;
  counts: Counts;
  /** How long the report of refused rows was then. */
  reportBytes: number;
  /** Milliseconds for each cost of a hash, so that one cost is judged one way. */
  measured: Record<string, number>;
};

export type Checkpoint = { read(): Progress | null; write(progress: Progress): void; remove(): void };

export const createCheckpoint = (path: string): Checkpoint => ({
  read() {
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as Progress;
    } catch {
      return null;
    }
  },
  write(progress) {
    mkdirSync(dirname(path), { recursive: true });
    // Renamed, so that what stands there is whole whenever the process ends.
    writeFileSync(`${path}.new`, JSON.stringify(progress));
    renameSync(`${path}.new`, path);
  },
  remove() {
    rmSync(path, { force: true });
  },
});
