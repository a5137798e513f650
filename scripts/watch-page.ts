/**
 * Builds the page into dist/ and again after each change; tells its parent how each build went. Its own process, so that
 * a build never holds up the mailbox.
 */
import { rm } from 'node:fs/promises';
import { build } from 'vite';

export type PageBuilt = { readonly kind: 'built' } | { readonly kind: 'failed' };

const tell = (message: PageBuilt) => process.send?.(message);

// Cleared once, here: cleared at each rebuild, the folder would be empty for a moment and answer with an error.
await rm('dist', { recursive: true, force: true });
const watcher = await build({ logLevel: 'warn', build: { watch: {}, emptyOutDir: false } });
if (!('on' in watcher)) throw new Error('vite did not watch.');
let hasFailed = false;
watcher.on('event', event => {
  if (event.code === 'START') hasFailed = false;
  if (event.code === 'ERROR') {
    hasFailed = true;
    tell({ kind: 'failed' });
  }
  // END comes after an error too.
  if (event.code === 'END' && !hasFailed) tell({ kind: 'built' });
});
