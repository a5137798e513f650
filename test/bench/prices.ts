/** List prices of the Workers Paid plan in US dollars, as they were read in 2026-11; from December 2026 on for the logs. */

export type Price = Readonly<{
  /** So many units cost `usd`. */
  per: number;
  usd: number;
  /** Units a month that the plan has already. */
  included: number;
  source: string;
}>;

const DOCS = 'https://developers.cloudflare.com';
const MILLION = 1_000_000;

export const PRICES = {
  plan: { per: 1, usd: 5, included: 0, source: `${DOCS}/workers/platform/pricing/` },
  workerRequests: { per: MILLION, usd: 0.3, included: 10 * MILLION, source: `${DOCS}/workers/platform/pricing/` },
  workerCpuMs: { per: MILLION, usd: 0.02, included: 30 * MILLION, source: `${DOCS}/workers/platform/pricing/` },
  d1RowsRead: { per: MILLION, usd: 0.001, included: 25_000 * MILLION, source: `${DOCS}/d1/platform/pricing/` },
  d1RowsWritten: { per: MILLION, usd: 1, included: 50 * MILLION, source: `${DOCS}/d1/platform/pricing/` },
  d1StorageGb: { per: 1, usd: 0.75, included: 5, source: `${DOCS}/d1/platform/pricing/` },
  queueOperations: { per: MILLION, usd: 0.4, included: MILLION, source: `${DOCS}/queues/platform/pricing/` },
  objectRequests: { per: MILLION, usd: 0.15, included: MILLION, source: `${DOCS}/durable-objects/platform/pricing/` },
  objectGbSeconds: { per: MILLION, usd: 12.5, included: 400_000, source: `${DOCS}/durable-objects/platform/pricing/` },
  logGb: { per: 1, usd: 0.25, included: 50, source: `${DOCS}/observability/pricing/` },
  logStorageGb: { per: 1, usd: 0.1, included: 12, source: `${DOCS}/observability/pricing/` },
  /** Of Cloudflare's own Email Service. */
  mails: { per: 1000, usd: 0.35, included: 3000, source: `${DOCS}/email-service/platform/pricing/` },
} as const satisfies Readonly<Record<string, Price>>;
