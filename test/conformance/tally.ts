/** A conformance report as one of the test runners' tallies. Only what held passed; what deviates is told, not counted. */
import * as v from 'valibot';
import type { Tally } from '../../scripts/test-report.ts';

const conformanceReport = v.object({
  rows: v.array(v.object({ id: v.string(), status: v.string(), evidence: v.optional(v.string()) })),
});

const rowsOf = (text: string) => v.parse(conformanceReport, JSON.parse(text)).rows;

export function readConformanceReport(text: string): Tally {
  const rows = rowsOf(text);
  const failed = rows.filter(({ status }) => status === 'failed');
  return {
    runner: 'conformance',
    passed: rows.filter(({ status }) => status === 'held').length,
    failed: failed.map(({ id, evidence = '' }) => `conformance: ${id}: ${evidence}`),
    skipped: [],
    flaky: [],
  };
}

/** One line about the rows that neither passed nor failed; empty where there are none. */
export function noteOfConformance(text: string): string {
  const rows = rowsOf(text);
  const others = ['deviates', 'not applicable', 'not tested']
    .map(status => [rows.filter(row => row.status === status).length, status] as const)
    .filter(([count]) => count > 0)
    .map(([count, status]) => `${count} ${status}`);
  return others.length > 0
    ? `conformance: of ${rows.length} rows ${others.join(', ')} (docs/conformance/rekey.md)`
    : '';
}
