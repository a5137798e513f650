/** A request's body as text: never more of it in memory than allowed. */
import { describe, expect, test } from 'vitest';
import { readTextWithin } from '../../worker/http/read-text.ts';

const URL_OF_API = 'https://app.example.com/api/x';
const requestOf = (body: BodyInit | null, headers: Record<string, string> = {}) =>
  new Request(URL_OF_API, { method: 'POST', body, headers });

/** A body that comes in pieces and says how many of them were taken. */
const inPieces = (pieces: (Uint8Array<ArrayBuffer> | string)[], headers: Record<string, string> = {}) => {
  const seen = { pulled: 0, isCancelled: false };
  const left = pieces.map(piece => (typeof piece === 'string' ? new TextEncoder().encode(piece) : piece));
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        const piece = left.shift();
        if (!piece) return controller.close();
        seen.pulled += 1;
        controller.enqueue(piece);
      },
      cancel() {
        seen.isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, headers, duplex: 'half' };
  return { request: new Request(URL_OF_API, init), seen };
};

describe('a body within the limit', () => {
  test.each([
    ['text', 'hello'],
    ['of exactly the limit', 'x'.repeat(16)],
    ['of several bytes a character', 'éé🔒'],
    ['with NUL and controls', '\0\u0001\r\n'],
  ])('is read whole: %s', async (_what, text) => {
    expect(await readTextWithin(requestOf(text), 16)).toEqual({ kind: 'text', text, isEmpty: false });
  });

  test('is put together where it comes in pieces that cut a character', async () => {
    const bytes = new TextEncoder().encode('a🔒b');
    const pieces = [...bytes].map(byte => Uint8Array.of(byte));
    expect(await readTextWithin(inPieces(pieces).request, 16)).toMatchObject({ kind: 'text', text: 'a🔒b' });
  });

  test('loses the mark that some editors put before it', async () => {
    const { request } = inPieces([Uint8Array.of(0xef, 0xbb, 0xbf), '{}']);
    expect(await readTextWithin(request, 16)).toMatchObject({ kind: 'text', text: '{}' });
  });

  test.each([
    ['none', null],
    ['an empty one', ''],
  ])('is empty where there is %s', async (_what, body) => {
    expect(await readTextWithin(requestOf(body), 16)).toEqual({ kind: 'text', text: '', isEmpty: true });
  });
});

describe('a body over the limit', () => {
  test('is refused by a single byte', async () => {
    expect(await readTextWithin(requestOf('x'.repeat(17)), 16)).toEqual({ kind: 'too_large' });
    expect(await readTextWithin(requestOf('é'.repeat(9)), 16)).toEqual({ kind: 'too_large' });
  });

  test('is refused unread where it says so itself', async () => {
    const { request, seen } = inPieces(['x'], { 'Content-Length': '17' });
    expect(await readTextWithin(request, 16)).toEqual({ kind: 'too_large' });
    expect(seen.pulled).toBe(0);
  });

  test('is read no further than the limit, and the rest is told not to come', async () => {
    const { request, seen } = inPieces(Array.from({ length: 1000 }, () => 'x'.repeat(10)));
    expect(await readTextWithin(request, 16)).toEqual({ kind: 'too_large' });
    expect(seen).toEqual({ pulled: 2, isCancelled: true });
  });

  test.each(['1', '0', '-5', 'x'])('is found out where its Content-Length lies: %j', async length => {
    const { request } = inPieces(['x'.repeat(17)], { 'Content-Length': length });
    expect(await readTextWithin(request, 16)).toEqual({ kind: 'too_large' });
  });
});

test.each([
  ['a byte that UTF-8 does not have', [0xff]],
  ['a character that breaks off', [0x61, 0xf0, 0x9f]],
  ['a character written too long', [0xc0, 0xaf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['UTF-16', [0xff, 0xfe, 0x7b, 0x00]],
])('a body with %s is no text', async (_what, bytes) => {
  expect(await readTextWithin(requestOf(Uint8Array.from(bytes)), 16)).toEqual({ kind: 'not_text', isEmpty: false });
});
