/** A request's body as text or bytes, never more of it in memory than allowed. */

export type BodyText =
  | { kind: 'text'; text: string; isEmpty: boolean }
  | { kind: 'too_large' }
  /** Not UTF-8. */
  | { kind: 'not_text'; isEmpty: false };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

export const readTextWithin = async (request: Request, maxBytes: number): Promise<BodyText> => {
  const bytes = await readBytesWithin(request, maxBytes);
  if (!bytes) return { kind: 'too_large' };
  try {
    return { kind: 'text', text: decoder.decode(bytes), isEmpty: bytes.byteLength === 0 };
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'not_text', isEmpty: false };
    throw error;
  }
};

/** The body as it came; null where it is larger than that. */
export const readBytesWithin = async (request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> => {
  // What says its length is no longer: HTTP ends it there (RFC 9112 6.2, RFC 9113 8.1.1).
  const said = Number(request.headers.get('Content-Length') ?? Number.NaN);
  if (said > maxBytes) return null;
  if (said <= maxBytes) {
    const bytes = new Uint8Array(await request.arrayBuffer());
    return bytes.byteLength <= maxBytes ? bytes : null;
  }
  const chunks = await readChunksWithin(request, maxBytes);
  return chunks && new Uint8Array(await new Blob(chunks).arrayBuffer());
};

const readChunksWithin = async (request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>[] | null> => {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return null;
    if (chunk.byteLength > 0) chunks.push(chunk);
  }
  return chunks;
};
