/** Times as other systems write them. */

const ISO = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d|[+-]\d\d)?$/;

/**
 * Milliseconds of a time that has been: ISO 8601, in UTC where it names no zone (a blank for the `T`, as databases write
 * it), or a number of seconds or milliseconds since the epoch. Null where it is empty, NaN where it is none.
 */
export const readTime = (text: string, nowMs: number): number | null => {
  if (text === '') return null;
  const ms = /^\d{9,13}$/.test(text) ? numberOf(text) : isoOf(text);
  return ms >= 0 && ms <= nowMs ? ms : Number.NaN;
};

/** Ten digits of milliseconds would be in the first months of 1970, before any of these systems. */
const numberOf = (text: string): number => Number(text) * (text.length > 10 ? 1 : 1000);

const isoOf = (text: string): number => {
  const [, time, , , zone] = ISO.exec(text) ?? [];
  if (!ISO.test(text)) return Number.NaN;
  const day = text.slice(0, 10);
  const ms = Date.parse(`${day}${(time ?? 'T00:00').replace(' ', 'T')}${zoneOf(zone)}`);
  // A 31st of February is taken for a day in March.
  return Number.isNaN(Date.parse(`${day}T00:00Z`)) ||
    !new Date(Date.parse(`${day}T00:00Z`)).toISOString().startsWith(day)
    ? Number.NaN
    : ms;
};

/** `+02` and `+0200` as `+02:00`. */
const zoneOf = (zone = 'Z'): string =>
  zone === 'Z' ? zone : zone.replace(/^(...):?(\d\d)?$/, (_, hours, minutes = '00') => `${hours}:${minutes}`);
