/** Builds the pages into dist/, as `npm run build` and `npm run deploy` need them. */
import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

/**
 * `folder` is where the project is. `env` is the environment of wrangler.toml whose vars go into them, '' the top level. `onLine` hears what vite says; left
 * out, it says it where this process does.
 */
export const buildPages = async (env: string, onLine?: (line: string) => void, folder = FOLDER): Promise<void> => {
  const ended = await startChild({
    script: `${FOLDER}node_modules/vite/bin/vite.js`,
    args: ['build'],
    folder,
    environment: { CLOUDFLARE_ENV: env },
    ...(onLine && { onLine }),
  }).ended;
  if (ended !== 'code 0') throw new Error(`The page could not be built (${ended}).`);
};
