/**
 * The few things about HTTP that the mailbox's routes share. Only loopback names are answered: a page elsewhere that
 * points its own name at this machine (DNS rebinding) reads nothing.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

const BODY_MAX_BYTES = 10 * 1024 * 1024;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const COMMON_HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  // Not no-referrer: the page's own form would then send `Origin: null`.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export type Answer = {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
  headers,
});

/** An error in Resend's shape. */
export const errorAnswer = (statusCode: number, name: string, message: string, headers = {}): Answer =>
  json(statusCode, { statusCode, name, message }, headers);

export function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    ...COMMON_HEADERS,
    ...(answer.body === '' ? {} : { 'Content-Type': answer.type }),
    ...answer.headers,
  });
  response.end(answer.body);
}

/** Reads a body of at most 10 MiB; null when it is larger. Throws when the connection breaks. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= BODY_MAX_BYTES) chunks.push(chunk);
  }
  return bytes > BODY_MAX_BYTES ? null : Buffer.concat(chunks).toString('utf8');
}

/** The value that a JSON text stands for, or undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isLoopback(host: string | undefined): boolean {
  try {
    return LOOPBACK.has(new URL(`http://${host}`).hostname);
  } catch {
    return false;
  }
}

/** Why a request is refused before any route sees it, or null: a foreign Host, or a change asked for by another site. */
export function refusal(request: IncomingMessage): Answer | null {
  const { host, origin } = request.headers;
  if (!isLoopback(host)) return errorAnswer(403, 'wrong_host', 'The mailbox answers on localhost only.');
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (!reads && origin !== undefined && origin !== `http://${host}`) {
    return errorAnswer(403, 'forbidden_origin', 'Another site asked for this change.');
  }
  return null;
}
