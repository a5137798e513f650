/**
 * Counters and times, for Workers Analytics Engine where METRICS is bound. One form for all data points, so that one table
 * in docs/operations.md tells the columns. Nothing of a person: no address, id, token, client or country.
 */
export type DataPoint = {
  /** The index, by which Analytics Engine samples, and `blob1`. */
  event: 'answer' | 'mail' | 'hash' | 'cleanup';
  /** `blob2`: the route, the job's kind, the lane or the part. Of our own words, never what somebody sent. */
  what: string;
  /** `blob3`: what became of it, as the log or the API names it. */
  outcome: string;
  /** `blob4`: the mail provider, or why a mail was dropped. */
  by?: string | undefined;
  /** `double1`: the answer's status, or which try of a mail it was. */
  number?: number;
  /** `double2`: how long it took. In a Worker the clock stands still but for waiting: computing counts for nothing. */
  ms: number;
};

export type Metrics = { write(point: DataPoint): void };

/** Null where nothing is bound: then nothing is measured. Writing waits for nothing and fails nothing. */
export const createMetrics = (
  dataset: AnalyticsEngineDataset | undefined,
  onFailure: (error: unknown) => void,
): Metrics | null =>
  dataset
    ? {
        write({ event, what, outcome, by = '', number = 0, ms }) {
          try {
            dataset.writeDataPoint({ indexes: [event], blobs: [event, what, outcome, by], doubles: [number, ms] });
          } catch (error) {
            onFailure(error);
          }
        },
      }
    : null;
