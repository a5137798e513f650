/** The report of an import: every row that was refused, with its line and why. Beside the file, for its owner's eyes. */
import { appendFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { AdminError } from '../admin-error.ts';
import { csvLine } from './user-columns.ts';

export type Refusal = { line: number; email: string; reasons: readonly string[] };

export type RefusalReport = {
  path: string;
  add(refusals: readonly Refusal[]): void;
  bytes(): number;
  /** Back to an earlier length: what was reported after it is reported again. */
  cutTo(bytes: number): void;
  removeIfEmpty(): void;
};

const HEADER = csvLine(['line', 'email', 'reason']);

export const createRefusalReport = (path: string): RefusalReport => {
  const bytes = () => statSync(path).size;
  return {
    path,
    bytes,
    add(refusals) {
      const lines = [...refusals]
        .sort((a, b) => a.line - b.line)
        .map(({ line, email, reasons }) => csvLine([String(line), email, reasons.join('; ')]));
      if (lines.length > 0) appendFileSync(path, lines.join(''));
    },
    cutTo(length) {
      try {
        if (length > HEADER.length && bytes() >= length) return truncateSync(path, length);
        // Made anew: one that somebody else may read, or a link that leads elsewhere, is not written into.
        rmSync(path, { force: true });
        writeFileSync(path, HEADER, { mode: 0o600, flag: 'wx' });
      } catch (error) {
        throw new AdminError(`The report ${path} cannot be written: ${(error as Error).message}`);
      }
    },
    removeIfEmpty() {
      if (bytes() <= HEADER.length) rmSync(path);
    },
  };
};
