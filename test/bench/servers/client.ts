/**
 * A client that costs next to nothing: a socket that stays open and one request on it at a time. `fetch`, or Node's own
 * client, would take longer than most of the answers, and the same for every server: ratios would come out too good.
 */
import { connect, type Socket } from 'node:net';

export type Request = Readonly<{
  method?: 'GET' | 'POST' | 'DELETE';
  path: string;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  json?: unknown;
}>;
export type Answer = Readonly<{ status: number; head: string; body: string }>;

export type Client = {
  /** One after the other: a second request waits for the first one's answer. */
  send(request: Request): Promise<Answer>;
  close(): void;
};

let clients = 0;

/** A client address that nobody had before: limits count each by itself. */
export const newNetwork = (): string => {
  clients += 1;
  return `10.${(clients >> 16) & 255}.${(clients >> 8) & 255}.${clients & 255}`;
};

/** `host` is what the server believes to be called; `url` is where it listens. */
export const createClient = async (url: URL, host: string): Promise<Client> => {
  const socket = await open(url);
  let last: Promise<unknown> = Promise.resolve();
  return {
    send(request) {
      const answer = last.then(() => exchange(socket, written(request, host)));
      last = answer.catch(() => undefined);
      return answer;
    },
    close: () => socket.destroy(),
  };
};

const open = (url: URL): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true }, () => resolve(socket));
    socket.setEncoding('utf8');
    socket.once('error', reject);
  });

const written = ({ method = 'GET', path, headers = {}, json }: Request, host: string): string => {
  const body = json === undefined ? '' : JSON.stringify(json);
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, `CF-Connecting-IP: ${newNetwork()}`];
  if (json !== undefined) lines.push('Content-Type: application/json');
  if (method !== 'GET') lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
};

const exchange = (socket: Socket, text: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    let received = '';
    const settle = (finish: () => void) => {
      socket.off('data', onData);
      socket.off('close', onClose);
      finish();
    };
    const onData = (part: string) => {
      received += part;
      const answer = answerIn(received);
      if (answer) settle(() => resolve(answer));
    };
    const onClose = () => settle(() => reject(new Error(`The connection was closed in the middle of: ${received}`)));
    socket.on('data', onData);
    socket.on('close', onClose);
    socket.write(text);
  });

/** The answer once it is whole (RFC 9112 6.3), else null. */
const answerIn = (received: string): Answer | null => {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = received.slice(0, end);
  const status = Number(head.slice(9, 12));
  const rest = received.slice(end + 4);
  if (status === 204) return { status, head, body: '' };
  const length = /^content-length: *(\d+)$/im.exec(head)?.[1];
  if (length !== undefined) return Buffer.byteLength(rest) >= Number(length) ? { status, head, body: rest } : null;
  return rest.endsWith('0\r\n\r\n') ? { status, head, body: unchunked(rest) } : null;
};

/** A body that came in chunks (RFC 9112 7.1). */
const unchunked = (rest: string): string => {
  let body = '';
  let left = Buffer.from(rest);
  for (;;) {
    const end = left.indexOf('\r\n');
    const length = Number.parseInt(left.toString('utf8', 0, end), 16);
    if (!(length > 0)) return body;
    body += left.toString('utf8', end + 2, end + 2 + length);
    left = left.subarray(end + 2 + length + 2);
  }
};

/** The cookies that an answer sets, as a request sends them back. */
export const cookiesOf = ({ head }: Answer): string =>
  [...head.matchAll(/^set-cookie: *([^;\r\n]+)/gim)].map(([, cookie]) => cookie).join('; ');
