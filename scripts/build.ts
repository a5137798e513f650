/**
 * `npm run build`: all that a plain `wrangler dev` or `wrangler deploy` needs beside the source. The page in dist/, the
 * local secrets and the local database.
 */
import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';
import { ensureDevVars } from './dev-vars.ts';
import { applyMigrations } from './wrangler.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

async function buildPage(): Promise<void> {
  const script = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url));
  const ended = await startChild({ script, args: ['build'], folder: FOLDER }).ended;
  if (ended !== 'code 0') throw new Error(`The page could not be built (${ended}).`);
}

try {
  const devVars = ensureDevVars(FOLDER);
  if (devVars.kind === 'made') console.log('.dev.vars made with new secrets.');
  if (devVars.kind === 'appended') console.log(`.dev.vars: added ${devVars.names.join(', ')}.`);
  await Promise.all([buildPage(), applyMigrations(FOLDER)]);
  console.log('The page is in dist/, the local database is up to date.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
