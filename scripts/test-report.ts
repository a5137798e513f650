/**
 * What the test runners' JSON reports say, as one shape. A runner that fails without naming a test, or runs none, counts
 * as one failure: silence is not success.
 */
import { relative } from 'node:path';
import * as v from 'valibot';

export type Tally = {
  /** `unit`, `worker`, `conformance` or `browser`. */
  readonly runner: string;
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  /** Passed only when tried again. */
  readonly flaky: readonly string[];
};

const vitestReport = v.object({
  testResults: v.array(
    v.object({
      name: v.string(),
      status: v.string(),
      assertionResults: v.array(v.object({ fullName: v.string(), status: v.string() })),
    }),
  ),
});

/** Reads vitest's report: one tally for each folder in test/. */
export function readVitestReport(text: string, folder: string): Tally[] {
  const files = v.parse(vitestReport, JSON.parse(text)).testResults.map(({ name, ...file }) => ({
    ...file,
    path: relative(folder, name),
  }));
  const byRunner = Map.groupBy(files, file => file.path.split(/[\\/]/)[1] ?? file.path);
  return [...byRunner].map(([runner, runnerFiles]) => {
    const tests = runnerFiles.flatMap(file =>
      file.assertionResults.map(test => ({ status: test.status, name: `${file.path}: ${test.fullName}` })),
    );
    const namesOf = (isWanted: (status: string) => boolean) =>
      tests.filter(test => isWanted(test.status)).map(test => test.name);
    // A file that cannot be loaded, or a hook that fails, leaves no failed test behind.
    const brokenFiles = runnerFiles
      .filter(file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'))
      .map(file => `${file.path}: the file failed as a whole`);
    return {
      runner,
      passed: namesOf(status => status === 'passed').length,
      failed: [...namesOf(status => status === 'failed'), ...brokenFiles],
      skipped: namesOf(status => status !== 'passed' && status !== 'failed'),
      flaky: [],
    };
  });
}

type PlaywrightSuite = {
  readonly title: string;
  readonly suites?: readonly PlaywrightSuite[] | undefined;
  readonly specs: readonly {
    readonly title: string;
    readonly file: string;
    readonly tests: readonly { readonly projectName: string; readonly status: string }[];
  }[];
};

const playwrightSuite: v.GenericSchema<PlaywrightSuite> = v.object({
  title: v.string(),
  suites: v.optional(v.array(v.lazy(() => playwrightSuite))),
  specs: v.array(
    v.object({
      title: v.string(),
      file: v.string(),
      tests: v.array(v.object({ projectName: v.string(), status: v.string() })),
    }),
  ),
});
const playwrightReport = v.object({ suites: v.array(playwrightSuite), errors: v.array(v.unknown()) });

/** Reads Playwright's report. A test is one for each project that it runs in. */
export function readPlaywrightReport(text: string): Tally {
  const report = v.parse(playwrightReport, JSON.parse(text));
  const tests = report.suites.flatMap(listTests);
  const namesOf = (status: string) => tests.filter(test => test.status === status).map(test => test.name);
  const flaky = namesOf('flaky');
  return {
    runner: 'browser',
    passed: namesOf('expected').length + flaky.length,
    failed: namesOf('unexpected'),
    skipped: namesOf('skipped'),
    flaky,
  };
}

const listTests = (suite: PlaywrightSuite): { name: string; status: string }[] => [
  ...suite.specs.flatMap(spec =>
    spec.tests.map(test => ({
      status: test.status,
      name: [test.projectName, spec.file, spec.title].filter(Boolean).join(': '),
    })),
  ),
  ...(suite.suites ?? []).flatMap(listTests),
];

/** The tallies of one runner, with a failure added where its end and its report do not agree. */
export function withHonestFailure(tallies: readonly Tally[], runner: string, ended: string): Tally[] {
  const failure = (why: string): Tally => ({
    runner,
    passed: 0,
    failed: [`${runner}: ${why}`],
    skipped: [],
    flaky: [],
  });
  const count = tallies.reduce((sum, tally) => sum + tally.passed + tally.failed.length, 0);
  const hasFailed = tallies.some(tally => tally.failed.length > 0);
  const shown = tallies.filter(tally => tally.passed + tally.failed.length + tally.skipped.length > 0);
  if (ended !== 'code 0' && !hasFailed) return [...shown, failure(`ended with ${ended}, though no test failed`)];
  if (count === 0) return [...shown, failure('ran no test')];
  return shown;
}

/** The table and, as its last line, the sum: `N passed, N failed`, with `, N skipped` when some were. */
export function summarize(tallies: readonly Tally[]): { lines: string[]; failed: number } {
  const sum = (count: (tally: Tally) => number) => tallies.reduce((total, tally) => total + count(tally), 0);
  const [passed, failed, skipped] = [
    sum(tally => tally.passed),
    sum(tally => tally.failed.length),
    sum(tally => tally.skipped.length),
  ];
  const row = (cells: readonly (string | number)[]) =>
    `  ${String(cells[0]).padEnd(13)}${cells
      .slice(1)
      .map(cell => String(cell).padStart(9))
      .join('')}`;
  const named = (title: string, pick: (tally: Tally) => readonly string[]) => {
    const names = tallies.flatMap(pick);
    return names.length === 0 ? [] : ['', `${title}:`, ...names.map(name => `  ${name}`)];
  };
  const lines = [
    row(['', 'passed', 'failed', 'skipped']),
    ...tallies.map(tally => row([tally.runner, tally.passed, tally.failed.length, tally.skipped.length])),
    ...named('Failed', tally => tally.failed),
    ...named('Skipped', tally => tally.skipped),
    ...named('Passed at the second try', tally => tally.flaky),
    '',
    `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  ];
  return { lines, failed };
}
