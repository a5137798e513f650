/** A request's body as text, never more of it in memory than allowed. */

export type BodyText =
  | { kind: 'text'; text: string; isEmpty: boolean }
  | { kind: 'too_large' }
  /** Not UTF-8. */
  | { kind: 'not_text'; isEmpty: false };

export const readTextWithin = async (request: Request, maxBytes: number): Promise<BodyText> => {
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBytes) return { kind: 'too_large' };
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) return { kind: 'too_large' };
      text += decoder.decode(chunk, { stream: true });
    }
    text += decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'not_text', isEmpty: false };
    throw error;
  }
  return { kind: 'text', text, isEmpty: bytes === 0 };
};
