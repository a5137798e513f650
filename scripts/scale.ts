/**
 * `npm run scale`: what Rekey asks of the platform and costs at 10 thousand, 1 million and 50 million users, computed from
 * what the bench counted, into the marked places of docs/scale.md and docs/scale-cost.svg. The prose there stays.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { COST_PLOT, COUNTS, computeScale, SCALE_DOCUMENT } from '../test/bench/scale/compute.ts';

const counted = JSON.parse(readFileSync(COUNTS, 'utf8'));
const { document, plot } = computeScale(readFileSync(SCALE_DOCUMENT, 'utf8'), counted);
writeFileSync(SCALE_DOCUMENT, document);
writeFileSync(COST_PLOT, plot);
console.log('docs/scale.md and docs/scale-cost.svg are written.');
