/**
 * Requests to a local server by node:http, answered as `fetch` does: the tests send thousands, and `fetch` costs Node four
 * times as much. What it would do by itself is done here: the type of a text, and the decoding of what comes compressed.
 */
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

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
  const agent = new Agent({ keepAlive: true });

  const sendOnce = (address: URL, { method = 'GET', headers, body }: Sent): Promise<Response> =>
    new Promise((resolve, reject) => {
      const fields = new Headers(headers);
      if (typeof body === 'string' && !fields.has('Content-Type')) {
        fields.set('Content-Type', 'text/plain;charset=UTF-8');
      }
      if (!fields.has('Accept')) fields.set('Accept', '*/*');
      fields.set('Host', address.host);
      // Miniflare believes it: that is how a Worker on http gets requests for https.
      if (address.protocol !== server.protocol) fields.set(HEADER_OF_ADDRESS, address.href);
      const bytes = typeof body === 'string' ? Buffer.from(body) : body instanceof Uint8Array ? body : null;
      if (bytes) fields.set('Content-Length', String(bytes.length));
      else if (body) fields.set('Transfer-Encoding', 'chunked');
      const outgoing = request({
        agent,
        host: server.hostname,
        port: server.port,
        method,
        path: address.pathname + address.search,
        headers: Object.fromEntries(fields),
      });
      outgoing.on('response', incoming => void readAnswer(incoming).then(resolve, reject));
      outgoing.on('error', error => reject(Object.assign(error, { isStale: outgoing.reusedSocket })));
      if (bytes) outgoing.end(bytes);
      else if (body instanceof ReadableStream) void sendChunks(outgoing, body).catch(reject);
      else outgoing.end();
    });

  return {
    async send(address: URL, sent: Sent = {}): Promise<Response> {
      try {
        return await sendOnce(address, sent);
      } catch (error) {
        // A kept connection that the other side has just closed says nothing about the request.
        const isStream = sent.body instanceof ReadableStream;
        if ((error as { isStale?: boolean }).isStale && !isStream) return sendOnce(address, sent);
        throw error;
      }
    },
    close: (): void => agent.destroy(),
  };
};

/** A chunk a turn: who answers before the end hangs up, and an answer that nobody has read by the next write is lost. */
const sendChunks = async (outgoing: ClientRequest, body: ReadableStream<Uint8Array>): Promise<void> => {
  for await (const chunk of body) {
    if (outgoing.destroyed) return;
    outgoing.write(chunk);
    await setTimeout(1);
  }
  outgoing.end();
};

const readAnswer = async (incoming: IncomingMessage): Promise<Response> => {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  // What was logged before the answer lies in another pipe, as ready as the answer: it is read in this turn of the loop.
  await nextTurn();
  const { statusCode: status = 0, rawHeaders } = incoming;
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  const body = decoded(Buffer.concat(parts), headers.get('Content-Encoding'));
  return new Response(WITHOUT_BODY.includes(status) ? null : body, { status, headers });
};

const decoded = (body: Buffer<ArrayBuffer>, encoding: string | null): Uint8Array<ArrayBuffer> => {
  // The answer to HEAD names the encoding of a body that it has not.
  if (body.length === 0) return body;
  if (encoding === 'gzip') return gunzipSync(body);
  return encoding === 'br' ? brotliDecompressSync(body) : body;
};
