/** D1 as it is; `hear` is told the text of each statement that is prepared. */
export const hearingQueries = (db: D1Database, hear: (query: string) => void): D1Database =>
  new Proxy(db, {
    get(_, key) {
      const value: unknown = Reflect.get(db, key);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        if (key === 'prepare') hear(String(given[0]));
        return Reflect.apply(value, db, given);
      };
    },
  });
