/** What `npm run admin` can do, each verb with its help. */
import { close, endAll, lift, reopen, requireResets, sendReset } from './acts.ts';
import { counts, find, timeline } from './look-ups.ts';
import type { Admin } from './open-admin.ts';
import { lines, type Told } from './told.ts';
import { exportUsers } from './transfer/export-users.ts';
import { type ImportFlags, importUsers } from './transfer/import-users.ts';

type Verb = {
  usage: string;
  about: string;
  takes: { least: number; most: number };
  /** Options of its own. */
  flags?: readonly (readonly [string, string])[];
  run(admin: Admin, given: readonly string[], flags: ImportFlags): Promise<Told>;
};

const PERSON = '<address, username or id>';
const ofOne = { least: 1, most: 1 };
const withOne = (run: (admin: Admin, wanted: string) => Promise<Told>) => (admin: Admin, given: readonly string[]) =>
  run(admin, given[0] ?? '');

export const VERBS: Readonly<Record<string, Verb>> = {
  find: { usage: `find ${PERSON}`, about: 'who that is, and how they stand', takes: ofOne, run: withOne(find) },
  timeline: {
    usage: `timeline ${PERSON}`,
    about: 'what happened to them and what they were mailed, newest first',
    takes: ofOne,
    run: withOne(timeline),
  },
  'send-reset': {
    usage: `send-reset ${PERSON}`,
    about: 'mails them a reset link, by the limits that hold for everybody',
    takes: ofOne,
    run: withOne(sendReset),
  },
  'end-sessions': {
    usage: `end-sessions ${PERSON}`,
    about: 'logs them out everywhere',
    takes: ofOne,
    run: withOne(endAll),
  },
  suspend: {
    usage: `suspend ${PERSON}`,
    about: 'logs them out everywhere and lets them in no more, until they are restored',
    takes: ofOne,
    run: withOne(close),
  },
  restore: { usage: `restore ${PERSON}`, about: 'lets the suspended in again', takes: ofOne, run: withOne(reopen) },
  'require-reset': {
    usage: 'require-reset <address, username, id or @file>',
    about: 'logs them out everywhere; logging in takes a new password. A file has one of them a line',
    takes: ofOne,
    run: withOne(requireResets),
  },
  'lift-suppression': {
    usage: `lift-suppression ${PERSON}`,
    about: 'lets mail go out again to an address that bounced or complained',
    takes: ofOne,
    run: withOne(lift),
  },
  counts: {
    usage: 'counts [2026-11-23]',
    about: 'how often what happened on a day (UTC; today, without one)',
    takes: { least: 0, most: 1 },
    run: (admin, given) => counts(admin, given[0]),
  },
  import: {
    usage: 'import <file.csv or .jsonl>',
    about: 'brings in users of another system, with the passwords that they have',
    takes: ofOne,
    flags: [
      ['--dry-run', 'go through the file and write nothing'],
      ['--yes', 'import what is good although some rows are refused'],
      ['--rename', 'give a new username to whoever has none that fits, or one that is taken'],
      ['--ignore <a,b>', 'columns of the file that are of no use here'],
    ],
    run: (admin, given, flags) => importUsers(admin, given[0] ?? '', flags),
  },
  export: {
    usage: 'export <file.csv or .jsonl>',
    about: 'writes all users into a file that import reads, hashes included',
    takes: ofOne,
    run: (admin, given) => exportUsers(admin, given[0] ?? ''),
  },
};

const OPTIONS_HELP = lines([
  ['--remote', 'the deployed database, not the local one'],
  ['--env <name>', "one of wrangler.toml's environments"],
  ['--json', 'the answer as JSON'],
  ['--operator <name>', 'who acts, as the person will read it; REKEY_OPERATOR or your user name, without it'],
  ['--url <address>', 'where the Worker answers, in place of APP_URL'],
  ['--state <folder>', 'where the local database is, in place of .wrangler/state'],
]);

export const HELP = `npm run admin -- <verb> [options]

${lines(Object.values(VERBS).map(({ usage, about }) => [usage, about]))}

${OPTIONS_HELP}

Whatever is done stands in the person's activity, under the operator's name. No password, token or link is ever shown.
npm run admin -- <verb> --help says more of one.`;

export const helpOf = (name: string): string => {
  const verb = VERBS[name];
  if (!verb) return HELP;
  const own = verb.flags ? `\n\n${lines(verb.flags)}` : '';
  return `npm run admin -- ${verb.usage}\n\n${verb.about}${own}\n\n${OPTIONS_HELP}`;
};
