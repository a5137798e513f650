/**
 * `npm run deploy`: checks the configuration, creates what is missing at Cloudflare, applies the migrations, builds, deploys,
 * asks the deployment how it is, and writes to the operator. Running again goes on where it stopped.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../worker/clock.ts';
import { createMailer } from '../worker/mail/create-mailer.ts';
import { buildPages } from './build-pages.ts';
import { DeployError } from './deploy/deploy-error.ts';
import { runDeploy } from './deploy/run-deploy.ts';
import { optionsTakenByNpm } from './options-taken-by-npm.ts';
import { createTerminal } from './terminal.ts';
import { createWranglerRunner } from './wrangler.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

const HELP = `npm run deploy -- [--env NAME] [--dry-run]

  --env NAME   one of wrangler.toml's environments, such as staging; else CLOUDFLARE_ENV, else the top level
  --dry-run    shows every step, and runs only what changes nothing

At a terminal it asks for what it cannot know. Without one it takes it from the environment: APP_URL, MAIL_PROVIDER, MAIL_REGION,
MAIL_ACCOUNT, MAIL_FROM, MAIL_API_KEY; OPERATOR_EMAIL is where a test mail goes. What is deployed already is kept.`;

const OPTIONS = {
  env: { type: 'string', default: process.env.CLOUDFLARE_ENV ?? '' },
  'dry-run': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const readArguments = () => {
  const taken = optionsTakenByNpm(['env', 'dry-run'], process.env);
  try {
    if (taken) throw new Error(taken);
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(1);
  }
};

const isAtTerminal = () => Boolean(process.stdin.isTTY && process.stdout.isTTY && !process.env.CI);

const run = async (): Promise<void> => {
  const values = readArguments();
  if (values.help) return console.log(HELP);
  await runDeploy({
    folder: FOLDER,
    env: values.env,
    isDryRun: values['dry-run'],
    environment: process.env,
    terminal: isAtTerminal() ? createTerminal(process.stdin, process.stdout) : null,
    say: line => console.log(line),
    createRunner: environment => createWranglerRunner(FOLDER, environment),
    buildPages: env => buildPages(env, { isQuiet: true }),
    createMailer: account => createMailer(account, systemClock),
    fetch,
  });
};

try {
  await run();
  process.exit(0);
} catch (error) {
  if (!(error instanceof DeployError)) throw error;
  console.error(`\n${error.message}\n\n${error.toDo}\n\nRunning \`npm run deploy\` again goes on from here.`);
  process.exit(1);
}
