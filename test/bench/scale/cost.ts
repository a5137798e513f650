/** What a month costs, line by line, at the list prices of the Workers Paid plan (test/bench/prices.ts). */
import { PRICES } from '../prices.ts';
import { type Load, MONTH_DAYS } from './load.ts';
import type { Assumed } from './use.ts';

type PriceName = keyof typeof PRICES;

const GB = 1e9;
/** Of Workers Logs. */
const LOG_DAYS = 7;

/** `amount` is in the price's own unit. */
type Line = { name: string; price: PriceName; amount: number; usd: number };

/** Of a month. What the plan includes is not billed. */
const priceOf = (price: PriceName, amount: number): number => {
  const { per, usd, included } = PRICES[price];
  return (Math.max(0, amount - included) / per) * usd;
};

export const costOf = (load: Load, assumed: Assumed): { lines: Line[]; usd: number; mailUsd: number } => {
  const line = (name: string, price: PriceName, amount: number): Line => ({
    name,
    price,
    amount,
    usd: priceOf(price, amount),
  });
  const month = (perDay: number) => perDay * MONTH_DAYS;
  const logGb = (month(load.logEvents) * assumed.logEventBytes) / GB;
  const lines = [
    line('Workers Paid, the plan', 'plan', 1),
    line('Worker: requests and batches of mails', 'workerRequests', month(load.invocations)),
    line('Worker: CPU milliseconds', 'workerCpuMs', month(load.cpuMs)),
    line('D1: rows read', 'd1RowsRead', month(load.rowsRead)),
    line('D1: rows written', 'd1RowsWritten', month(load.rowsWritten)),
    line('D1: GB stored', 'd1StorageGb', load.bytes / GB),
    line('Queues: operations', 'queueOperations', month(load.queueOperations)),
    line('Durable Objects: requests', 'objectRequests', month(load.allHashes)),
    line('Durable Objects: GB-seconds', 'objectGbSeconds', month(load.objectGbSeconds)),
    line('Workers Logs: GB taken in', 'logGb', logGb),
    line('Workers Logs: GB kept', 'logStorageGb', (logGb * LOG_DAYS) / MONTH_DAYS),
  ];
  return {
    lines,
    usd: lines.reduce((all, one) => all + one.usd, 0),
    mailUsd: priceOf('mails', month(load.mails)),
  };
};
