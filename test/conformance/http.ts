/**
 * Requests over the wire, and a browser's part in them. By node:http and not fetch, which would neither send a Host of
 * our choosing nor say each Set-Cookie line.
 */
import { randomBytes } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Answer, Client, Sent } from './driver.ts';

export type Transport = (sent: Sent) => Promise<Answer>;

const TIMEOUT_MS = 60_000;

/** Sends what is meant for `origin` to where it listens; an absolute address keeps its own host. */
export const createTransport = (origin: string, listensAt = origin) => {
  const at = new URL(listensAt);
  const { Agent, request } = at.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true });

  const sendOnce = ({ method, path, headers = {}, body }: Sent): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const url = new URL(path, origin);
      const bytes = body === undefined ? null : Buffer.from(body);
      const outgoing = request({
        agent,
        host: at.hostname,
        port: at.port,
        method,
        path: url.pathname + url.search,
        headers: { Host: url.host, ...(bytes && { 'Content-Length': String(bytes.length) }), ...headers },
        timeout: TIMEOUT_MS,
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
      // A refusal may come, and the connection close, before all of a large body is sent: the answer counts.
      outgoing.on('error', error => reject(Object.assign(error, { isStale: outgoing.reusedSocket })));
      outgoing.on('response', incoming => {
        const parts: Buffer[] = [];
        incoming.on('data', part => parts.push(part));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const kept = new Headers();
          const { rawHeaders } = incoming;
          for (let i = 0; i < rawHeaders.length; i += 2) kept.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '');
          resolve({
            status: incoming.statusCode ?? 0,
            headers: kept,
            setCookies: incoming.headers['set-cookie'] ?? [],
            text: Buffer.concat(parts).toString(),
          });
        });
      });
      outgoing.end(bytes ?? undefined);
    });

  const send: Transport = async sent => {
    try {
      return await sendOnce(sent);
    } catch (error) {
      // A kept connection that the other side has just closed says nothing about the request.
      if ((error as { isStale?: boolean }).isStale) return sendOnce(sent);
      throw error;
    }
  };
  return { send, close: () => agent.destroy() };
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
