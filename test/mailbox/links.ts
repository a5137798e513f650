/**
 * Finds the web addresses in a plain text. Only http and https count: nothing else in a mail becomes a link.
 */

export type TextPart = { readonly text: string; readonly isLink: boolean };

const LINK = /https?:\/\/[^\s<>"']+/g;
/** What ends a sentence around an address rather than the address itself. */
const TRAILING = /[.,;:!?)\]]+$/;

/** The text in order, cut where its addresses begin and end. Joined again it is the text unchanged. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const link = match[0].replace(TRAILING, '');
    if (match.index > end) parts.push({ text: text.slice(end, match.index), isLink: false });
    parts.push({ text: link, isLink: true });
    end = match.index + link.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isLink: false });
  return parts;
}

/** The first web address in a text, or null. */
export const findFirstLink = (text: string): string | null => splitLinks(text).find(part => part.isLink)?.text ?? null;
