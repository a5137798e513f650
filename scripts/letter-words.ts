/**
 * The words of the letters as the Worker reads them: a static asset for each language, made of words/<language>/letters.json.
 * They are too many for the bundle, and a mail needs those of one language.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { LANGUAGES } from '../worker/contract/languages.ts';

/** Emits them where only the Worker reads: it answers everything below /api/, and has no such route. */
export const letterWords = (options: { folder: string }): Plugin => {
  const files = Object.keys(LANGUAGES).map(language => ({
    language,
    path: `${options.folder}/${language}/letters.json`,
  }));
  return {
    name: 'letter-words',
    buildStart() {
      for (const { path } of files) this.addWatchFile(path);
    },
    generateBundle() {
      for (const { language, path } of files) {
        const sentences = JSON.parse(readFileSync(path, 'utf8'));
        const source = JSON.stringify({ language, sentences });
        this.emitFile({ type: 'asset', fileName: `api/letters/${language}.json`, source });
      }
    },
  };
};
