/**
 * The Cloudflare account of a deployment, by wrangler: what is asked of it, what it answers, and what its failures mean.
 * Nothing is left to wrangler's own provisioning, which happens after the migrations would need it and says it nowhere.
 */
import type { RunWrangler } from '../wrangler.ts';
import { DeployError } from './deploy-error.ts';

export type Database = { uuid: string; name: string };
/** Null: nobody is logged in. `accounts` are those that the login opens. */
export type Login = { who: string; accounts: { id: string; name: string }[] };

/** Each command that is ever run, without the environment, which all of them take. */
export const COMMANDS = {
  whoAmI: () => ['whoami', '--json'],
  listDatabases: () => ['d1', 'list', '--json'],
  createDatabase: (name: string) => ['d1', 'create', name],
  showQueue: (name: string) => ['queues', 'info', name],
  createQueue: (name: string) => ['queues', 'create', name],
  listSecrets: () => ['secret', 'list', '--format', 'json'],
  // One request for all of them, read from its input. Where there is no Worker yet it makes an empty one to hold them.
  putSecrets: () => ['secret', 'bulk'],
  applyMigrations: () => ['d1', 'migrations', 'apply', 'DB', '--remote'],
  deploy: () => ['deploy'],
} satisfies Record<string, (name: string) => string[]>;

export type Account = ReturnType<typeof openAccount>;

export const openAccount = (runWrangler: RunWrangler, env: string) => {
  // Always said, so that a CLOUDFLARE_ENV somewhere does not choose another one.
  const ask = (command: string[], input?: string) => runWrangler([...command, `--env=${env}`], input);

  /** Wrangler's answer, or an error that ends with its own words. */
  const must = async (failed: string, toDo: string, command: string[], secrets?: Readonly<Record<string, string>>) => {
    const answer = await ask(command, secrets && JSON.stringify(secrets));
    if (answer.isDone) return answer;
    // As they are, and as they are in the JSON that it read.
    const hidden = Object.values(secrets ?? {}).flatMap(secret => [secret, JSON.stringify(secret).slice(1, -1)]);
    const words = hidden.reduce((text, secret) => text.replaceAll(secret, '...'), answer.words);
    throw new DeployError(`${failed} Wrangler says:\n${indented(words)}`, toDo);
  };
  const parsed = <Found>(stdout: string, what: string): Found => {
    try {
      return JSON.parse(stdout) as Found;
    } catch {
      throw new DeployError(
        `${what}: wrangler's answer cannot be read.`,
        'Is it the version in package.json? `npm ci`.',
      );
    }
  };

  return {
    async findLogin(): Promise<Login | null> {
      const { isDone, stdout, words } = await ask(COMMANDS.whoAmI());
      if (!isDone && /"loggedIn":\s*false/.test(stdout)) return null;
      if (!isDone) {
        const toDo = 'Is there a network? Else log in anew: `npx wrangler login`, or another CLOUDFLARE_API_TOKEN.';
        throw new DeployError(`Cloudflare does not say who you are. Wrangler says:\n${indented(words)}`, toDo);
      }
      const { email, authType, accounts } = parsed<{ email?: string; authType: string; accounts: Login['accounts'] }>(
        stdout,
        'Who you are',
      );
      return { who: email ?? authType, accounts };
    },

    async databases(): Promise<Database[]> {
      const failed = 'The databases of the account could not be listed.';
      const { stdout } = await must(failed, MAY_IT('D1: Edit'), COMMANDS.listDatabases());
      return parsed(stdout, 'The databases');
    },

    createDatabase: (name: string) =>
      must(`The database ${name} could not be created.`, MAY_IT('D1: Edit'), COMMANDS.createDatabase(name)),

    async hasQueue(name: string): Promise<boolean> {
      const { isDone, words } = await ask(COMMANDS.showQueue(name));
      if (isDone) return true;
      if (words.includes(`Queue "${name}" does not exist`)) return false;
      const failed = `Whether there is a queue ${name} could not be found out. Wrangler says:\n${indented(words)}`;
      throw new DeployError(failed, MAY_IT('Queues: Edit'));
    },

    createQueue: (name: string) =>
      must(`The queue ${name} could not be created.`, MAY_IT('Queues: Edit'), COMMANDS.createQueue(name)),

    /** The names of those that are deployed; none where there is no Worker yet. */
    async secretNames(): Promise<string[]> {
      const { isDone, stdout, words } = await ask(COMMANDS.listSecrets());
      if (isDone) return parsed<{ name: string }[]>(stdout, 'The secrets').map(({ name }) => name);
      if (/Worker "[^"]*"( \(env: [^)]*\))? not found/.test(words)) return [];
      const failed = `The secrets of the Worker could not be listed. Wrangler says:\n${indented(words)}`;
      throw new DeployError(failed, MAY_IT('Workers Scripts: Edit'));
    },

    putSecrets: (secrets: Readonly<Record<string, string>>) =>
      must('The secrets could not be put.', MAY_IT('Workers Scripts: Edit'), COMMANDS.putSecrets(), secrets),

    applyMigrations: () =>
      must(
        'The migrations could not be applied; the one that failed was taken back.',
        'The Worker that is deployed goes on as before. Mend what wrangler names.',
        COMMANDS.applyMigrations(),
      ),

    deploy: () =>
      must('The Worker could not be deployed.', 'Mend what wrangler names. The database is ready.', COMMANDS.deploy()),
  };
};

const MAY_IT = (permission: string) =>
  `Once in a while it is Cloudflare: https://www.cloudflarestatus.com. A CLOUDFLARE_API_TOKEN needs the permission ${permission}.`;

const indented = (words: string) => words.replace(/^(?=.)/gm, '  ');
