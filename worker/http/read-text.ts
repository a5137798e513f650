/** A request's body as text, never more of it in memory than allowed. */

export type BodyText =
  | { kind: 'text'; text: string; isEmpty: boolean }
  | { kind: 'too_large' }
  /** Not UTF-8. */
  | { kind: 'not_text'; isEmpty: false };

export const readTextWithin = async (request: Request, maxBytes: number): Promise<BodyText> => {
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBytes) return { kind: 'too_large' };
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return { kind: 'too_large' };
    chunks.push(chunk);
  }
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
    const text = chunks.map(chunk => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
    return { kind: 'text', text, isEmpty: bytes === 0 };
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'not_text', isEmpty: false };
    throw error;
  }
};
