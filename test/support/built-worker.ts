/**
 * The Worker of the tests in one file, as wrangler bundles it for a deployment, and wrangler.toml as Miniflare takes it.
 * Built once for a whole run: neither changes while it lasts, and a build takes longer than most tests.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SourcelessWorkerOptions } from 'wrangler';
import { bundleInto } from '../../scripts/wrangler.ts';

const ENTRIES = 'test/support/entries';
/** Names the folder of a build to the processes that run the tests. */
export const FOLDER_VARIABLE = 'REKEY_TEST_WORKER';

type BuiltWorker = {
  /** What wrangler.toml says, without the code. */
  readonly options: Omit<SourcelessWorkerOptions, 'bindings'>;
  /** Its `[vars]`. */
  readonly vars: Readonly<Record<string, string>>;
  /** All entries of the tests: each one's class under its own name, the Durable Object and the service. */
  readonly script: string;
};

/** The name that an entry's class has in the script. */
export const nameOf = (entry: string): string => entry.replace(/^.*\//, '').replaceAll(/\W/g, '_');

/** Builds it into a folder, in place of what is there. */
export const buildWorker = async (folder: string): Promise<void> => {
  const source = join(folder, 'entries.ts');
  const entries = readdirSync(ENTRIES).filter(file => file.endsWith('-worker.ts'));
  const lines = [
    ...entries.map(file => `export { default as ${nameOf(file)} } from '${resolve(ENTRIES, file)}';`),
    `export { PasswordHasher } from '${resolve('worker/credentials/password-hasher.ts')}';`,
    `export { RekeyService } from '${resolve(ENTRIES, 'test-worker.ts')}';`,
    'export default {};',
  ];
  writeFileSync(source, `${lines.join('\n')}\n`);
  await bundleInto(folder, [source]);
  // Wrangler takes a second to load: no test file should have to, so it is asked here and not there.
  const { unstable_getMiniflareWorkerOptions, unstable_readConfig } = await import('wrangler');
  const config = unstable_readConfig({ config: 'wrangler.toml' });
  // Without its bindings, which hold what is in .dev.vars as well: a developer's settings are not the tests'.
  const { bindings: _, ...options } = unstable_getMiniflareWorkerOptions(config).workerOptions;
  writeFileSync(join(folder, 'options.json'), JSON.stringify({ options, vars: config.vars }));
};

/** What was built for this run; outside of vitest, where nobody has, it is built now. */
export const readBuiltWorker = (): Promise<BuiltWorker> => {
  read ??= readOrBuild();
  return read;
};

let read: Promise<BuiltWorker> | undefined;

const readOrBuild = async (): Promise<BuiltWorker> => {
  const built = process.env[FOLDER_VARIABLE];
  if (built) return readFrom(built);
  const folder = createBuildFolder();
  try {
    await buildWorker(folder);
    return readFrom(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

export const createBuildFolder = (): string => {
  mkdirSync('.cache', { recursive: true });
  return resolve(mkdtempSync('.cache/test-worker-'));
};

const readFrom = (folder: string): BuiltWorker => ({
  ...(JSON.parse(readFileSync(join(folder, 'options.json'), 'utf8')) as Omit<BuiltWorker, 'script'>),
  script: readFileSync(join(folder, 'entries.js'), 'utf8'),
});
