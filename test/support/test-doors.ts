/**
 * The test entry's own calls, by HTTP. Miniflare's proxies for bindings and exports would do as well, but take ten times
 * as long, and block the caller's thread meanwhile, and with it the mailbox that the Worker sends to.
 */
import type { Sent } from './send-request.ts';

/** entries/test-worker.ts repeats it: its program knows no Node. */
const DOOR = '/api/test-door';

type Send = (path: string, sent: Sent) => Promise<Response>;
type CallDoor = (name: string, ...args: unknown[]) => Promise<unknown>;

/** Rejects with what the call throws. */
export const createDoorCaller =
  (send: Send): CallDoor =>
  async (name, ...args) => {
    const response = await send(DOOR, { method: 'POST', body: JSON.stringify({ name, args }) });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text === '' ? undefined : JSON.parse(text);
  };

/** Every call as a method. */
export const createDoors = <Doors extends object>(call: CallDoor): Doors =>
  new Proxy({} as Doors, {
    // Whoever awaits an object asks it for `then` first.
    get: (_, name) => (name === 'then' ? undefined : (...args: unknown[]) => call(String(name), ...args)),
  });

type Row = Record<string, unknown>;
export type Result<Found> = { results: Found[]; success: boolean; meta: Record<string, unknown> };

export type Statement = {
  readonly sql: string;
  readonly params: readonly unknown[];
  bind(...params: unknown[]): Statement;
  all<Found = Row>(): Promise<Result<Found>>;
  run<Found = Row>(): Promise<Result<Found>>;
  /** Of the first row everything, or what stands in a column. */
  first<Found = Row>(column?: string): Promise<Found | null>;
  /** Each row as its values, in the order of the columns; no two of them may have one name. */
  raw(): Promise<unknown[][]>;
};

/** As much of D1's API as tests need. */
export const createDatabase = (call: CallDoor) => {
  const ask = (statements: readonly Statement[]) =>
    call(
      'askDatabase',
      statements.map(({ sql, params }) => ({ sql, params })),
    );
  const prepare = (sql: string, params: readonly unknown[] = []): Statement => {
    const all = async <Found>() => {
      const [result] = (await ask([statement])) as [Result<Found>];
      return result;
    };
    const statement: Statement = {
      sql,
      params,
      bind: (...bound) => prepare(sql, bound),
      all,
      run: all,
      first: async <Found>(column?: string) => {
        const [row] = (await all<Row>()).results;
        return ((column === undefined ? row : row?.[column]) ?? null) as Found | null;
      },
      raw: async () => (await all<Row>()).results.map(row => Object.values(row)),
    };
    return statement;
  };
  return {
    prepare: (sql: string): Statement => prepare(sql),
    /** All of them or none. */
    batch: <Found = Row>(statements: readonly Statement[]) => ask(statements) as Promise<Result<Found>[]>,
    exec: (sql: string) => prepare(sql).run(),
  };
};

/** The hashing objects, each by its name. */
export const createHasher = (call: CallDoor) => ({
  getByName: (name: string) => ({
    hash: (...args: unknown[]) => call('askHasher', name, 'hash', args),
    verify: (...args: unknown[]) => call('askHasher', name, 'verify', args),
  }),
});
