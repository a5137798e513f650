/**
 * That the bench works: a quick run of all of it, whose times are worth nothing and are not looked at. What no noise touches
 * is held here: the budgets of the bundle and of /login, Lighthouse's findings, and what more users cost.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { MAX_SCRIPT_BYTES, MAX_STYLE_BYTES } from '../browser/page-weight.ts';
import { note } from '../support/test-notes.ts';
import type { GrowthResult } from './growth.ts';
import type { LoadResult } from './load.ts';
import type { PagesResult } from './pages.ts';
import type { PeersResult } from './peers.ts';
import { quickPlaces, runBench, SECTION_NAMES } from './run.ts';
import { MAX_WORKER_GZIP_BYTES, type SizesResult } from './sizes.ts';

const places = quickPlaces();
const resultOf = <Result>(section: string): Result => JSON.parse(readFileSync(places.results, 'utf8'))[section].result;

beforeAll(async () => {
  await runBench(SECTION_NAMES, { quick: true, long: false, say: () => undefined }, places);
  note('The bench ran quickly: npm run bench takes figures that are worth something.');
}, 180_000);

test(`the Worker is at most ${MAX_WORKER_GZIP_BYTES / 1000} KB of gzip`, () => {
  const { rekey } = resultOf<SizesResult>('sizes');
  expect(rekey.gzip).toBeGreaterThan(0);
  expect(rekey.gzip, 'npx wrangler deploy --dry-run --outdir shows the bundle').toBeLessThanOrEqual(
    MAX_WORKER_GZIP_BYTES,
  );
});

test('/login is light, and Lighthouse finds nothing wrong with it', () => {
  const { weights, lighthouse } = resultOf<PagesResult>('pages');
  const login = weights.find(({ page }) => page === '/login')?.weight;
  expect(login?.script).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
  expect(login?.stylesheet).toBeLessThanOrEqual(MAX_STYLE_BYTES);
  expect(weights.filter(({ weight }) => weight.script === 0)).toEqual([]);
  // Performance is a matter of the machine, too.
  const { performance: _, ...scores } = lighthouse[0]?.scores ?? {};
  expect(scores).toEqual({ accessibility: 100, 'best-practices': 100, seo: 100 });
});

test('every operation is measured beside the floor', () => {
  const { rows } = resultOf<PeersResult>('peers');
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    expect([row.operation, row.overFloor.median > 0, row.rekeyMs.samples > 0]).toEqual([row.operation, true, true]);
  }
});

test('no answer under load is an error', () => {
  const { loads } = resultOf<LoadResult>('load');
  expect(loads.length).toBeGreaterThan(0);
  expect(loads.filter(({ errors, throughput }) => errors > 0 || throughput.median === 0)).toEqual([]);
});

test('no operation costs more where there are more users', () => {
  const { counted, timed } = resultOf<GrowthResult>('growth');
  expect(counted.length).toBeGreaterThan(20);
  expect(counted.filter(({ isFlat }) => !isFlat)).toEqual([]);
  expect(timed.filter(({ ms }) => ms.some(({ samples }) => samples === 0))).toEqual([]);
});

test('the report shows every section and its plots', () => {
  const report = readFileSync(places.document, 'utf8');
  expect(report.match(/^## /gm)).toHaveLength(SECTION_NAMES.length);
  for (const [, plot] of report.matchAll(/\(bench\/(.+\.svg)\)/g)) {
    expect(readFileSync(`${places.plots}/${plot}`, 'utf8')).toContain('<svg');
  }
});
