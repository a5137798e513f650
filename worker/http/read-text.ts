/** A request's body as text or bytes, never more of it in memory than allowed. */

export type BodyText =
  | { kind: 'text'; text: string; isEmpty: boolean }
  | { kind: 'too_large' }
  /** Not UTF-8. */
  | { kind: 'not_text'; isEmpty: false };

/** The body as it came; null where it is larger than that. */
export const readBytesWithin = async (request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> => {
  const chunks = await readChunksWithin(request, maxBytes);
  return chunks && new Uint8Array(await new Blob(chunks).arrayBuffer());
};

export const readTextWithin = async (request: Request, maxBytes: number): Promise<BodyText> => {
  const chunks = await readChunksWithin(request, maxBytes);
  if (!chunks) return { kind: 'too_large' };
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
    const text = chunks.map(chunk => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
    return { kind: 'text', text, isEmpty: chunks.length === 0 };
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'not_text', isEmpty: false };
    throw error;
  }
};

const readChunksWithin = async (request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>[] | null> => {
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBytes) return null;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return null;
    if (chunk.byteLength > 0) chunks.push(chunk);
  }
  return chunks;
};
