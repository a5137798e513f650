/** From the counts to the document and its plot: the whole way of `npm run scale`, without the writing. */
import { fileURLToPath } from 'node:url';
import { renderPlot } from '../plot.ts';
import { blocksOf, fillIn } from './blocks.ts';
import { costPlot } from './cost-plot.ts';
import type { Given } from './load.ts';
import { type Counts, pickCounts } from './operations.ts';
import { readOwnLimits } from './own-limits.ts';
import { measureRowBytes } from './row-bytes.ts';
import { ASSUMED, USE } from './use.ts';

const fileOf = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
export const COUNTS = fileOf('test/bench/counts.json');
export const SCALE_DOCUMENT = fileOf('docs/scale.md');
export const COST_PLOT = fileOf('docs/scale-cost.svg');

/** The document as it should be, with the prose of the given one. */
export const computeScale = (
  document: string,
  counted: Readonly<Record<string, Counts>>,
): { document: string; plot: string } => {
  const given: Given = { counts: pickCounts(counted), use: USE, assumed: ASSUMED, rowBytes: measureRowBytes() };
  return { document: fillIn(document, blocksOf(given, readOwnLimits())), plot: renderPlot(costPlot(given)) };
};
