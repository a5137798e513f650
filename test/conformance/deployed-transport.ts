/**
 * Requests that the Worker takes for https ones. Handed to it directly: wrangler's proxy in front of it turns their
 * address, and an Origin that names it, into http.
 */
import type { Transport } from './http.ts';

type Init = { method: string; redirect: 'manual'; headers?: Record<string, string>; body?: string };
type Fetched = {
  status: number;
  headers: Iterable<[string, string]> & { getSetCookie(): string[] };
  text(): Promise<string>;
};

/** `worker` takes whole addresses. */
export const createDeployedTransport =
  (origin: string, worker: { fetch(address: string, init: Init): Promise<Fetched> }): Transport =>
  async ({ method, path, headers, body }) => {
    const answer = await worker.fetch(new URL(path, origin).href, {
      method,
      redirect: 'manual',
      ...(headers && { headers }),
      ...(body !== undefined && { body }),
    });
    return {
      status: answer.status,
      headers: new Headers([...answer.headers]),
      setCookies: answer.headers.getSetCookie(),
      text: await answer.text(),
    };
  };
