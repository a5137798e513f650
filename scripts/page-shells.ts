/**
 * Writes index.html once more for every page: with a file behind each path, the assets binding answers unknown paths
 * with a true 404. Each shell has its own title, description and preloads, so no chunk waits for another to name it.
 * What stands in them is English, whoever reads it: the page puts its own words in its place when it knows the language.
 */
import { readFileSync } from 'node:fs';
import type { Plugin, Rolldown } from 'vite';
import type { BrandColor } from './brand-colors.ts';

/** What has no description is not for search engines. */
type Shell = { file: string; title: string; description?: string };

/** The titles repeat the pages' headings: what the tab says must not change when the page takes over. */
const shellsOf = (appName: string): Shell[] => [
  { file: 'index', title: '', description: `${appName}: one account, and always a way back in.` },
  { file: 'login', title: 'Log In', description: `Log in to ${appName}.` },
  { file: 'register', title: 'Register', description: `Make an account at ${appName}.` },
  { file: 'forgot-password', title: 'Reset Password', description: `Get a new password for ${appName} by mail.` },
  { file: 'complete-registration', title: 'Register', description: `Finish signing up for ${appName}.` },
  { file: 'reset-password', title: 'Reset Password', description: `Choose a new password for ${appName}.` },
  { file: 'change-email', title: 'Change Email' },
  { file: 'secure-account', title: 'Secure Account' },
  { file: 'account', title: 'Account' },
  { file: '404', title: 'Not Found' },
];

const MODULES: Record<string, string> = { index: 'home', 404: 'not-found' };

/** Cloudflare takes no more in `_headers`. Each language has a rule for each group of its words. */
const MAX_RULES = 100;

const escapeHtml = (text: string) => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`);

/** The page's chunk and all that it imports, in no particular order. */
const chunksOf = (bundle: Rolldown.OutputBundle, page: string): Set<string> => {
  const files = new Set<string>();
  const add = (file: string) => {
    const chunk = bundle[file];
    if (chunk?.type !== 'chunk' || files.has(file)) return;
    files.add(file);
    chunk.imports.forEach(add);
  };
  const own = Object.values(bundle).find(
    chunk => chunk.type === 'chunk' && chunk.facadeModuleId?.endsWith(`/web/pages/${page}.tsx`),
  );
  if (!own) throw new Error(`There is no chunk for the page ${page}: see scripts/page-shells.ts`);
  add(own.fileName);
  return files;
};

/** The loading of the words starts by a script of its own, as soon as that is there, and not when all the code is. */
const startWordsAtOnce = (template: string): string => {
  const script = '<script type="module" crossorigin src="/assets/first-words-';
  if (!template.includes(script)) throw new Error('There is no script first-words: see vite.config.ts');
  return template.replace(script, script.replace(' crossorigin', ' async crossorigin'));
};

/** `headersFile`: the `_headers` that gets a rule for each hashed file, so that no 404 is ever kept for a year. */
export const pageShells = (options: {
  appName: string;
  headersFile: string;
  icon: { src: string; type: string };
  /** Behind the page, for the browser's own frame. */
  pageColor: BrandColor;
}): Plugin => ({
  name: 'page-shells',
  enforce: 'post',
  generateBundle(_, bundle) {
    const index = bundle['index.html'];
    if (index?.type !== 'asset') throw new Error('There is no index.html to make the pages from');
    const template = startWordsAtOnce(String(index.source));
    const { icon, pageColor } = options;
    const looks = [
      `<meta name="theme-color" media="(prefers-color-scheme: light)" content="${pageColor.light}" />`,
      `<meta name="theme-color" media="(prefers-color-scheme: dark)" content="${pageColor.dark}" />`,
      `<link rel="icon" type="${icon.type}" href="${icon.src}" />`,
    ];
    for (const { file, title, description } of shellsOf(options.appName)) {
      const fullTitle = escapeHtml(title ? `${title} · ${options.appName}` : options.appName);
      const about = description
        ? `<meta name="description" content="${escapeHtml(description)}" />`
        : '<meta name="robots" content="noindex" />';
      const preloads = [...chunksOf(bundle, MODULES[file] ?? file)]
        .filter(chunk => !template.includes(chunk))
        .map(chunk => `<link rel="modulepreload" crossorigin href="/${chunk}" />`);
      const source = template
        .replace(/<!--.*?-->\s*/gs, '')
        .replace(/<title>.*?<\/title>/s, () =>
          [`<title>${fullTitle}</title>`, about, ...looks, ...preloads].join('\n    '),
        );
      if (file === 'index') index.source = source;
      else this.emitFile({ type: 'asset', fileName: `${file}.html`, source });
    }
    const rules = Object.keys(bundle)
      .filter(file => file.startsWith('assets/'))
      .map(file => `/${file}\n  Cache-Control: public, max-age=31536000, immutable\n`);
    if (rules.length >= MAX_RULES) throw new Error(`More than ${MAX_RULES} rules for headers: build fewer files`);
    const source = [readFileSync(options.headersFile, 'utf8'), ...rules].join('\n');
    this.emitFile({ type: 'asset', fileName: '_headers', source });
  },
});
