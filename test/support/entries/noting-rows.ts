/** D1 as it is, which also says what each statement has read and written (`meta.rows_read`, `meta.rows_written`). */

type Note = (rows: { rows_read: number; rows_written: number }) => void;

const statements = new WeakMap<D1PreparedStatement, D1PreparedStatement>();

export const notingRows = (db: D1Database, note: Note): D1Database =>
  new Proxy(db, {
    get(_, key) {
      if (key === 'prepare') {
        return (query: string) => notingStatement(db.prepare(query), query, note);
      }
      if (key === 'batch') {
        return async (given: D1PreparedStatement[]) => {
          const results = await db.batch(given.map(one => statements.get(one) ?? one));
          for (const { meta } of results) note(meta);
          return results;
        };
      }
      const value: unknown = Reflect.get(db, key);
      return typeof value === 'function' ? value.bind(db) : value;
    },
  });

const notingStatement = (statement: D1PreparedStatement, query: string, note: Note): D1PreparedStatement => {
  const all = async () => {
    const result = await statement.all<Record<string, unknown>>();
    note(result.meta);
    return result;
  };
  const proxy = new Proxy(statement, {
    get(_, key) {
      if (key === 'bind') return (...values: unknown[]) => notingStatement(statement.bind(...values), query, note);
      if (key === 'all' || key === 'run') return all;
      // `raw` says nothing of what it read: a query is asked a second time, a change once and by name.
      if (key === 'raw') {
        return async () => {
          const { results } = await all();
          return /^\s*select/i.test(query) ? statement.raw() : results.map(row => Object.values(row));
        };
      }
      const value: unknown = Reflect.get(statement, key);
      return typeof value === 'function' ? value.bind(statement) : value;
    },
  });
  statements.set(proxy, statement);
  return proxy;
};
