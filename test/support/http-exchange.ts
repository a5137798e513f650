/** Requests by node:http and their whole answers, over connections that are kept: what every sender of ours stands on. */
import * as http from 'node:http';
import * as https from 'node:https';

export type Outgoing = {
  method: string;
  /** Path and query. */
  path: string;
  headers: http.OutgoingHttpHeaders;
  /** A stream goes out in chunks, a few in a moment, and is sent once. */
  body: Uint8Array | ReadableStream<Uint8Array> | null;
};
export type Incoming = { status: number; headers: Headers; setCookies: string[]; body: Buffer<ArrayBuffer> };

const TIMEOUT_MS = 60_000;
const CHUNK_PAUSE_MS = 1;

/** Exchanges with who listens at this origin. */
export const createExchange = (at: URL) => {
  const { Agent, request } = at.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true });

  const exchangeOnce = ({ method, path, headers, body }: Outgoing): Promise<Incoming> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ agent, host: at.hostname, port: at.port, method, path, headers, timeout: TIMEOUT_MS });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
      // A refusal may come, and the connection close, before all of a large body is sent: the answer counts.
      outgoing.on('error', error => reject(Object.assign(error, { isStale: outgoing.reusedSocket })));
      outgoing.on('response', incoming => void readWhole(incoming).then(resolve, reject));
      if (body instanceof ReadableStream) void sendChunks(outgoing, body).catch(reject);
      else outgoing.end(body ?? undefined);
    });

  return {
    async exchange(sent: Outgoing): Promise<Incoming> {
      try {
        return await exchangeOnce(sent);
      } catch (error) {
        // A kept connection that the other side has just closed says nothing about the request.
        const isStale = (error as { isStale?: boolean }).isStale && !(sent.body instanceof ReadableStream);
        if (isStale) return exchangeOnce(sent);
        throw error;
      }
    },
    close: (): void => agent.destroy(),
  };
};

/** A chunk a turn: who answers before the end hangs up, and an answer that nobody has read by the next write is lost. */
const sendChunks = async (outgoing: http.ClientRequest, body: ReadableStream<Uint8Array>): Promise<void> => {
  for await (const chunk of body) {
    if (outgoing.destroyed) return;
    outgoing.write(chunk);
    await new Promise(resolve => setTimeout(resolve, CHUNK_PAUSE_MS));
  }
  outgoing.end();
};

const readWhole = async (incoming: http.IncomingMessage): Promise<Incoming> => {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const { rawHeaders } = incoming;
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  const setCookies = incoming.headers['set-cookie'] ?? [];
  return { status: incoming.statusCode ?? 0, headers, setCookies, body: Buffer.concat(parts) };
};
