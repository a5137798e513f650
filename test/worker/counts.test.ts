/**
 * What each operation asks of the platform, with the work after its answer and the mail that it makes: what an operator pays
 * for, and what no noise touches. test/bench/counts.json holds what is accepted; docs/scale.md is computed from it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBreachList } from '../support/breach-list.ts';
import { countOperations, whenQuiet } from '../support/count-operations.ts';
import { type CountingRekey, startCountingRekey } from '../support/harness.ts';
import { insertUsers } from '../support/many-users.ts';
import { findScans } from '../support/query-plans.ts';

const ACCEPTED = new URL('../bench/counts.json', import.meta.url);
let rekey: CountingRekey;
let breachList: Awaited<ReturnType<typeof startBreachList>>;
beforeAll(async () => {
  breachList = await startBreachList('nobody takes this one');
  rekey = await startCountingRekey({ BREACH_API_URL: breachList.url });
  await insertUsers(rekey, 1, 10);
});
afterAll(async () => {
  await rekey.stop();
  await breachList.close();
});

const FIELDS = (operation: unknown) => JSON.stringify(operation ?? 'nothing');

test('no operation costs more than is accepted, or less without our knowing', async () => {
  const counts = await countOperations(rekey);
  if (process.env.REKEY_ACCEPT_COUNTS) writeFileSync(ACCEPTED, `${JSON.stringify(counts, null, 2)}\n`);
  const accepted = JSON.parse(readFileSync(ACCEPTED, 'utf8')) as typeof counts;
  const names = [...new Set([...Object.keys(accepted), ...Object.keys(counts)])];
  const changed = names.filter(name => FIELDS(accepted[name]) !== FIELDS(counts[name]));
  const table = changed.map(name => `${name}\n  was ${FIELDS(accepted[name])}\n  is  ${FIELDS(counts[name])}`);
  const hint = 'If this is meant: REKEY_ACCEPT_COUNTS=1 npm test -- worker, then npm run scale.';
  expect(changed, `${table.join('\n')}\n${hint}`).toEqual([]);
});

test('every statement that they and the cron have sent finds its rows by an index', async () => {
  const scanning = 'SELECT * FROM users WHERE browser_stamp = ?';
  expect(await findScans(rekey.env, [scanning])).toEqual({ [scanning]: ['SCAN users'] });
  await rekey.runCron();
  await whenQuiet(rekey);
  const queries = await rekey.doors.queries();
  expect(queries.length).toBeGreaterThan(50);
  expect(await findScans(rekey.env, queries)).toEqual({});
});
