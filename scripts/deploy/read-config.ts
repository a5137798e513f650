/** wrangler.toml as wrangler reads it, with an error of ours where it cannot be used, or where wrangler would take another part of it. */
import { unstable_readConfig } from 'wrangler';
import { DeployError } from './deploy-error.ts';

/** What is read of an environment of wrangler.toml. Wrangler's own type says `any` of most of it. */
export type WranglerConfig = {
  name: string;
  compatibility_date?: string;
  account_id?: string;
  routes?: unknown[];
  definedEnvironments?: string[];
  vars: Record<string, unknown>;
  assets?: { binding?: string };
  d1_databases: { binding: string; database_name?: string; database_id?: string }[];
  queues: {
    producers?: { binding: string; queue: string }[];
    consumers?: { queue: string; dead_letter_queue?: string }[];
  };
  durable_objects: { bindings: { name: string }[] };
  ratelimits?: { name: string }[];
};

/** Reads an environment, '' being the top level. */
export const readWranglerConfig = (path: string, env: string): WranglerConfig => {
  const config = readByWrangler(path, env);
  // Where there is no environment at all, wrangler warns alone, and takes the top level's database and queues.
  if (env === '' || config.definedEnvironments?.includes(env)) return config;
  throw new DeployError(
    `wrangler.toml has no [env.${env}].`,
    'It has no environment at all, and wrangler would take the top level for one.',
  );
};

const readByWrangler = (path: string, env: string): WranglerConfig => {
  try {
    return unstable_readConfig({ config: path, env }, { hideWarnings: true }) as WranglerConfig;
  } catch (error) {
    throw new DeployError(`wrangler.toml cannot be used: ${(error as Error).message.trim()}`, 'Mend it.');
  }
};
