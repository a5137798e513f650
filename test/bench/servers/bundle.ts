/** A Worker's one file, as `wrangler deploy` would upload it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleInto } from '../../../scripts/wrangler.ts';

const FOLDER = fileURLToPath(new URL('../../..', import.meta.url));

const bundles = new Map<string, Promise<string>>();

/** Bundles by a wrangler.toml, its path below the project; once a process. Rejects with wrangler's own words when that fails. */
export const bundleWorker = (config: string): Promise<string> => {
  const bundle = bundles.get(config) ?? bundleAnew(config);
  bundles.set(config, bundle);
  return bundle;
};

const bundleAnew = async (config: string): Promise<string> => {
  const home = `${FOLDER}.cache/bench/${config.replaceAll(/\W+/g, '-')}`;
  await bundleInto(home, ['--config', config]);
  const main = /^main = "(?:.*\/)?(.+)\.ts"$/m.exec(readFileSync(`${FOLDER}${config}`, 'utf8'))?.[1];
  return readFileSync(`${home}/${main}.js`, 'utf8');
};
