/**
 * The words of the page that is opened. The shells run this by a script tag of its own (scripts/page-shells.ts), so that
 * words and code come side by side: the address and the cookie say which words, and a static page cannot.
 */
import { groupsOf, likelyLanguage, loadWords } from './catalogue.ts';

/** The language whose words are there, or null where they could not be loaded. Never rejects. */
export const firstWords = (async () => {
  const language = likelyLanguage();
  try {
    await loadWords(language, ['every-page', ...groupsOf(location.pathname)]);
    return language;
  } catch {
    return null;
  }
})();
