/** One subject of the bench: how it is measured, and how its result is shown. test/bench/run.ts puts them together. */
import type { EChartsOption } from 'echarts';

export type BenchOptions = Readonly<{
  /** Small counts: to see within seconds that the bench works. Its figures are worth nothing. */
  quick: boolean;
  /** With what takes ten minutes by itself, too. */
  long: boolean;
  /** A line of progress for whoever waits. */
  say(line: string): void;
}>;

export type Plot = Readonly<{
  /** Of the SVG in docs/bench/, without the ending. */
  name: string;
  /** What it shows, for those who do not see it. */
  alt: string;
  option: EChartsOption;
}>;

/** `Result` is plain JSON: it is stored in results.json under the section's name, and shown from there. */
export type Section<Result> = Readonly<{
  name: string;
  title: string;
  measure(options: BenchOptions): Promise<Result>;
  /** Markdown: what was measured and the table, without the title and the plots. */
  describe(result: Result): string;
  plots(result: Result): Plot[];
}>;
