/**
 * Requests over the wire, and a browser's part in them. By node:http and not fetch, which would neither send a Host of
 * our choosing nor say each Set-Cookie line.
 */
import { randomBytes } from 'node:crypto';
import { createExchange } from '../support/http-exchange.ts';
import type { Answer, Client, Sent } from './driver.ts';

export type Transport = (sent: Sent) => Promise<Answer>;

/** Sends what is meant for `origin` to where it listens; an absolute address keeps its own host. */
export const createTransport = (origin: string, listensAt = origin) => {
  const { exchange, close } = createExchange(new URL(listensAt));
  const send: Transport = async ({ method, path, headers = {}, body }) => {
    const url = new URL(path, origin);
    const bytes = body === undefined ? null : Buffer.from(body);
    const { body: received, ...answer } = await exchange({
      method,
      path: url.pathname + url.search,
      headers: { Host: url.host, ...(bytes && { 'Content-Length': String(bytes.length) }), ...headers },
      body: bytes,
    });
    return { ...answer, text: received.toString() };
  };
  return { send, close };
};

/** Client addresses that no run shares with another: Rekey counts requests by them. */
const networks = (() => {
  const [second = 0, third = 0] = randomBytes(2);
  let count = 0;
  return () => {
    count += 1;
    return `10.${second}.${(third + (count >> 8)) & 255}.${count & 255}`;
  };
})();

/** A browser that was never here: a cookie jar and a client address. */
export const createClient = (transport: Transport): Client => {
  const cookies = new Map<string, string>();
  const network = networks();
  return {
    cookies,
    async send(sent) {
      const cookie = [...cookies].map(pair => pair.join('=')).join('; ');
      const headers = { 'CF-Connecting-IP': network, ...(cookie && { Cookie: cookie }), ...sent.headers };
      const answer = await transport({ ...sent, headers });
      for (const line of answer.setCookies) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === '' || /;\s*max-age=0\b/i.test(line)) cookies.delete(name);
        else cookies.set(name, value);
      }
      return answer;
    },
  };
};
