/**
 * The log: one JSON line an event. It may name users, jobs and requests by their ids and never holds an address, a token,
 * a password, a hash, a cookie or a setting's value. Of a foreign error only its class is taken: messages hold parameters.
 */

type Level = 'info' | 'warn' | 'error';
type Fields = Record<string, string | number | boolean | null | readonly string[]>;

export const log = (level: Level, event: string, fields: Fields = {}): void => {
  console[level](JSON.stringify({ level, event, ...fields }));
};

/** What of a thrown value may stand in the log: its class, and its chain of causes by class. */
export const errorClasses = (thrown: unknown): string => {
  const classes: string[] = [];
  for (let at = thrown; at instanceof Error && classes.length < 5; at = at.cause) {
    classes.push(at.constructor.name);
  }
  return classes.join(' < ') || typeof thrown;
};
