/** Builds the pages into dist/. What they know of the configuration comes from wrangler.toml, for CLOUDFLARE_ENV. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';
import { unstable_readConfig } from 'wrangler';
import about from './package.json' with { type: 'json' };
import { apiDescription } from './scripts/api-description.ts';
import { letterWords } from './scripts/letter-words.ts';
import { pageShells } from './scripts/page-shells.ts';
import { commonPasswordList } from './scripts/password-list.ts';

const pathTo = (file: string) => fileURLToPath(new URL(file, import.meta.url));

const { vars } = unstable_readConfig({
  config: pathTo('wrangler.toml'),
  ...(process.env.CLOUDFLARE_ENV && { env: process.env.CLOUDFLARE_ENV }),
});
const appName = String(vars.APP_NAME ?? 'Rekey');
const passwordMinLength = Number(vars.PASSWORD_MIN_LENGTH ?? 15);
const appUrl = String(vars.APP_URL ?? 'http://localhost:8787');

const CHUNKS = [
  {
    name: 'app',
    priority: 2,
    test: /solid-js|@solidjs|hono|web\/(app|main|api|flash|session|settings|problem-text)\.|components\/(heading|card-page|icon|guards)\./,
  },
  {
    name: 'forms',
    priority: 1,
    test: /web\/components\/(form|field|countdown|email-field|password-field)\.|valibot|contract\/fields/,
  },
];

export default defineConfig({
  root: pathTo('web'),
  plugins: [
    solid(),
    pageShells({ appName, headersFile: pathTo('web/public/_headers') }),
    apiDescription({ appName, appUrl, passwordMinLength, version: about.version }),
    commonPasswordList({ file: pathTo('worker/credentials/password-list.txt') }),
    letterWords({ folder: pathTo('words') }),
  ],
  define: {
    __APP_NAME__: JSON.stringify(appName),
    __PASSWORD_MIN_LENGTH__: JSON.stringify(passwordMinLength),
  },
  build: {
    outDir: pathTo('dist'),
    // A watcher that emptied dist/ would leave `npm run dev` without pages while it builds.
    emptyOutDir: !process.argv.includes('--watch'),
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Few chunks for the pages that people wait for: each costs a request and compresses by itself.
    rolldownOptions: { output: { codeSplitting: { groups: CHUNKS } } },
    // The browsers that know light-dark(): without them the stylesheet doubles.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  },
});
