/**
 * `npm run bench`: measures Rekey beside the floor and beside better-auth, and writes test/bench/results.json, docs/bench.md
 * and README's plots. `-- --quick` only shows that the bench works; `-- --long` watches memory for ten minutes; `-- peers` runs some.
 */
import { parseArgs } from 'node:util';
import { PLACES, quickPlaces, runBench, SECTION_NAMES } from '../test/bench/run.ts';

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, long: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const unknown = positionals.filter(name => !SECTION_NAMES.includes(name));
if (unknown.length > 0) {
  console.error(`The bench has no ${unknown.join(', ')}. Choose from ${SECTION_NAMES.join(', ')}.`);
  process.exit(1);
}
const names = positionals.length > 0 ? positionals : SECTION_NAMES;
await runBench(names, { ...values, say: line => console.log(line) }, values.quick ? quickPlaces() : PLACES);
process.exit(0);
