/**
 * Requests to a local server by node:http, answered as `fetch` does: the tests send thousands, and `fetch` costs Node four
 * times as much. What it would do by itself is done here: the type of a text, and the decoding of what comes compressed.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { createExchange, type Incoming } from './http-exchange.ts';

export type Sent = {
  method?: string;
  headers?: HeadersInit;
  /** A stream goes out in chunks, without a Content-Length. */
  body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
};

/** Statuses that have no body, which `Response` insists on. */
const WITHOUT_BODY = [101, 204, 205, 304];
const HEADER_OF_ADDRESS = 'MF-Original-URL';

/** `server` is where it listens, the address of a request what the Worker takes it to be for. Redirects are not followed. */
export const createSender = (server: URL) => {
  const { exchange, close } = createExchange(server);
  return {
    async send(address: URL, { method = 'GET', headers, body }: Sent = {}): Promise<Response> {
      const fields = new Headers(headers);
      if (typeof body === 'string' && !fields.has('Content-Type')) {
        fields.set('Content-Type', 'text/plain;charset=UTF-8');
      }
      if (!fields.has('Accept')) fields.set('Accept', '*/*');
      fields.set('Host', address.host);
      // Miniflare believes it: that is how a Worker on http gets requests for https.
      if (address.protocol !== server.protocol) fields.set(HEADER_OF_ADDRESS, address.href);
      const content = typeof body === 'string' ? Buffer.from(body) : (body ?? null);
      if (content instanceof Uint8Array) fields.set('Content-Length', String(content.length));
      else if (content) fields.set('Transfer-Encoding', 'chunked');
      const path = address.pathname + address.search;
      return asResponse(await exchange({ method, path, headers: Object.fromEntries(fields), body: content }));
    },
    close,
  };
};

const asResponse = async ({ status, headers, body }: Incoming): Promise<Response> => {
  // What was logged before the answer lies in another pipe, as ready as the answer: it is read in this turn of the loop.
  await nextTurn();
  const content = decoded(body, headers.get('Content-Encoding'));
  return new Response(WITHOUT_BODY.includes(status) ? null : content, { status, headers });
};

const decoded = (body: Buffer<ArrayBuffer>, encoding: string | null): Uint8Array<ArrayBuffer> => {
  // The answer to HEAD names the encoding of a body that it has not.
  if (body.length === 0) return body;
  if (encoding === 'gzip') return gunzipSync(body);
  return encoding === 'br' ? brotliDecompressSync(body) : body;
};
