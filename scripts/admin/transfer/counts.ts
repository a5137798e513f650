/** What became of an import's rows. */

export type Counts = {
  /** That are settled, from the first on. */
  rows: number;
  /** Came in, or would. */
  imported: number;
  /** Under their own id and address: from an earlier import of the same users. */
  hereAlready: number;
  refused: number;
  /** Of those that came in: whoever cannot sign in before a reset. */
  needReset: number;
  /** By the cost of their hashes; `none` for those without one. */
  hashes: Record<string, number>;
};

export const noCounts = (): Counts => ({ rows: 0, imported: 0, hereAlready: 0, refused: 0, needReset: 0, hashes: {} });
