/**
 * Requests that the Worker takes for https ones. Handed to it directly: wrangler's proxy in front of it turns their
 * address, and an Origin that names it, into http.
 */
import type { WorkerHandle } from 'wrangler';
import type { Transport } from './http.ts';

export const createDeployedTransport =
  (origin: string, worker: Pick<WorkerHandle, 'fetch'>): Transport =>
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
