/**
 * A Date that can be ahead of the real one, in this isolate only. better-auth takes no clock, but it and jose ask nothing
 * else than Date, so the whole of it moves: tokens, sessions, counters.
 */
let aheadMs = 0;

const RealDate = Date;
const now = (): number => RealDate.now() + aheadMs;

// A proxy rather than a class of its own: dates that the platform makes are still instances of it.
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: unknown[], asked) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, asked),
  apply: () => new Date().toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});

/** So many milliseconds ahead of the real one. */
export const setClockAhead = (ms: number): void => {
  aheadMs = ms;
};
