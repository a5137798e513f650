/** Many measurements said in four numbers. */

/** Of the same unit as the samples. `low` and `high` are the quartiles: half of the samples lie between them. */
export type Spread = Readonly<{ median: number; low: number; high: number; samples: number }>;

/** Rejects nothing: an outlier moves neither the median nor the quartiles. Throws where there is no sample. */
export const spreadOf = (samples: readonly number[]): Spread => {
  if (samples.length === 0) throw new Error('nothing was measured');
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    samples: sorted.length,
  };
};

/** Between two samples the straight line counts. */
const quantile = (sorted: readonly number[], part: number): number => {
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
};
