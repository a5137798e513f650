/** What a verb answers, and how it is set out for people. */

/** The same twice: for programs (`--json`), and for people. `hasFailed`: the command ends with code 1. */
export type Told = { facts: unknown; text: string; hasFailed?: boolean };

export const iso = (ms: number): string => new Date(ms).toISOString();

/** To the second, in UTC: as the log and the provider's pages have it. */
export const said = (ms: number): string =>
  iso(ms)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');

/** Names and values in two columns. */
export const lines = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
};

/** `100,000 rows`, `1 row`. */
export const several = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
