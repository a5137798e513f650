/** The report of a run: JSON for programs, Markdown for people. */
import { STANDARDS, type Status } from './check.ts';
import { countOf, type Row } from './run.ts';

export type Report = {
  system: string;
  version: string;
  driver: string;
  /** How the system was set up; empty where nothing is to be said. */
  setUp: string;
  /** ISO 8601, UTC. */
  testedAt: string;
  durationSeconds: number;
  counts: Record<Status, number>;
  rows: readonly Row[];
};

export const STATUSES: readonly Status[] = ['held', 'failed', 'deviates', 'not applicable', 'not tested'];

export const countsOf = (rows: readonly Row[]): Record<Status, number> =>
  Object.fromEntries(STATUSES.map(status => [status, countOf(rows, status)])) as Record<Status, number>;

export const toJson = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`;

const MARKS: Record<Status, string> = {
  held: 'held',
  failed: '**failed**',
  deviates: '*deviates*',
  'not applicable': 'not applicable',
  'not tested': 'not tested',
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] => [
  line(head),
  line(head.map(() => '---')),
  ...rows.map(line),
];

const seen = ({ evidence = '', reason }: Row): string =>
  [reason && cell(reason), evidence && `${reason ? 'Seen: ' : ''}${cell(evidence)}`].filter(Boolean).join(' ');

const told = (rows: readonly Row[], title: string, status: Status): string[] => {
  const some = rows.filter(row => row.status === status);
  if (some.length === 0) return [];
  return [
    '',
    `## ${title}`,
    '',
    ...some.map(
      row => `- **${row.id}**: ${cell(row.requirement)} *${status === 'failed' ? 'Seen' : 'Why not'}:* ${seen(row)}`,
    ),
  ];
};

export const toMarkdown = (report: Report): string => {
  const { rows, counts } = report;
  const sections = STANDARDS.flatMap(standard => {
    const own = rows.filter(row => row.standard === standard);
    if (own.length === 0) return [];
    const hasLevels = own.some(({ level }) => level);
    const head = ['row', ...(hasLevels ? ['level'] : []), 'what it asks for', 'verdict', 'what was seen, or why'];
    const cells = own.map(row => [
      row.id.replace(/^(ASVS|NIST|OWASP|WCAG) /, ''),
      ...(hasLevels ? [row.level ?? ''] : []),
      cell(row.requirement),
      MARKS[row.status],
      seen(row),
    ]);
    return ['', `## ${standard}`, '', ...table(head, cells)];
  });
  const summary = STANDARDS.map(standard => {
    const own = rows.filter(row => row.standard === standard);
    return [standard, ...STATUSES.map(status => countOf(own, status)), own.length];
  });
  return `${[
    `# ${report.system} ${report.version} against the standards`,
    '',
    `Tested on ${report.testedAt.slice(0, 10)} in ${report.durationSeconds} s, from outside: over HTTP and in Chromium, row by row. ` +
      `Of ${rows.length} rows ${counts.held} held, ${counts.failed} failed, ${counts.deviates} deviate on purpose, ` +
      `${counts['not applicable']} are about things that it does not have, and ${counts['not tested']} could not be tested this way.`,
    ...(report.setUp ? ['', report.setUp] : []),
    '',
    'Run it yourself:',
    '',
    '```',
    `npm run conformance${report.driver === 'rekey' ? '' : ` -- --driver ${report.driver}`}`,
    '```',
    '',
    'The requirements are in our words; the standards themselves have the last one. Labels of the OWASP cheat sheets are',
    'ours, since the sheets have no numbers (FP: Forgot Password, PS: Password Storage, AU: Authentication).',
    '',
    ...table(
      ['', ...STATUSES, 'rows'],
      [...summary, ['**all**', ...STATUSES.map(status => `**${counts[status]}**`), `**${rows.length}**`]],
    ),
    ...told(rows, 'What failed', 'failed'),
    ...told(rows, 'What is otherwise on purpose', 'deviates'),
    ...sections,
  ].join('\n')}\n`;
};
