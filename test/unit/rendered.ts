/** A letter as it is sent. The layout is loaded by name: its JSX is a matter of the Worker's program, not of this one. */
import type { Letter } from '../support/sample-letters.ts';

type Layout = {
  renderLetter: (letter: Letter, appName: string) => { subject: string; text: string; html: string };
};

const LAYOUT = '../../worker/mail/letter-layout.tsx';
export const { renderLetter } = (await import(/* @vite-ignore */ LAYOUT)) as Layout;

/** The visible words of the HTML, as a reader without styles has them. */
export const wordsOf = (html: string): string =>
  html
    .replace(/<!--.*?-->/gs, '')
    .replace(/<(style|title)>.*?<\/\1>/gs, ' ')
    .replace(/<div[^>]* aria-hidden="true">.*?<\/div>/gs, ' ')
    .replace(/<span dir="auto">|<\/span>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/[ \n]+/g, ' ');
