/**
 * A deployment, from its configuration to the operator's mailbox. Every step looks first at what is there and keeps it, so
 * what stopped anywhere is taken up by running again.
 */
import { join } from 'node:path';
import type { Settings } from '../../worker/bindings.ts';
import type { MailAccount } from '../../worker/mail/mail-account.ts';
import type { Mailer } from '../../worker/mail/mailer.ts';
import { randomSecret } from '../random-secret.ts';
import type { Terminal } from '../terminal.ts';
import type { RunWrangler } from '../wrangler.ts';
import { COMMANDS } from './account.ts';
import { assertUsable } from './check-config.ts';
import { checkHealth, type Outside } from './check-health.ts';
import { DeployError } from './deploy-error.ts';
import { editConfig } from './edit-config.ts';
import { ensureDatabase, ensureQueues, lookAround, typedFor } from './ensure-resources.ts';
import { findAccount } from './find-account.ts';
import { answersOf, askAnswers, assertNothingMissing, type Environment } from './find-answers.ts';
import { readWranglerConfig, type WranglerConfig } from './read-config.ts';
import { findOperator, sendTestMail } from './send-test-mail.ts';
import { type Answers, isAsked, isSecret, MADE_SECRETS, notTaken, problemsOf, settingsWith } from './settings.ts';
import { createSteps, type Steps } from './steps.ts';

export type DeployOptions = Outside & {
  /** Where wrangler.toml is. */
  folder: string;
  /** Of wrangler.toml's environments; '' is its top level. */
  env: string;
  isDryRun: boolean;
  /** Where answers may stand. */
  environment: Environment;
  /** Null: there is nobody to ask. */
  terminal: Terminal | null;
  say(line: string): void;
  /** Wrangler, with more in its environment. */
  createRunner(environment: Record<string, string>): RunWrangler;
  buildPages(env: string): Promise<void>;
  createMailer(account: MailAccount): Mailer;
};

export const runDeploy = async (options: DeployOptions): Promise<void> => {
  const { env, environment, isDryRun, buildPages } = options;
  const path = join(options.folder, 'wrangler.toml');
  const steps = createSteps(options.say, isDryRun);
  const { say, change } = steps;

  const config = readWranglerConfig(path, env);
  say(`Read wrangler.toml: the Worker ${config.name}`);
  assertUsable(options.folder, config, env);
  const account = await findAccount({ ...options, path, config }, steps);
  say('Look at what is there: databases, queues, secrets');
  const there = await lookAround(account, config);

  const { answers, settings, appUrl, unknown } = await settle(options, config, new Set(there.secrets), steps);
  const key = answers.MAIL_API_KEY ?? environment.MAIL_API_KEY;
  const operator = key ? await findOperator(environment, isDryRun ? null : options.terminal) : null;

  await writeAnswers(answers, config, { path, env }, steps);
  const given = { account, config, path, env };
  await ensureDatabase(given, there, steps);
  await ensureQueues(given, there, steps);

  const isKeptInstead = (name: string) => isSecret(name) && environment[name];
  for (const name of there.secrets)
    say(`Keep the secret ${name}${isKeptInstead(name) ? ', not the one that was given' : ''}`);
  const secrets = secretsFor(answers, there.secrets);
  const names = [...Object.keys(secrets), ...unknown.filter(isSecret)];
  if (names.length > 0) {
    const typed = typedFor(env, COMMANDS.putSecrets());
    await change(`Put the secrets ${names.join(', ')}`, typed, () => account?.putSecrets(secrets));
  }

  // Before the migrations: pages that cannot be built stop everything while nothing has changed for anybody.
  await change('Build the pages', `npm run build${env && ` -- --env ${env}`}`, () =>
    buildPages(env).catch((error: Error) => {
      throw new DeployError(error.message, 'Mend what it names; `npm run build` shows it again.');
    }),
  );
  await change('Apply the migrations', typedFor(env, COMMANDS.applyMigrations()), () => account?.applyMigrations());
  await change(`Deploy the Worker ${config.name}`, typedFor(env, COMMANDS.deploy()), () => account?.deploy());
  await change(`Ask ${appUrl}/api/health how it is`, 'for a minute at most', async () =>
    say(`It answers, as version ${await checkHealth(appUrl, options)}`),
  );
  if (unknown.includes('MAIL_API_KEY')) say('Would send a test mail to you, with the key that was given');
  else
    await sendTestMail(
      { ...options, settings, appUrl, key, isKeyDeployed: Boolean(answers.MAIL_API_KEY), to: operator },
      steps,
    );
  say(isDryRun ? 'That was a dry run: nothing was changed.' : `Done: ${appUrl}`);
};

