/**
 * `npm run admin -- <verb>`: what an operator looks up and does for people, in the local database or, with `--remote`, in
 * the deployed one. Whatever it does stands in the person's own activity, under the operator's name.
 */
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { AdminError } from './admin/admin-error.ts';
import { HELP, helpOf, VERBS } from './admin/verbs.ts';
import { optionsTakenByNpm } from './options-taken-by-npm.ts';

const OPTIONS = {
  remote: { type: 'boolean', default: false },
  env: { type: 'string' },
  json: { type: 'boolean', default: false },
  operator: { type: 'string', default: process.env.REKEY_OPERATOR ?? userInfo().username },
  state: { type: 'string' },
  url: { type: 'string' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
  rename: { type: 'boolean' },
  ignore: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Those that only some verbs know. */
const OWN_FLAGS = ['dry-run', 'yes', 'rename', 'ignore'] as const;

const readArguments = () => {
  const taken = optionsTakenByNpm(['remote', 'env', 'dry-run'], process.env);
  if (taken) throw new AdminError(taken);
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new AdminError(`${(error as Error).message}\n\n${HELP}`);
  }
};

const run = async (): Promise<{ said: string; hasFailed?: boolean }> => {
  const { values, positionals } = readArguments();
  const [name = '', ...given] = positionals;
  if (name === '' || name === 'help') return { said: given[0] ? helpOf(given[0]) : HELP };
  const verb = VERBS[name];
  if (!verb) throw new AdminError(`There is no ${name}.\n\n${HELP}`);
  if (values.help) return { said: helpOf(name) };
  if (given.length < verb.takes.least || given.length > verb.takes.most) throw new AdminError(helpOf(name));
  const known = verb.flags?.map(([flag]) => flag.slice(2).split(' ')[0]) ?? [];
  const stray = OWN_FLAGS.find(flag => values[flag] !== undefined && !known.includes(flag));
  if (stray) throw new AdminError(`${name} knows no --${stray}.\n\n${helpOf(name)}`);
  // The owner reads it.
  if (!/^[^\p{Cc}]{1,60}$/u.test(values.operator)) throw new AdminError('--operator is a name of 1 to 60 characters.');
  // Wrangler takes a second to load: help and mistakes need not wait for it.
  const { openAdmin } = await import('./admin/open-admin.ts');
  const admin = await openAdmin(values);
  try {
    const flags = {
      dryRun: values['dry-run'] ?? false,
      yes: values.yes ?? false,
      rename: values.rename ?? false,
      ignored: new Set(values.ignore?.split(',').map(column => column.trim())),
    };
    const { facts, text, hasFailed = false } = await verb.run(admin, given, flags);
    return { said: values.json ? JSON.stringify(facts, null, 2) : text, hasFailed };
  } finally {
    await admin.close();
  }
};

try {
  const { said, hasFailed } = await run();
  console.log(said);
  process.exit(hasFailed ? 1 : 0);
} catch (error) {
  if (!(error instanceof AdminError)) throw error;
  console.error(error.message);
  process.exit(1);
}
