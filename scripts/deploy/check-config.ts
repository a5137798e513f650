/**
 * What of wrangler.toml has to be as it is before anything is made or changed: wrangler itself would only warn, or say
 * nothing, and deploy what does not work or what belongs to another deployment.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SettingName } from '../../worker/bindings.ts';
import { DeployError } from './deploy-error.ts';
import { readWranglerConfig, type WranglerConfig } from './read-config.ts';

const SECRETS: SettingName[] = [
  'TOKEN_SECRET',
  'LOOKUP_SECRET',
  'MAIL_API_KEY',
  'MAIL_WEBHOOK_SECRET',
  'MAIL_FALLBACK_API_KEY',
  'MAIL_FALLBACK_WEBHOOK_SECRET',
  'FIREBASE_SIGNER_KEY',
];

const headerOf = (env: string): string => (env === '' ? 'The top level of wrangler.toml' : `[env.${env}]`);

export const assertUsable = (folder: string, config: WranglerConfig, env: string): void => {
  const other = ['wrangler.json', 'wrangler.jsonc'].find(file => existsSync(join(folder, file)));
  if (other) throw new DeployError(`Wrangler would read ${other} in place of wrangler.toml.`, 'Keep one of them.');
  assertAllIsBound(config, env);
  assertDeadLettersAreKnown(config);
  const shown = SECRETS.filter(name => name in config.vars);
  if (shown.length === 0) return;
  throw new DeployError(
    `${headerOf(env)} has ${shown.join(', ')} among its vars, where everybody can read it.`,
    'Take it out there. `npm run deploy` puts what it asks for or makes, `npx wrangler secret put` any of them;\n' +
      'a value that others have seen is replaced by a new one.',
  );
};

/** An environment inherits no binding. Without one the Worker would be deployed, and fail at whoever needs it. */
const assertAllIsBound = (config: WranglerConfig, env: string): void => {
  const { assets, d1_databases, durable_objects, queues, ratelimits = [] } = config;
  const bound = new Set([
    assets?.binding,
    ...d1_databases.map(({ binding }) => binding),
    ...(queues.producers ?? []).map(({ binding }) => binding),
    ...durable_objects.bindings.map(({ name }) => name),
    ...ratelimits.map(({ name }) => name),
  ]);
  const needed = ['DB', 'MAIL_QUEUE', 'MAIL_DEAD_LETTERS', 'PASSWORD_HASHER', 'RATE_LIMITER', 'ASSETS'];
  const missing = needed.filter(name => !bound.has(name));
  if (missing.length === 0) return;
  const toDo = 'An environment inherits none: [env.staging] shows all that one needs, each with a name of its own.';
  throw new DeployError(`${headerOf(env)} does not bind ${missing.join(', ')}.`, toDo);
};

/** worker/mail-consumer.ts knows that queue by its name, and whoever renames things may not. */
const assertDeadLettersAreKnown = ({ queues: { consumers = [] } }: WranglerConfig): void => {
  const name = consumers.map(one => one.dead_letter_queue ?? '').find(one => one !== '' && !one.endsWith('-dead'));
  if (name) throw new DeployError(`The queue of dead letters is called ${name}.`, 'Its name has to end in "-dead".');
};

/** Whoever copies an environment may copy its database's id or name, too: two Workers would then share all accounts. */
export const assertOwnDatabase = (uuid: string, path: string, { name, definedEnvironments = [] }: WranglerConfig) => {
  for (const env of ['', ...definedEnvironments]) {
    const other = readIfUsable(path, env);
    const hasIt = other?.d1_databases.some(({ binding, database_id }) => binding === 'DB' && database_id === uuid);
    if (!other || !hasIt || other.name === name) continue;
    throw new DeployError(
      `The database ${uuid} is that of the Worker ${other.name}.`,
      'Two deployments share none: give this one another database_name, and\n' +
        'database_id = "00000000-0000-0000-0000-000000000000", which asks for a new one.',
    );
  }
};

/** What is wrong with another environment keeps this one from nothing. */
const readIfUsable = (path: string, env: string): WranglerConfig | null => {
  try {
    return readWranglerConfig(path, env);
  } catch {
    return null;
  }
};
