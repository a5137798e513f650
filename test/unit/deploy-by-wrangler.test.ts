/**
 * `npm run deploy` with the real wrangler, against a stand-in for Cloudflare's API on loopback: every command is one that it
 * takes, its answers are read rightly, and it sends what it should.
 */
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWranglerRunner, type RunWrangler } from '../../scripts/wrangler.ts';
import { startCloudflareApi } from '../support/cloudflare-api.ts';
import { ANSWERS, APP_URL, createScene, MAIL_KEY, type Scene } from '../support/deployment.ts';

type Api = Awaited<ReturnType<typeof startCloudflareApi>>;
let api: Api;
let scene: Scene;
const calls: string[] = [];
const environment = { ...ANSWERS, OPERATOR_EMAIL: '' };

beforeAll(async () => {
  api = await startCloudflareApi();
  scene = createScene();
  for (const part of ['migrations', 'package.json', 'tsconfig.base.json', 'worker']) {
    cpSync(part, join(scene.folder, part), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(scene.folder, 'node_modules'));
  mkdirSync(join(scene.folder, 'dist'));
  writeFileSync(join(scene.folder, 'dist/404.html'), 'There is nothing here.');
});
afterAll(async () => {
  scene.end();
  await api.close();
});

/** Whoever tests here is logged in as somebody else, and stays so. */
const createRunner = (more: Record<string, string>): RunWrangler => {
  const atHome = { CLOUDFLARE_API_BASE_URL: api.url, CLOUDFLARE_API_TOKEN: 'token', XDG_CONFIG_HOME: scene.folder };
  const run = createWranglerRunner(scene.folder, { CLOUDFLARE_ACCOUNT_ID: '', ...atHome, ...more });
  return (args, input) => {
    calls.push(args.join(' '));
    return run(args, input);
  };
};

test('from nothing to a deployed Worker, by the same commands as with the stand-in for wrangler', {
  timeout: 120_000,
}, async () => {
  expect(await scene.deploy({ createRunner, environment })).toBeNull();
  expect(api.unknown).toEqual([]);

  const [database] = api.databases;
  expect(api.databases.map(({ name }) => name)).toEqual(['rekey']);
  const applied = database?.statements.flatMap(sql => /values \('([^']+\.sql)'\)/.exec(sql)?.[1] ?? []);
  expect(applied).toEqual(readdirSync('migrations').filter(file => file.endsWith('.sql')));
  expect(api.queues).toMatchObject([
    { queue_name: 'rekey-mail', consumers: [{ script: 'rekey', dead_letter_queue: 'rekey-mail-dead' }] },
    { queue_name: 'rekey-mail-dead', consumers: [{ script: 'rekey' }] },
  ]);
  const { secrets, upload, schedules } = api.workers.rekey ?? {};
  expect(secrets).toEqual({
    TOKEN_SECRET: expect.stringMatching(/^[\w-]{43}$/),
    LOOKUP_SECRET: expect.stringMatching(/^[\w-]{43}$/),
    MAIL_API_KEY: MAIL_KEY,
  });
  expect(upload?.bindings).toEqual(
    expect.arrayContaining([
      { type: 'plain_text', name: 'APP_URL', text: APP_URL },
      { type: 'plain_text', name: 'MAIL_FROM', text: ANSWERS.MAIL_FROM },
      { type: 'd1', name: 'DB', id: database?.uuid },
      { type: 'queue', name: 'MAIL_QUEUE', queue_name: 'rekey-mail' },
    ]),
  );
  expect(upload?.exports).toHaveProperty('PasswordHasher');
  expect(schedules).toEqual(['*/5 * * * *']);

  const standIn = createScene();
  expect(await standIn.deploy({ environment })).toBeNull();
  expect(calls).toEqual(standIn.wrangler.read().calls.map(({ args }) => args.join(' ')));
  standIn.end();
});

test('what is there is found: a second run would make nothing', { timeout: 60_000 }, async () => {
  scene.lines.length = 0;
  expect(await scene.deploy({ createRunner, environment: {}, isDryRun: true })).toBeNull();
  expect(scene.lines.filter(line => line.startsWith('Keep'))).toEqual([
    `Keep the database ${api.databases[0]?.uuid}`,
    'Keep the queue rekey-mail',
    'Keep the queue rekey-mail-dead',
    'Keep the secret TOKEN_SECRET',
    'Keep the secret LOOKUP_SECRET',
    'Keep the secret MAIL_API_KEY',
  ]);
});

test('staging is a deployment that wrangler takes', { timeout: 60_000 }, async () => {
  const { isDone, words } = await createRunner({})(['deploy', '--dry-run', '--env=staging']);
  expect(isDone, words).toBe(true);
  for (const part of [
    'rekey-staging-mail)',
    'rekey-staging-mail-dead)',
    'PasswordHasher',
    'RATE_LIMITER',
    'env.ASSETS',
    'env.DB',
  ]) {
    expect(words).toContain(part);
  }
  // Of what an environment does not inherit, it would warn.
  expect(words).not.toContain('WARNING');
});

test('who is not logged in is told so', { timeout: 60_000 }, async () => {
  const loggedOut = (more: Record<string, string>) => createRunner({ ...more, CLOUDFLARE_API_TOKEN: '' });
  expect(await scene.deploy({ createRunner: loggedOut, environment })).toContain(
    'Wrangler is not logged in to Cloudflare.',
  );
});
