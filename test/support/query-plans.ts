/** How the database finds the rows of a statement, by its own account (`EXPLAIN QUERY PLAN`). */
import type { Rekey } from './harness.ts';

type Plan = { detail: string };

/** A constant row, a list that came as a parameter and a subquery of our own are no tables. */
const isScanOfTable = ({ detail }: Plan) =>
  /^SCAN /.test(detail) && !/^SCAN (CONSTANT ROW|json_each|\(|\d)/.test(detail);

/** Of these statements those that go through all of a table, with the lines of their plans that say so. */
export const findScans = async (
  { DB }: Rekey['env'],
  queries: readonly string[],
): Promise<Record<string, string[]>> => {
  const explaining = queries.map(query => {
    const nothing = Array.from({ length: query.split('?').length - 1 }, () => null);
    return DB.prepare(`EXPLAIN QUERY PLAN ${query}`).bind(...nothing);
  });
  const plans = explaining.length > 0 ? await DB.batch<Plan>(explaining) : [];
  const scans = plans.map(({ results }, at) => [queries[at] ?? '', results.filter(isScanOfTable)] as const);
  return Object.fromEntries(
    scans.filter(([, found]) => found.length > 0).map(([query, found]) => [query, found.map(({ detail }) => detail)]),
  );
};
