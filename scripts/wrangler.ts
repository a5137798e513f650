/**
 * Running wrangler: where it is, the environment that keeps it quiet and at home, and which of its lines are for people.
 */
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { type Child, type ChildOptions, startChild } from './child.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const WRANGLER = fileURLToPath(new URL('../node_modules/wrangler/bin/wrangler.js', import.meta.url));

/** No telemetry, no look for updates, no fetch of a sample `request.cf`: a local Worker needs nothing from outside. */
const ENVIRONMENT = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_WRITE_LOGS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
};

/** A line of the list in which wrangler shows bindings as wrangler.toml has them, values of vars among them. */
export const LISTED_BINDING = /^env\.\w+ .*(local|remote|not supported)\s*$/;

const NOISE = [
  /^\s*$/,
  /^Your Worker has access to the following bindings:/,
  /^Binding +Resource/,
  LISTED_BINDING,
  /^Using secrets defined in /,
  /^Cloudflare collects anonymous telemetry/,
  /^⎔ /,
  /^\[wrangler:info\]/,
];
/** A warning of several lines that tells nothing new; the indented lines under it go with it. */
const NOISE_BLOCK = /Scheduled Workers are not automatically triggered/;

/** Makes a filter that keeps a line of `wrangler dev` when it is a warning, an error or the Worker's own. */
export function createLineFilter(): (line: string) => boolean {
  let isInNoiseBlock = false;
  return line => {
    const text = stripVTControlCharacters(line);
    if (NOISE_BLOCK.test(text)) isInNoiseBlock = true;
    else if (/^\S/.test(text)) isInNoiseBlock = false;
    return !isInNoiseBlock && !NOISE.some(noise => noise.test(text));
  };
}

export const startWrangler = (args: readonly string[], options: Omit<ChildOptions, 'script' | 'args'>): Child =>
  startChild({ ...options, script: WRANGLER, args, environment: { ...ENVIRONMENT, ...options.environment } });

/** What wrangler said until it ended. */
export type WranglerAnswer = {
  readonly isDone: boolean;
  readonly stdout: string;
  /** All of it, plain, for people. */
  readonly words: string;
};

export type RunWrangler = (args: readonly string[], input?: string) => Promise<WranglerAnswer>;

/** Makes a way of asking it; `environment` comes on top of this process's own. */
export const createWranglerRunner =
  (folder: string, environment: Readonly<Record<string, string>> = {}): RunWrangler =>
  async (args, input) => {
    const lines = { stdout: [] as string[], all: [] as string[] };
    const onLine = (line: string, stream: 'stdout' | 'stderr') => {
      if (stream === 'stdout') lines.stdout.push(line);
      lines.all.push(stripVTControlCharacters(line));
    };
    const options = { folder, environment, onLine, ...(input !== undefined && { input }) };
    const ended = await startWrangler(args, options).ended;
    return {
      isDone: ended === 'code 0',
      stdout: lines.stdout.join('\n'),
      words: lines.all.join('\n').trim() || `It ended without a word (${ended}).`,
    };
  };

/** Runs it to its end. Rejects with wrangler's own words, behind ours, when that fails. */
async function runWrangler(args: readonly string[], folder: string, failed: string): Promise<void> {
  const { isDone, words } = await createWranglerRunner(folder)(args);
  if (!isDone) throw new Error(`${failed}:\n${words}`);
}

/** Applies the migrations to the local database. Rejects with wrangler's own words when that fails. */
export const applyMigrations = (folder: string): Promise<void> =>
  runWrangler(['d1', 'migrations', 'apply', 'DB', '--local'], folder, 'The migrations could not be applied');

/** Bundles a Worker into a folder, as `wrangler deploy` would upload it; `more` are an entry or options of wrangler's. */
export const bundleInto = (outFolder: string, more: readonly string[] = []): Promise<void> =>
  runWrangler(['deploy', ...more, '--dry-run', '--outdir', outFolder], PROJECT, 'The Worker could not be bundled');