/** Everything that the Worker has to know, judged as it judges it itself. A dry run says what is `unknown`, and goes on. */
const settle = async (options: DeployOptions, config: WranglerConfig, deployed: Set<string>, steps: Steps) => {
  const { env, environment, terminal } = options;
  const vars: Settings = Object.fromEntries(Object.entries(config.vars).map(([name, value]) => [name, String(value)]));
  const given = { vars, deployed, environment, say: steps.say };
  const answers = terminal && !steps.isDryRun ? await askAnswers(given, terminal) : answersOf(given);
  const problems = problemsOf(vars, answers, deployed);
  const missing = steps.isDryRun ? problems.filter(({ name }) => isAsked(name)) : [];
  assertNothingMissing(
    problems.filter(one => !missing.includes(one)),
    env,
  );
  steps.say(`Check the configuration: ${missing.length > 0 ? 'good but for what is missing' : 'good'}`);
  for (const { name, shouldHold } of missing) steps.say(`Would ask for ${name}: it should hold ${shouldHold}`);
  const settings = settingsWith(vars, answers, deployed);
  for (const [name, value] of notTaken(settings, environment)) {
    steps.say(`Keep ${name} = ${value}, not the one that was given: to change it, write it into wrangler.toml`);
  }
  const unknown = missing.map(({ name }) => name);
  const appUrl = unknown.includes('APP_URL') ? 'https://...' : new URL(settings.APP_URL ?? '').origin;
  if (!unknown.includes('APP_URL')) tellOfRoutes(config, appUrl, steps);
  return { answers, settings, appUrl, unknown };
};

/** No error: a route of the zone may lead there, too. */
const tellOfRoutes = ({ routes }: WranglerConfig, appUrl: string, { say }: Steps): void => {
  const { host } = new URL(appUrl);
  if (host.endsWith('.workers.dev') || routes?.length) return;
  say(
    `Mind that ${host} has to lead here: routes = [{ pattern = "${host}", custom_domain = true }] in wrangler.toml does that`,
  );
};

const writeAnswers = async (
  answers: Answers,
  { vars }: WranglerConfig,
  { path, env }: { path: string; env: string },
  { change }: Steps,
): Promise<void> => {
  const learnt = Object.entries(answers).filter(([name, value]) => !isSecret(name) && value !== vars[name]);
  if (learnt.length === 0) return;
  const edits = learnt.map(([key, value]) => ({ table: 'vars', key, value }));
  await change(`Write ${learnt.map(([name]) => name).join(', ')} into wrangler.toml`, 'a line each', () =>
    editConfig(path, env, edits, read => learnt.every(([name, value]) => read.vars[name] === value)),
  );
};

/** Those that are not deployed yet: a deployed one is never put again. */
const secretsFor = (answers: Answers, deployed: string[]): Record<string, string> => ({
  ...Object.fromEntries(MADE_SECRETS.filter(name => !deployed.includes(name)).map(name => [name, randomSecret()])),
  ...Object.fromEntries(Object.entries(answers).filter(([name]) => isSecret(name) && !deployed.includes(name))),
});
