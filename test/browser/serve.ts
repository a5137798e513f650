/**
 * The application for the browser tests: the shipped Worker in `wrangler dev`, with a database and secrets of its own in
 * .cache/browser, and a mailbox. Passwords are hashed at a low cost: nothing here is about it.
 */
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { ensureDevVars } from '../../scripts/dev-vars.ts';
import { LISTED_BINDING, startWrangler } from '../../scripts/wrangler.ts';
import { startMailbox } from '../mailbox/mailbox.ts';
import { LOG } from './log-file.ts';
import { APP_PORT, APP_URL, MAILBOX_PORT, MAILBOX_URL } from './ports.ts';

const folder = fileURLToPath(new URL('../..', import.meta.url));
const home = `${folder}.cache/browser`;
const state = ['--persist-to', `${home}/state`];

rmSync(`${home}/state`, { recursive: true, force: true });
mkdirSync(home, { recursive: true });
ensureDevVars(home);
writeFileSync(LOG, '');

const onLine = (line: string) => {
  const text = stripVTControlCharacters(line);
  // The sender's address stands in that list, which is no log of the Worker's.
  if (!LISTED_BINDING.test(text)) appendFileSync(LOG, `${text}\n`);
  console.log(line);
};
const migrated = await startWrangler(['d1', 'migrations', 'apply', 'DB', '--local', ...state], { folder, onLine })
  .ended;
if (migrated !== 'code 0') throw new Error(`The migrations could not be applied: ${migrated}`);

const settings = { APP_URL, MAIL_API_URL: MAILBOX_URL, SCRYPT: 'ln=10,r=8,p=1', REFUSAL_FLOOR_MS: '50' };
const worker = startWrangler(
  [
    'dev',
    ...[
      '--port',
      String(APP_PORT),
      '--env-file',
      `${home}/.dev.vars`,
      '--show-interactive-dev-session=false',
      ...state,
    ],
    ...Object.entries(settings).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
  ],
  { folder, onLine },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => worker.stop().then(() => process.exit()));
worker.ended.then(how => {
  console.error(`wrangler dev ended: ${how}`);
  process.exit(1);
});

// The mailbox opens last: Playwright starts when it answers.
while (!(await fetch(`${APP_URL}/api/health`).catch(() => null))?.ok) {
  await new Promise(resolve => setTimeout(resolve, 200));
}
await startMailbox({ port: MAILBOX_PORT, appUrl: APP_URL });
