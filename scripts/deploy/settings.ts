/**
 * What a deployment has to know: which settings stand in wrangler.toml, which secrets are deployed, and what is missing or
 * wrong still, as the Worker's own configuration judges it.
 */
import type { SettingName, Settings } from '../../worker/bindings.ts';
import { isLoopback, readConfig } from '../../worker/config.ts';
import { randomSecret } from '../random-secret.ts';

export const MADE_SECRETS = ['TOKEN_SECRET', 'LOOKUP_SECRET'] as const;
const GIVEN_SECRETS = ['MAIL_API_KEY', 'MAIL_FALLBACK_API_KEY'] as const;
/** In the order in which they are asked for. What a provider needs comes behind it. */
const ASKED = [
  'APP_URL',
  'MAIL_PROVIDER',
  'MAIL_REGION',
  'MAIL_ACCOUNT',
  'MAIL_FROM',
  'MAIL_API_KEY',
  'MAIL_FALLBACK_REGION',
  'MAIL_FALLBACK_ACCOUNT',
  'MAIL_FALLBACK_FROM',
  'MAIL_FALLBACK_API_KEY',
] as const satisfies SettingName[];

export type Asked = (typeof ASKED)[number];
export type Answers = { [Name in Asked]?: string };
/** A setting that is missing or wrong, and what it should hold. */
export type Problem = { name: SettingName; shouldHold: string };

export const isSecret = (name: string): boolean => GIVEN_SECRETS.some(secret => secret === name);
export const isAsked = (name: SettingName): name is Asked => ASKED.some(asked => asked === name);

/** Stands for a key that is deployed and cannot be read: good for every provider. */
const DEPLOYED_KEY = 'DEPLOYEDANDNOTKNOWN:here';

/** The whole configuration with the answers so far; those that are deployed count as good. */
export const settingsWith = (vars: Settings, answers: Answers, deployed: ReadonlySet<string>): Settings => {
  const known = Object.fromEntries(GIVEN_SECRETS.filter(name => deployed.has(name)).map(name => [name, DEPLOYED_KEY]));
  const made = Object.fromEntries(MADE_SECRETS.map(name => [name, randomSecret()]));
  return { ...vars, ...answers, ...known, ...made };
};

/** The settings of a deployment that has all its secrets. */
export const settingsDeployed = (vars: Settings): Settings => settingsWith(vars, {}, new Set(GIVEN_SECRETS));

/** What is missing or wrong, in the order of the questions; what is none of them comes last. */
export const problemsOf = (vars: Settings, answers: Answers, deployed: ReadonlySet<string>): Problem[] => {
  const settings = settingsWith(vars, answers, deployed);
  const isKnown = isForPeople(settings.APP_URL ?? '');
  // Judged as on https in any case: all that is missing is named at once.
  const outcome = readConfig(isKnown ? settings : { ...settings, APP_URL: 'https://app.example.com' });
  const told = outcome.kind === 'bad' ? outcome.problems.map(readProblem) : [];
  const appUrl: Problem = {
    name: 'APP_URL',
    shouldHold: 'the https address where people will open it, such as https://accounts.example.com',
  };
  const place = ({ name }: Problem) => (isAsked(name) ? ASKED.indexOf(name) : ASKED.length);
  return [...(isKnown ? [] : [appUrl]), ...told].sort((a, b) => place(a) - place(b));
};

/** What the environment gives otherwise than it is set already: whoever gave it should hear that it changes nothing. */
export const notTaken = (settings: Settings, environment: Readonly<Record<string, string | undefined>>) =>
  ASKED.filter(name => !isSecret(name) && environment[name]?.trim()).flatMap(name => {
    const value = settings[name];
    return value === undefined || value === environment[name]?.trim() ? [] : [[name, value] as const];
  });

const isForPeople = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url?.protocol === 'https:' && !isLoopback(url.hostname);
};

const readProblem = (told: string): Problem => {
  const [, name = told, shouldHold = ''] = /^(\w+) should hold (.*)$/s.exec(told) ?? [];
  return { name: name as SettingName, shouldHold };
};
