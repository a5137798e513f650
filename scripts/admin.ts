/**
 * `npm run admin -- <verb>`: what an operator looks up and does for people, in the local database or, with `--remote`, in
 * the deployed one. Whatever it does stands in the person's own activity, under the operator's name.
 */
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { AdminError } from './admin/admin-error.ts';
import { HELP, helpOf, VERBS } from './admin/verbs.ts';

const OPTIONS = {
  remote: { type: 'boolean', default: false },
  env: { type: 'string' },
  json: { type: 'boolean', default: false },
  operator: { type: 'string', default: process.env.REKEY_OPERATOR ?? userInfo().username },
  state: { type: 'string' },
  url: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const readArguments = () => {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new AdminError(`${(error as Error).message}\n\n${HELP}`);
  }
};

const run = async (): Promise<string> => {
  const { values, positionals } = readArguments();
  const [name = '', ...given] = positionals;
  if (name === '' || name === 'help') return given[0] ? helpOf(given[0]) : HELP;
  const verb = VERBS[name];
  if (!verb) throw new AdminError(`There is no ${name}.\n\n${HELP}`);
  if (values.help) return helpOf(name);
  if (given.length < verb.takes.least || given.length > verb.takes.most) throw new AdminError(helpOf(name));
  // The owner reads it.
  if (!/^[^\p{Cc}]{1,60}$/u.test(values.operator)) throw new AdminError('--operator is a name of 1 to 60 characters.');
  // Wrangler takes a second to load: help and mistakes need not wait for it.
  const { openAdmin } = await import('./admin/open-admin.ts');
  const admin = await openAdmin(values);
  try {
    const { facts, text } = await verb.run(admin, given);
    return values.json ? JSON.stringify(facts, null, 2) : text;
  } finally {
    await admin.close();
  }
};

try {
  console.log(await run());
  process.exit(0);
} catch (error) {
  if (!(error instanceof AdminError)) throw error;
  console.error(error.message);
  process.exit(1);
}
