/** A letter's HTML as it is read. */

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
