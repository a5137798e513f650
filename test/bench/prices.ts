/**
 * Cloudflare's price list for the Workers Paid plan, as far as Rekey is billed by it: the only place where the bench has
 * a price. Looked up in Cloudflare's documentation on the day of PRICES_SEEN_ON; each price says on which page.
 */

export const PRICES_SEEN_ON = '2026-11-23';

export type Price = Readonly<{
  /** What is counted. */
  unit: string;
  /** `usd` is the price of so many of them, past those that are included. */
  per: number;
  usd: number;
  /** How many of them the plan's own price covers a month. */
  included: number;
  source: string;
}>;

const WORKERS = 'https://developers.cloudflare.com/workers/platform/pricing/';
const DURABLE_OBJECTS = 'https://developers.cloudflare.com/durable-objects/platform/pricing/';
const D1 = 'https://developers.cloudflare.com/d1/platform/pricing/';
const QUEUES = 'https://developers.cloudflare.com/queues/platform/pricing/';

const MILLION = 1_000_000;

export const PRICES = Object.freeze({
  plan: { unit: 'month', per: 1, usd: 5, included: 0, source: WORKERS },
  workersRequests: { unit: 'request', per: MILLION, usd: 0.3, included: 10 * MILLION, source: WORKERS },
  workersCpu: { unit: 'CPU ms', per: MILLION, usd: 0.02, included: 30 * MILLION, source: WORKERS },
  /** Each call by RPC is one. */
  durableObjectsRequests: { unit: 'request', per: MILLION, usd: 0.15, included: MILLION, source: DURABLE_OBJECTS },
  /** Time by the wall, once for all requests that an object works on at a time; CPU time is not billed beside it. */
  durableObjectsDuration: { unit: 'GB-s', per: MILLION, usd: 12.5, included: 400_000, source: DURABLE_OBJECTS },
  d1RowsRead: { unit: 'row', per: MILLION, usd: 0.001, included: 25_000 * MILLION, source: D1 },
  d1RowsWritten: { unit: 'row', per: MILLION, usd: 1, included: 50 * MILLION, source: D1 },
  d1Storage: { unit: 'GB-month', per: 1, usd: 0.75, included: 5, source: D1 },
  /** 64 KB that are written, read or deleted: a message that arrives at the first try takes three. */
  queuesOperations: { unit: 'operation', per: MILLION, usd: 0.4, included: MILLION, source: QUEUES },
} as const satisfies Record<string, Price>);

/** What a Durable Object is billed for whatever it uses: 128 MB. A GB is 1000 MB on this list. */
export const DURABLE_OBJECT_GB = 0.128;

/** What so much costs, with nothing of it included. */
export const usdFor = ({ per, usd }: Price, amount: number): number => (amount / per) * usd;
