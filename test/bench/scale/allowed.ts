/** What the platform allows, each figure with the page that says so. Those that are computed with have a name. */

export const ALLOWED = Object.freeze({
  databaseBytes: 10e9,
  accountBytes: 1e12,
  queueMessagesPerSecond: 5000,
  queueConsumers: 250,
});

export const FREE = Object.freeze({
  requestsPerDay: 100_000,
  rowsReadPerDay: 5_000_000,
  rowsWrittenPerDay: 100_000,
  databaseMegabytes: 500,
  queueOperationsPerDay: 10_000,
  objectRequestsPerDay: 100_000,
  objectGbSecondsPerDay: 13_000,
});

const DOCS = 'https://developers.cloudflare.com';
/** The month in which the pages were read. */
export const READ_IN = '2026-11';

/** `page` null: from memory of the documentation. */
export type Allowance = Readonly<{ part: string; what: string; allowed: string; page: string | null }>;

export const ALLOWANCES: readonly Allowance[] = [
  {
    part: 'D1',
    what: 'size of a database',
    allowed: '10 GB on the Paid plan, 500 MB on the Free plan; it cannot be raised',
    page: `${DOCS}/d1/platform/limits/`,
  },
  {
    part: 'D1',
    what: 'throughput of a database',
    allowed:
      'one thread, one query at a time: 1,000 a second at 1 ms each, 10 at 100 ms; past that queries queue, then fail as "overloaded"',
    page: `${DOCS}/d1/platform/limits/`,
  },
  {
    part: 'D1',
    what: 'time of a query',
    allowed: 'a read by index less than 1 ms, a write several; 30 s at most',
    page: `${DOCS}/d1/platform/limits/`,
  },
  {
    part: 'D1',
    what: 'databases',
    allowed: '50,000 in an account, about 5,000 bound to one Worker, 1 TB in all (raised on request)',
    page: `${DOCS}/d1/platform/limits/`,
  },
  {
    part: 'D1',
    what: 'queries of one invocation',
    allowed: '1,000 on the Paid plan, 50 on the Free plan; 6 connections at once; 100 parameters each',
    page: `${DOCS}/d1/platform/limits/`,
  },
  {
    part: 'D1',
    what: 'read replicas',
    allowed:
      'through the Sessions API alone, a beta; replicas lag by any time, all writes go to the primary; no charge of their own',
    page: `${DOCS}/d1/best-practices/read-replication/`,
  },
  {
    part: 'D1',
    what: 'what counts as a row written',
    allowed: 'the row, and one more for each index that it stands in',
    page: `${DOCS}/d1/platform/pricing/`,
  },
  {
    part: 'Queues',
    what: 'throughput of a queue',
    allowed: '5,000 messages a second, then `send()` throws; 25 GB of backlog',
    page: `${DOCS}/queues/platform/limits/`,
  },
  {
    part: 'Queues',
    what: 'a message',
    allowed: '128 KB; kept 4 days, up to 14 by setting; 100 tries at most',
    page: `${DOCS}/queues/platform/limits/`,
  },
  {
    part: 'Queues',
    what: 'consumers',
    allowed: '250 invocations at once, 100 messages a batch, 15 minutes each; they grow by themselves',
    page: `${DOCS}/queues/platform/limits/`,
  },
  {
    part: 'Durable Objects',
    what: 'throughput of an object',
    allowed: 'one thread; about 1,000 requests a second (soft)',
    page: `${DOCS}/durable-objects/platform/limits/`,
  },
  {
    part: 'Durable Objects',
    what: 'CPU of a request',
    allowed: '30 s, up to 5 minutes by setting',
    page: `${DOCS}/durable-objects/platform/limits/`,
  },
  {
    part: 'Durable Objects',
    what: 'objects',
    allowed: 'any number; each is billed as 128 MB while it works',
    page: `${DOCS}/durable-objects/platform/pricing/`,
  },
  {
    part: 'Workers',
    what: 'requests',
    allowed: 'any number on the Paid plan, 100,000 a day on the Free plan',
    page: `${DOCS}/workers/platform/limits/`,
  },
  {
    part: 'Workers',
    what: 'an isolate, a request',
    allowed: '128 MB; CPU 30 s, up to 5 minutes by setting (10 ms on the Free plan); 6 connections at once',
    page: `${DOCS}/workers/platform/limits/`,
  },
  {
    part: 'Static assets',
    what: 'requests',
    allowed: 'free and unlimited',
    page: `${DOCS}/workers/static-assets/billing-and-limitations/`,
  },
  {
    part: 'Rate limiter',
    what: 'a limit',
    allowed:
      'for each key and Cloudflare location; a period of 10 or 60 s; eventually consistent, permissive, no ledger',
    page: `${DOCS}/workers/runtime-apis/bindings/rate-limit/`,
  },
  {
    part: 'Rate limiter',
    what: 'a price',
    allowed: 'none is said',
    page: null,
  },
  {
    part: 'Hyperdrive',
    what: 'connections to the database behind it',
    allowed: 'about 100 for each configuration on the Paid plan, 20 on the Free plan; a statement 60 s at most',
    page: `${DOCS}/hyperdrive/platform/limits/`,
  },
  {
    part: 'Hyperdrive',
    what: 'a price',
    allowed: 'none on the Paid plan; the Postgres is paid where it runs',
    page: `${DOCS}/workers/platform/pricing/`,
  },
  {
    part: 'Hyperdrive',
    what: 'its cache of queries',
    allowed: 'on by itself for what only reads; can be switched off',
    page: `${DOCS}/hyperdrive/concepts/query-caching/`,
  },
  {
    part: 'Workers Logs',
    what: 'a day',
    allowed: '5 billion events in an account, then one in a hundred is kept',
    page: `${DOCS}/workers/observability/logs/workers-logs/`,
  },
];
