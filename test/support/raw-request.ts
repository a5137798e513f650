/** A request as it stands on the wire: `fetch` tidies paths, refuses methods and counts the body by itself. */
import { request } from 'node:http';
import type { Rekey } from './harness.ts';
import type { Answer } from './people.ts';

export type RawRequest = {
  method: string;
  /** Path and query, sent as they are. */
  target: string;
  headers: Record<string, string>;
  body?: string;
  /** How much of the body Content-Length owns up to; without it the body goes out in chunks. */
  declaredBytes?: number | undefined;
};

export const createRawSender = async ({ listensAt: url }: Rekey) => {
  return ({ method, target, headers, body = '', declaredBytes }: RawRequest): Promise<Answer> =>
    new Promise((done, fail) => {
      const framing = declaredBytes === undefined ? {} : { 'Content-Length': String(declaredBytes) };
      const sent = request({
        host: url.hostname,
        port: url.port,
        method,
        path: target,
        agent: false,
        headers: { Host: 'localhost:8787', Connection: 'close', ...framing, ...headers },
      });
      sent.on('response', async response => {
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        const answered = new Headers(
          Object.entries(response.headersDistinct).flatMap(([name, values = []]) =>
            values.map((value): [string, string] => [name, value]),
          ),
        );
        const isJson = text !== '' && /json/.test(answered.get('Content-Type') ?? '');
        done({ status: response.statusCode ?? 0, headers: answered, text, body: isJson ? JSON.parse(text) : {} });
      });
      sent.on('error', fail);
      sent.end(body === '' ? undefined : body);
    });
};
