/** Which of Cloudflare's accounts it goes to: a login may open several, and a second try must not take another one. */

import type { Terminal } from '../terminal.ts';
import type { RunWrangler } from '../wrangler.ts';
import { type Account, type Login, openAccount } from './account.ts';
import { DeployError } from './deploy-error.ts';
import { editConfig } from './edit-config.ts';
import type { Environment } from './find-answers.ts';
import type { WranglerConfig } from './read-config.ts';
import type { Steps } from './steps.ts';

type Given = {
  path: string;
  env: string;
  config: WranglerConfig;
  environment: Environment;
  terminal: Terminal | null;
  createRunner(environment: Record<string, string>): RunWrangler;
};

/** Null in a dry run of somebody who is not logged in. */
export const findAccount = async (given: Given, { isDryRun, say }: Steps): Promise<Account | null> => {
  const { env, config, environment, createRunner } = given;
  const named = config.account_id ?? environment.CLOUDFLARE_ACCOUNT_ID;
  const login = await openAccount(createRunner({}), env)
    .findLogin()
    .catch((error: unknown): Login => {
      // A token may be for deployments alone, and not tell whose it is.
      if (named && error instanceof DeployError) return { who: 'whoever the token is for', accounts: [] };
      throw error;
    });
  if (!login) {
    const toDo = 'Log in: `npx wrangler login`. Where there is no browser, set CLOUDFLARE_API_TOKEN.';
    if (!isDryRun) throw new DeployError('Wrangler is not logged in to Cloudflare.', toDo);
    say('Not logged in to Cloudflare: shown as if nothing were there yet');
    return null;
  }
  const [only, ...others] = login.accounts;
  const id = named ?? (only && others.length === 0 ? only.id : await chooseAccount(login.accounts, given, isDryRun));
  say(`Use the account ${login.accounts.find(one => one.id === id)?.name ?? id}, as ${login.who}`);
  // With every command, so that an account which wrangler remembers is never taken instead.
  return openAccount(createRunner({ CLOUDFLARE_ACCOUNT_ID: id }), env);
};

const chooseAccount = async (accounts: Login['accounts'], given: Given, isDryRun: boolean): Promise<string> => {
  const { path, env, terminal } = given;
  const listed = accounts.map(({ id, name }) => `  ${id}  ${name}`).join('\n');
  const failed = `This login opens ${accounts.length} accounts, and nothing says which:\n${listed}`;
  const toDo = 'Put one into wrangler.toml above the first table, account_id = "...", or into CLOUDFLARE_ACCOUNT_ID.';
  if (!terminal || isDryRun || accounts.length === 0) throw new DeployError(failed, toDo);
  const typed = await terminal.ask(`This login opens several accounts:\n${listed}\n  account_id: `);
  const chosen = accounts.find(({ id }) => id === typed);
  if (!chosen) throw new DeployError('That is none of these accounts.', toDo);
  editConfig(path, env, [{ table: '', key: 'account_id', value: chosen.id }], read => read.account_id === chosen.id);
  return chosen.id;
};
