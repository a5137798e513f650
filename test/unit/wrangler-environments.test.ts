/** wrangler.toml: staging is a whole second deployment, which shares nothing with the first, and has pages of its own. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { unstable_readConfig as readWranglerConfig } from 'wrangler';
import { startChild } from '../../scripts/child.ts';

/** What is looked at: wrangler's own type is `any` here. */
type Config = {
  name: string;
  vars: Record<string, unknown>;
  routes: unknown;
  triggers: { crons: string[] };
  assets: { directory: string };
  exports: object;
  d1_databases: { database_name: string }[];
  durable_objects: { bindings: { name: string }[] };
  queues: Record<'producers' | 'consumers', { queue: string; dead_letter_queue?: string }[]>;
  ratelimits: { namespace_id: string }[];
  analytics_engine_datasets: { binding: string; dataset: string }[];
};
const read = (env: string, config = 'wrangler.toml'): Config =>
  readWranglerConfig({ config, env }, { hideWarnings: true });
const production = read('');
const staging = read('staging');

/** What `npm run deploy` learns and writes is each one's own; so are the names by which the account knows its parts. */
const partsOf = (config: Config) => {
  const {
    definedEnvironments: _,
    targetEnvironment: __,
    account_id: ___,
    routes: ____,
    vars,
    ...parts
  } = config as Config & Record<string, unknown>;
  const databases = parts.d1_databases.map(one => ({ ...one, database_id: '' }));
  const text = JSON.stringify({ ...parts, d1_databases: databases, vars: Object.keys(vars).sort() });
  return JSON.parse(text.replaceAll(/rekey[-_]staging/g, 'rekey').replaceAll('"1002"', '"1001"'));
};

const namesOf = ({ name, d1_databases, queues, ratelimits, analytics_engine_datasets }: Config): string[] => [
  name,
  ...d1_databases.map(({ database_name }) => database_name),
  ...[...queues.producers, ...queues.consumers].map(({ queue }) => queue),
  ...queues.consumers.flatMap(({ dead_letter_queue }) => dead_letter_queue ?? []),
  ...ratelimits.map(({ namespace_id }) => namespace_id),
  ...analytics_engine_datasets.map(({ dataset }) => dataset),
];

test('staging has every part, var and switch that production has', () => {
  expect(partsOf(staging)).toEqual(partsOf(production));
});

test('staging shares no Worker, database, queue, counter or route with production', () => {
  expect(namesOf(production).length).toBeGreaterThanOrEqual(8);
  expect(namesOf(staging).filter(name => namesOf(production).includes(name))).toEqual([]);
  expect(staging.routes).toEqual([]);
});

test('staging inherits the cron, the assets and the Durable Object', () => {
  expect(staging.triggers.crons).toEqual(['*/5 * * * *']);
  expect(staging.assets.directory).toBe('dist');
  expect(staging.durable_objects.bindings.map(({ name }) => name)).toEqual(['PASSWORD_HASHER']);
  expect(staging.exports).toHaveProperty('PasswordHasher');
});

mkdirSync('.cache', { recursive: true });
const copy = resolve(mkdtempSync('.cache/environments-'));
afterAll(() => rmSync(copy, { recursive: true }));

test('the marks of comment taken off, counters and times are bound in both, each with a data set of its own', () => {
  const text = readFileSync('wrangler.toml', 'utf8');
  const config = join(copy, 'counted.toml');
  writeFileSync(config, text.replace(/^# (?=\[\[.*analytics_engine|binding = "METRICS"|dataset = )/gm, ''));
  const [first, second] = [read('', config), read('staging', config)];
  for (const { analytics_engine_datasets: bound } of [first, second]) {
    expect(bound).toEqual([{ binding: 'METRICS', dataset: expect.stringMatching(/^\w+$/) }]);
  }
  expect(partsOf(second)).toEqual(partsOf(first));
  expect(namesOf(second).filter(name => namesOf(first).includes(name))).toEqual([]);
});

test('`npm run build -- --env staging` writes the vars of staging into the pages', { timeout: 60_000 }, async () => {
  const PARTS = [
    'tsconfig.base.json',
    'migrations',
    'scripts',
    'test/mailbox',
    'web',
    'words',
    'worker',
    'package.json',
    'vite.config.ts',
  ];
  for (const part of PARTS) cpSync(part, join(copy, part), { recursive: true });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  const [above, below] = readFileSync('wrangler.toml', 'utf8').split('[env.staging.vars]');
  const renamed = below
    ?.replace(/^APP_NAME = .*$/m, 'APP_NAME = "Rehearsal"')
    .replace(/^PASSWORD_MIN_LENGTH = .*$/m, 'PASSWORD_MIN_LENGTH = "23"')
    .replace(/^MAIL_FROM = .*$/m, 'MAIL_FROM = "Rehearsal <stage@example.org>"');
  writeFileSync(join(copy, 'wrangler.toml'), `${above}[env.staging.vars]${renamed}`);

  const lines: string[] = [];
  const onLine = (line: string) => void lines.push(line);
  const script = join(copy, 'scripts/build.ts');
  const ended = await startChild({ script, args: ['--env', 'staging'], folder: copy, onLine }).ended;
  expect(ended, lines.join('\n')).toBe('code 0');

  expect(readFileSync(join(copy, 'dist/login.html'), 'utf8')).toContain('Rehearsal');
  const code = readdirSync(join(copy, 'dist/assets'))
    .filter(file => file.endsWith('.js'))
    .map(file => readFileSync(join(copy, 'dist/assets', file), 'utf8'))
    .join('\n');
  expect(code).toContain('Rehearsal <stage@example.org>');
  const description = readFileSync(join(copy, 'dist/api/openapi.json'), 'utf8');
  expect(/A new password: \d+/.exec(description)?.[0]).toBe('A new password: 23');
});
