/**
 * A client that costs little: one keep-alive connection for each request under way. `fetch` would take longer than most
 * of the answers.
 */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export type Request = Readonly<{
  method?: 'GET' | 'POST' | 'DELETE';
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  text?: string;
}>;
export type Answer = Readonly<{ status: number; headers: IncomingHttpHeaders; text: string }>;
export type Client = {
  send(request: Request): Promise<Answer>;
  close(): void;
};

let requests = 0;

/** A client address that nobody had before: limits count each by itself. */
export const newNetwork = (): string => {
  requests += 1;
  return `10.${(requests >> 16) & 255}.${(requests >> 8) & 255}.${requests & 255}`;
};

/** `host` is what the server believes to be called; `url` is where it listens. */
export const createClient = (url: URL, host: string): Client => {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  return {
    send: ({ method = 'GET', path, headers = {}, json, text = json === undefined ? '' : JSON.stringify(json) }) =>
      new Promise((resolve, reject) => {
        const sent = request(
          {
            agent,
            host: url.hostname,
            port: url.port,
            method,
            path,
            headers: {
              Host: host,
              'CF-Connecting-IP': newNetwork(),
              ...(text !== '' && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
              ...headers,
            },
          },
          response => {
            let answer = '';
            response.setEncoding('utf8');
            response.on('data', (part: string) => {
              answer += part;
            });
            response.on('end', () =>
              resolve({ status: response.statusCode ?? 0, headers: response.headers, text: answer }),
            );
            response.on('error', reject);
          },
        );
        sent.on('error', reject);
        sent.end(text);
      }),
    close: () => agent.destroy(),
  };
};
