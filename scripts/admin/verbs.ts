/** What `npm run admin` can do, each verb with its help. */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { newStamp } from '../../worker/credentials/session-secret.ts';
import { endSessions } from '../../worker/store/sessions.ts';
import {
  closeAccount,
  countBetween,
  findPerson,
  findStanding,
  findTimeline,
  liftSuppressions,
  restoreAccount,
} from '../../worker/store/support.ts';
import { UNKNOWN_VISITOR } from '../../worker/visitor.ts';
import { AdminError } from './admin-error.ts';
import type { Admin } from './open-admin.ts';
import { iso, lines, said, type Told } from './told.ts';
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

type Person = NonNullable<Awaited<ReturnType<typeof findPerson>>>;

const DAY_MS = 24 * 3600 * 1000;
const TIMELINE_ROWS = 200;

const nobodyIs = (wanted: string) => `Nobody has the address, username or id ${JSON.stringify(wanted)}.`;

const mustFind = async ({ db }: Admin, wanted: string): Promise<Person> => {
  const person = await findPerson(db, wanted.trim());
  if (!person) throw new AdminError(nobodyIs(wanted));
  return person;
};

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

const stateOf = ({ suspendedAt, resetRequiredAt }: Person): string => {
  if (suspendedAt !== null) return `suspended ${said(suspendedAt)}`;
  return resetRequiredAt === null ? 'open' : `after a reset alone, since ${said(resetRequiredAt)}`;
};

const addresseeOf = async ({ addressKeyOf }: Admin, { id, email }: Person) => ({
  userId: id,
  addressKey: await addressKeyOf(email),
});

/** An act for a person, under the operator's name. */
const happening = ({ nowMs, operator }: Admin, { id }: Person) => ({
  userId: id,
  nowMs,
  operator,
  visitor: UNKNOWN_VISITOR,
});

const find = async (admin: Admin, wanted: string): Promise<Told> => {
  const person = await mustFind(admin, wanted);
  const standing = await findStanding(admin.db, await addresseeOf(admin, person), admin.nowMs);
  const suppressed = standing.suppressed.map(({ reason, since, until }) => ({
    reason,
    since: iso(since),
    until: isoOrNull(until),
  }));
  const { createdAt, suspendedAt, resetRequiredAt, ...who } = person;
  const seenAt = standing.lastSeenAt;
  const facts = {
    ...who,
    createdAt: iso(createdAt),
    suspendedAt: isoOrNull(suspendedAt),
    resetRequiredAt: isoOrNull(resetRequiredAt),
    sessions: standing.sessions,
    lastSeenAt: isoOrNull(seenAt),
    suppressed,
  };
  const mail = suppressed.map(
    ({ reason, since, until }) => `${reason} ${since}, ${until ? `until ${until}` : 'until lifted'}`,
  );
  const rows: [string, string][] = [
    ['id', person.id],
    ['username', person.username],
    ['address', person.email],
    ['address before', person.previousEmail ?? 'none in the last 7 days'],
    ['language', person.language],
    ['since', said(createdAt)],
    ['signing in', stateOf(person)],
    ['sessions', `${standing.sessions}${seenAt === null ? '' : `, last seen ${said(seenAt)}`}`],
    ['mail', mail.join('; ') || 'goes out'],
  ];
  return { facts, text: lines(rows) };
};

const timeline = async (admin: Admin, wanted: string): Promise<Told> => {
  const { id } = await mustFind(admin, wanted);
  const { activity, mails } = await findTimeline(admin.db, id, TIMELINE_ROWS);
  const entries = [
    ...activity.map(({ at, kind, userAgent, country, operator }) => ({
      atMs: at,
      what: kind as string,
      more: [userAgent, country, operator && `by ${operator}`].filter(part => part).join(', '),
    })),
    ...mails.map(({ createdAt, changedAt, kind, state, provider, failures }) => ({
      atMs: createdAt,
      what: `mail ${kind}`,
      more: `${state} (${provider}) ${said(changedAt)}${failures > 0 ? `, ${failures} tries failed` : ''}`,
    })),
  ].sort((a, b) => b.atMs - a.atMs);
  const facts = entries.map(({ atMs, ...entry }) => ({ at: iso(atMs), ...entry }));
  const width = Math.max(0, ...entries.map(({ what }) => what.length));
  const text = entries.map(({ atMs, what, more }) => `${said(atMs)}  ${what.padEnd(width)}  ${more}`.trimEnd());
  return { facts, text: text.join('\n') || 'Nothing has happened, or it is longer ago than what is kept.' };
};

