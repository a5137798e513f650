/** Builds the pages into dist/, as `npm run build` and `npm run deploy` need them. */
import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

type Options = {
  /** Where the project is. */
  folder?: string;
  /** What vite says is told only where it fails, with the error; else it says it where this process does. */
  isQuiet?: boolean;
};

/** `env` is the environment of wrangler.toml whose vars go into them, '' the top level. */
export const buildPages = async (env: string, { folder = FOLDER, isQuiet = false }: Options = {}): Promise<void> => {
  const said: string[] = [];
  const ended = await startChild({
    script: `${FOLDER}node_modules/vite/bin/vite.js`,
    args: ['build'],
    folder,
    environment: { CLOUDFLARE_ENV: env },
    ...(isQuiet && { onLine: (line: string) => void said.push(line) }),
  }).ended;
  if (ended === 'code 0') return;
  const words = isQuiet ? ` It says:\n${said.join('\n')}` : '';
  throw new Error(`The page could not be built (${ended}).${words}`);
};
