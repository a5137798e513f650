/**
 * What a deployment cannot know by itself: taken from the environment where it is there, asked for at a terminal, and else
 * named all at once. What is set already and good is left alone.
 */
import type { Settings } from '../../worker/bindings.ts';
import { MAIL_PROVIDERS } from '../../worker/mail/mail-account.ts';
import type { Terminal } from '../terminal.ts';
import { DeployError } from './deploy-error.ts';
import { type Answers, type Asked, isAsked, isSecret, type Problem, problemsOf } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

type Given = { vars: Settings; deployed: ReadonlySet<string>; environment: Environment; say(line: string): void };

/** The provider is chosen once its key is deployed; until then it may be given, and is asked for. */
const isChosen = (deployed: ReadonlySet<string>) => deployed.has('MAIL_API_KEY');
const OF_THE_CHOICE: Asked[] = ['MAIL_PROVIDER', 'MAIL_REGION', 'MAIL_ACCOUNT'];
/** Those whose accounts are in one of two places, which no check can tell. */
const TWO_REGIONS = ['sendgrid', 'mailgun'];

/** What the environment gives of what is missing, wrong or not chosen yet. */
export const answersOf = ({ vars, deployed, environment }: Omit<Given, 'say'>): Answers => {
  const answers: Answers = {};
  const take = (name: Asked) => {
    const value = environment[name]?.trim();
    if (!value || answers[name] !== undefined) return false;
    answers[name] = value;
    return true;
  };
  if (!isChosen(deployed)) for (const name of OF_THE_CHOICE) take(name);
  // An answer may make another one needed.
  while (askedOf(problemsOf(vars, answers, deployed)).some(({ name }) => take(name)));
  return answers;
};

/** Asks until nothing is missing. Empty answers keep what stands in brackets. */
export const askAnswers = async (given: Given, terminal: Terminal): Promise<Answers> => {
  const { vars, deployed, say } = given;
  const answers = answersOf(given);
  const ask = async (name: Asked, usual = ''): Promise<string> => {
    const question = `  ${name}${usual && ` [${usual}]`}: `;
    const typed = await (isSecret(name) ? terminal.askSecret(question) : terminal.ask(question));
    if (typed === null) throw new DeployError('It was stopped at a question.', 'Nothing was deployed.');
    return typed || usual;
  };

  for (let [problem] = askedOf(problemsOf(vars, answers, deployed)); problem?.name === 'APP_URL'; ) {
    say(`  ${problem.name} should hold ${problem.shouldHold}`);
    answers.APP_URL = await ask('APP_URL');
    [problem] = askedOf(problemsOf(vars, answers, deployed));
  }
  if (!isChosen(deployed) && !given.environment.MAIL_PROVIDER) {
    say(`  MAIL_PROVIDER is who sends the mails: ${MAIL_PROVIDERS.join(', ')}`);
    answers.MAIL_PROVIDER = await ask('MAIL_PROVIDER', vars.MAIL_PROVIDER ?? 'resend');
    if (TWO_REGIONS.includes(answers.MAIL_PROVIDER) && !answers.MAIL_REGION) {
      say('  MAIL_REGION is where your account there is: us or eu');
      answers.MAIL_REGION = await ask('MAIL_REGION', vars.MAIL_REGION ?? 'us');
    }
  }
  for (;;) {
    const [problem] = askedOf(problemsOf(vars, answers, deployed));
    if (!problem) return answers;
    say(`  ${problem.name} should hold ${problem.shouldHold}`);
    answers[problem.name] = await ask(problem.name);
  }
};

const askedOf = (problems: Problem[]) => problems.filter((one): one is Problem & { name: Asked } => isAsked(one.name));

/** Says all that is missing or wrong, and how to give it. */
export const assertNothingMissing = (problems: Problem[], env: string): void => {
  if (problems.length === 0) return;
  const lines = problems.map(({ name, shouldHold }) => `  ${name} should hold ${shouldHold}`);
  const asked = askedOf(problems).map(({ name }) => name);
  const secrets = asked.filter(isSecret);
  const table = env === '' ? '[vars]' : `[env.${env}.vars]`;
  const ways = [
    asked.length > 0 && 'Run it at a terminal, which asks for them, or give them in the environment:',
    asked.length > 0 && `  ${asked.map(name => `${name}=...`).join(' ')} npm run deploy${env && ` -- --env ${env}`}`,
    asked.length > 0 && 'In Workers Builds they are build variables and secrets (Settings, Build).',
    asked.length > secrets.length && `What is no secret may also stand in wrangler.toml, ${table}.`,
    asked.length < problems.length &&
      `Mend the others in wrangler.toml, ${table}, or with \`npx wrangler secret put\`.`,
  ];
  throw new DeployError(`Missing or wrong:\n${lines.join('\n')}`, ways.filter(Boolean).join('\n'));
};
