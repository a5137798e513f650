/** A bar that fills in its place, on a terminal; elsewhere a line for each tenth. */
import { several } from '../told.ts';

const WIDTH = 30;
const REDRAW_MS = 100;

export type ProgressBar = { show(part: number, rows: number): void; end(): void };

/** `title` says what is done, `part` is 0 to 1. */
export const createProgressBar = (
  title: string,
  out: { isTTY?: boolean; write(text: string): unknown },
  now: () => number = performance.now.bind(performance),
): ProgressBar => {
  const startedAt = now();
  let drawnAt = Number.NEGATIVE_INFINITY;
  let tenths = 0;
  const said = (part: number, rows: number): string => {
    const seconds = (now() - startedAt) / 1000;
    const left = part > 0.02 && part < 1 ? `, ${Math.ceil((seconds / part) * (1 - part))} s left` : '';
    return `${String(Math.floor(part * 100)).padStart(3)} %  ${several(rows, 'row')}${left}`;
  };
  return {
    show(part, rows) {
      if (out.isTTY) {
        if (now() - drawnAt < REDRAW_MS && part < 1) return;
        drawnAt = now();
        const full = Math.round(part * WIDTH);
        out.write(`\r${title} [${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}] ${said(part, rows)}\u001B[K`);
      } else if (Math.floor(part * 10) > tenths) {
        tenths = Math.floor(part * 10);
        out.write(`${title} ${said(part, rows)}\n`);
      }
    },
    end() {
      if (out.isTTY) out.write('\n');
    },
  };
};
