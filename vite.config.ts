/** Builds the pages into dist/. What they know of the configuration comes from wrangler.toml, for CLOUDFLARE_ENV. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import solid from 'vite-plugin-solid';
import { unstable_readConfig } from 'wrangler';
import about from './package.json' with { type: 'json' };
import { apiDescription } from './scripts/api-description.ts';
import { readBrandColors } from './scripts/brand-colors.ts';
import { letterWords } from './scripts/letter-words.ts';
import { pageShells } from './scripts/page-shells.ts';
import { commonPasswordList } from './scripts/password-list.ts';
import { readLogo } from './scripts/read-logo.ts';
import { wordsAreWhole } from './scripts/words.ts';

const pathTo = (file: string) => fileURLToPath(new URL(file, import.meta.url));

const { vars } = unstable_readConfig({
  config: pathTo('wrangler.toml'),
  ...(process.env.CLOUDFLARE_ENV && { env: process.env.CLOUDFLARE_ENV }),
});
const appName = String(vars.APP_NAME ?? 'Rekey');
const passwordMinLength = Number(vars.PASSWORD_MIN_LENGTH ?? 15);
const mailFrom = String(vars.MAIL_FROM ?? 'Rekey <noreply@demo.com>');
const logo = readLogo(pathTo('web/public'), String(vars.APP_LOGO ?? '/favicon.svg'));
const pageColor = readBrandColors(readFileSync(pathTo('web/brand.css'), 'utf8')).page;
if (!pageColor) throw new Error('web/brand.css: --page should be light-dark(#rrggbb, #rrggbb).');
const appUrl = String(vars.APP_URL ?? 'http://localhost:8787');

const CHUNKS = [
  // By itself, so that it runs and asks for the words while the rest is still on its way.
  { name: 'first-words', priority: 3, test: /web\/(first-words|catalogue)\.|contract\/languages/ },
  {
    name: 'app',
    priority: 2,
    test: /solid-js|@solidjs|hono|web\/(app|main|api|flash|session|settings|problem-text|words)\.|contract\/sentence|components\/(heading|card-page|icon|guards)\./,
  },
  {
    name: 'forms',
    priority: 1,
    test: /web\/components\/(form|field|countdown|email-field|password-field)\.|contract\/fields/,
  },
];

/** Words are named after their language, so that the list of them compresses. */
const chunkFile = ({ facadeModuleId }: { facadeModuleId?: string | null }) => {
  const language = /\/words\/([\w-]+)\//.exec(facadeModuleId ?? '')?.[1];
  return `assets/${language ? `${language}-` : ''}[name]-[hash].js`;
};

/** The shells preload what a page needs, so Vite's own preloading, a kilobyte of code, has nothing left to do. */
const plainImports = (): Plugin => ({
  name: 'plain-imports',
  enforce: 'pre',
  load: id => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = load => load();' : null),
});

export default defineConfig({
  root: pathTo('web'),
  plugins: [
    plainImports(),
    solid(),
    wordsAreWhole({ root: pathTo('.') }),
    pageShells({
      appName,
      headersFile: pathTo('web/public/_headers'),
      icon: logo.isName ? { src: '/favicon.svg', type: 'image/svg+xml' } : logo,
      pageColor,
    }),
    apiDescription({ appName, appUrl, passwordMinLength, version: about.version }),
    commonPasswordList({ file: pathTo('worker/credentials/password-list.txt') }),
    letterWords({ folder: pathTo('words') }),
  ],
  define: {
    __APP_NAME__: JSON.stringify(appName),
    __LOGO_SRC__: JSON.stringify(logo.src),
    __LOGO_WIDTH__: JSON.stringify(logo.width),
    __LOGO_IS_NAME__: JSON.stringify(logo.isName),
    __MAIL_FROM__: JSON.stringify(mailFrom),
    __PASSWORD_MIN_LENGTH__: JSON.stringify(passwordMinLength),
  },
  build: {
    outDir: pathTo('dist'),
    // A watcher that emptied dist/ would leave `npm run dev` without pages while it builds.
    emptyOutDir: !process.argv.includes('--watch'),
    assetsInlineLimit: 0,
    modulePreload: false,
    // Few chunks for the pages that people wait for: each costs a request and compresses by itself.
    rolldownOptions: { output: { codeSplitting: { groups: CHUNKS }, chunkFileNames: chunkFile } },
    // The browsers that know light-dark(): without them the stylesheet doubles.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  },
});
