/**
 * `npm run build`: all that a plain `wrangler dev` or `wrangler deploy` needs beside the source. The page in dist/, with
 * the vars of wrangler.toml's environment (`--env`, else CLOUDFLARE_ENV), the local secrets and the local database.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildPages } from './build-pages.ts';
import { ensureDevVars } from './dev-vars.ts';
import { optionsTakenByNpm } from './options-taken-by-npm.ts';
import { applyMigrations } from './wrangler.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

try {
  const taken = optionsTakenByNpm(['env'], process.env);
  if (taken) throw new Error(taken);
  const { env = process.env.CLOUDFLARE_ENV ?? '' } = parseArgs({ options: { env: { type: 'string' } } }).values;
  const devVars = ensureDevVars(FOLDER);
  if (devVars.kind === 'made') console.log('.dev.vars made with new secrets.');
  if (devVars.kind === 'appended') console.log(`.dev.vars: added ${devVars.names.join(', ')}.`);
  await Promise.all([buildPages(env), applyMigrations(FOLDER)]);
  console.log('The page is in dist/, the local database is up to date.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