/** As anybody may ask for it: by the API, under its limits, so that no link is ever in an operator's hands. */
const sendReset = async (admin: Admin, wanted: string): Promise<Told> => {
  const { email } = await mustFind(admin, wanted);
  const call = `${admin.appUrl}/api/password-resets`;
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(call, { method: 'POST', headers, body: JSON.stringify({ email }) }).catch(() => null);
  if (!answer)
    throw new AdminError(`Nobody answers at ${admin.appUrl}. Start it (npm run dev), or say where it is: --url.`);
  if (answer.status !== 202) throw new AdminError(`${call} answered ${answer.status}: ${await answer.text()}`);
  return { facts: { asked: true }, text: 'Asked for. What becomes of the mail is in the timeline.' };
};

const endAll = async (admin: Admin, wanted: string): Promise<Told> => {
  const person = await mustFind(admin, wanted);
  const ended = await endSessions(admin.db, happening(admin, person));
  return { facts: { ended }, text: `${ended} sessions ended.` };
};

const lift = async (admin: Admin, wanted: string): Promise<Told> => {
  const person = await mustFind(admin, wanted);
  const lifted = await liftSuppressions(admin.db, await addresseeOf(admin, person), happening(admin, person));
  return { facts: { lifted }, text: lifted > 0 ? 'Mail goes out again.' : NOTHING_KNOWN };
};

const closeBy = (admin: Admin, how: Parameters<typeof closeAccount>[1], person: Person): Promise<boolean> =>
  closeAccount(admin.db, how, newStamp(), happening(admin, person));

const close = async (admin: Admin, wanted: string): Promise<Told> => {
  const changed = await closeBy(admin, 'suspended', await mustFind(admin, wanted));
  return {
    facts: { changed },
    text: changed ? 'Suspended, and logged out everywhere.' : 'They were suspended already.',
  };
};

const reopen = async (admin: Admin, wanted: string): Promise<Told> => {
  const changed = await restoreAccount(admin.db, happening(admin, await mustFind(admin, wanted)));
  return { facts: { changed }, text: changed ? 'Restored: they may log in again.' : 'They were not suspended.' };
};

/** One person, or all of a list: after a breach elsewhere. Whoever is not found is named, and keeps no other from it. */
const requireResets = async (admin: Admin, wanted: string): Promise<Told> => {
  if (!wanted.startsWith('@')) {
    const changed = await closeBy(admin, 'reset_required', await mustFind(admin, wanted));
    const text = changed ? 'Logged out everywhere; they need a new password to log in.' : 'They needed one already.';
    return { facts: { changed }, text };
  }
  const listed = readList(wanted.slice(1));
  const unknown: string[] = [];
  let changed = 0;
  for (const [at, one] of listed.entries()) {
    const person = await findPerson(admin.db, one);
    if (!person) unknown.push(one);
    else if (await closeBy(admin, 'reset_required', person)) changed += 1;
    if ((at + 1) % 100 === 0) admin.say(`${at + 1} of ${listed.length}`);
    await setTimeout(PACE_MS);
  }
  const facts = { listed: listed.length, changed, unknown };
  const text = [`${changed} of ${listed.length} need a new password now.`, ...unknown.map(nobodyIs)].join('\n');
  return { facts, text };
};

/** The database serves people meanwhile. */
const PACE_MS = 20;

const readList = (path: string): string[] => {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== '');
  } catch {
    throw new AdminError(`There is no file ${path} to read. Write one address, username or id a line into it.`);
  }
};

const NOTHING_KNOWN =
  'Nothing is known against an address of theirs. Without LOOKUP_SECRET in the environment only those are known that the ' +
  'account was written to in the last 30 days.';

const counts = async ({ db, nowMs }: Admin, day = iso(nowMs).slice(0, 10)): Promise<Told> => {
  const fromMs = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // A 31st of February is taken for a day in March.
  if (Number.isNaN(fromMs) || !iso(fromMs).startsWith(day))
    throw new AdminError(`${JSON.stringify(day)} is no day. Write it as 2026-11-23, in UTC.`);
  const counted = await countBetween(db, fromMs, fromMs + DAY_MS);
  const rows = [
    ...counted.activity.map(({ kind, times }) => [kind, String(times)] as const),
    ...counted.mails.map(({ kind, state, times }) => [`mail ${kind}, ${state}`, String(times)] as const),
  ];
  return { facts: { day, ...counted }, text: rows.length > 0 ? lines(rows) : `Nothing happened on ${day}.` };
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
