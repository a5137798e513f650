/**
 * A mail's HTML as a document of its own, for a sandboxed frame: no scripts, no forms, no way back to the mailbox; its
 * links open in a new tab.
 */
import type { Answer } from './http.ts';

const POLICY = [
  'sandbox allow-popups allow-popups-to-escape-sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data: http: https:',
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join('; ');

const BASE = '<base target="_blank">';

/** The document with a base that sends its links to a new tab. After the doctype, or the mail would lose its mode. */
export function withBase(document: string): string {
  const opening = /<head(?:\s[^>]*)?>/i.exec(document) ?? /^\s*<!doctype[^>]*>/i.exec(document);
  const at = opening ? opening.index + opening[0].length : 0;
  return document.slice(0, at) + BASE + document.slice(at);
}

export const frameAnswer = (document: string): Answer => ({
  status: 200,
  type: 'text/html; charset=utf-8',
  body: withBase(document),
  headers: { 'Content-Security-Policy': POLICY, 'Referrer-Policy': 'no-referrer' },
});
