/**
 * Rekey under another name, with README's own example: a copy of the project with that logo, those vars and that brand.css,
 * built as it is built, and shown from its files.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext } from '@playwright/test';
import { buildPages } from '../../scripts/build-pages.ts';
import { setInToml } from '../../scripts/deploy/edit-config.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** What the pages are built from. */
const SOURCES = [
  'package.json',
  'tsconfig.base.json',
  'vite.config.ts',
  'wrangler.toml',
  'scripts',
  'test/mailbox',
  'web',
  'words',
  'worker',
];
const LOGO = `${PROJECT}test/browser/rebranded/heron.svg`;

/** The blocks of README's "Make it yours". */
export const readExample = (): { toml: string; css: string } => {
  const part = readFileSync(`${PROJECT}README.md`, 'utf8')
    .split(/^## /m)
    .find(text => text.startsWith('Make it yours\n'));
  const block = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]+?)\`\`\``).exec(part ?? '')?.[1];
  const [toml, css] = [block('toml'), block('css')];
  if (!toml || !css) throw new Error('README has no example under "Make it yours"');
  return { toml, css };
};

/** Builds it into a folder and answers where the pages are. */
export const buildRebranded = async (folder: string): Promise<string> => {
  const { toml, css } = readExample();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const source of SOURCES) cpSync(`${PROJECT}${source}`, `${folder}/${source}`, { recursive: true });
  symlinkSync(`${PROJECT}node_modules`, `${folder}/node_modules`);
  writeFileSync(`${folder}/web/brand.css`, css);
  writeFileSync(`${folder}/wrangler.toml`, withVars(readFileSync(`${PROJECT}wrangler.toml`, 'utf8'), toml));
  cpSync(LOGO, `${folder}/web/public/heron.svg`);
  await buildPages('', { folder, isQuiet: true });
  return `${folder}/dist`;
};

/** The example's lines in place of those with the same names under [vars]. */
const withVars = (config: string, example: string): string => {
  const [header = '', ...lines] = example.trim().split('\n');
  if (header !== '[vars]') throw new Error('the example begins with [vars]');
  return lines.reduce((text, line) => {
    const [, key = '', value = ''] = /^(\w+) = "(.*)"$/.exec(line) ?? [];
    const changed = setInToml(text, { table: 'vars', key, value });
    if (!key || changed === null) throw new Error(`wrangler.toml does not take ${line}`);
    return changed;
  }, config);
};

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export const REBRANDED_URL = 'http://rebranded.localhost';

/** Answers a browser's requests from the files, for somebody who is signed out. */
export const showRebranded = async (context: BrowserContext, pages: string): Promise<void> => {
  await context.route(`${REBRANDED_URL}/**`, async route => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/api/session') return route.fulfill({ json: { user: null } });
    if (pathname.startsWith('/api/password-resets/check')) {
      return route.fulfill({ json: { email: 'ada@example.com', expiresAt: '2099-01-01T00:00:00.000Z' } });
    }
    const file = extname(pathname) ? pathname : `${pathname === '/' ? '/index' : pathname}.html`;
    return route.fulfill({ path: `${pages}${file}`, contentType: TYPES[extname(file)] ?? 'application/octet-stream' });
  });
};
