/** Figures as people read them: three digits of which something is known, and a word for what they are many of. */

const STEPS: readonly [from: number, word: string][] = [
  [1e12, 'trillion'],
  [1e9, 'billion'],
  [1e6, 'million'],
];

const DIGITS = 3;
const plain = (value: number) => value.toLocaleString('en-US', { maximumSignificantDigits: DIGITS });

/** `1,230`, `45.6 million`. */
export const figure = (value: number): string => {
  const rounded = Number(value.toPrecision(DIGITS));
  const step = STEPS.find(([from]) => rounded >= from);
  return step ? `${plain(rounded / step[0])} ${step[1]}` : plain(rounded);
};

/** Of a hundred: `0.4 %`, `33 %`. */
export const percent = (share: number): string =>
  `${(share * 100).toLocaleString('en-US', { maximumSignificantDigits: 2 })} %`;

/** Whole dollars from ten on. */
export const dollars = (usd: number): string => {
  if (usd === 0) return '0';
  return usd < 10 ? usd.toFixed(2) : figure(Math.round(usd));
};

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, place) => (place === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
};

export const wordTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  table(head, rows).replaceAll('---:', '---');
