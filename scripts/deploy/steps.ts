/** How a deployment says what it does: a line a step. A dry run says it and does nothing. */

export type Steps = {
  isDryRun: boolean;
  say(line: string): void;
  /** Something that changes, in a sentence, and as a person would type it. */
  change(what: string, typed: string, run: () => unknown): Promise<void>;
};

export const createSteps = (say: (line: string) => void, isDryRun: boolean): Steps => ({
  isDryRun,
  say,
  async change(what, typed, run) {
    say(isDryRun ? `Would ${what.charAt(0).toLowerCase()}${what.slice(1)}: ${typed}` : what);
    if (!isDryRun) await run();
  },
});
