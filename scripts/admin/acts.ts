/** What an operator does for people: each act stands in their activity, under the operator's name. */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { newStamp } from '../../worker/credentials/session-secret.ts';
import { endSessions } from '../../worker/store/sessions.ts';
import { closeAccount, findPerson, liftSuppressions, restoreAccount } from '../../worker/store/support.ts';
import { UNKNOWN_VISITOR } from '../../worker/visitor.ts';
import { AdminError } from './admin-error.ts';
import { addresseeOf, mustFind, nobodyIs, type Person } from './find-one.ts';
import type { Admin } from './open-admin.ts';
import type { Told } from './told.ts';

/** An act for a person, under the operator's name. */
const happening = ({ nowMs, operator }: Admin, { id }: Person) => ({
  userId: id,
  nowMs,
  operator,
  visitor: UNKNOWN_VISITOR,
});

/** As anybody may ask for it: by the API, under its limits, so that no link is ever in an operator's hands. */
export const sendReset = async (admin: Admin, wanted: string): Promise<Told> => {
  const { email } = await mustFind(admin, wanted);
  const call = `${admin.appUrl}/api/password-resets`;
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(call, { method: 'POST', headers, body: JSON.stringify({ email }) }).catch(() => null);
  if (!answer)
    throw new AdminError(`Nobody answers at ${admin.appUrl}. Start it (npm run dev), or say where it is: --url.`);
  if (answer.status !== 202) throw new AdminError(`${call} answered ${answer.status}: ${await answer.text()}`);
  return { facts: { asked: true }, text: 'Asked for. What becomes of the mail is in the timeline.' };
};

export const endAll = async (admin: Admin, wanted: string): Promise<Told> => {
  const person = await mustFind(admin, wanted);
  const ended = await endSessions(admin.db, happening(admin, person));
  return { facts: { ended }, text: `${ended} sessions ended.` };
};

export const lift = async (admin: Admin, wanted: string): Promise<Told> => {
  const person = await mustFind(admin, wanted);
  const lifted = await liftSuppressions(admin.db, await addresseeOf(admin, person), happening(admin, person));
  return { facts: { lifted }, text: lifted > 0 ? 'Mail goes out again.' : NOTHING_KNOWN };
};

const closeBy = (admin: Admin, how: Parameters<typeof closeAccount>[1], person: Person): Promise<boolean> =>
  closeAccount(admin.db, how, newStamp(), happening(admin, person));

export const close = async (admin: Admin, wanted: string): Promise<Told> => {
  const changed = await closeBy(admin, 'suspended', await mustFind(admin, wanted));
  return {
    facts: { changed },
    text: changed ? 'Suspended, and logged out everywhere.' : 'They were suspended already.',
  };
};

export const reopen = async (admin: Admin, wanted: string): Promise<Told> => {
  const changed = await restoreAccount(admin.db, happening(admin, await mustFind(admin, wanted)));
  return { facts: { changed }, text: changed ? 'Restored: they may log in again.' : 'They were not suspended.' };
};

/** One person, or all of a list: after a breach elsewhere. Whoever is not found is named, and keeps no other from it. */
export const requireResets = async (admin: Admin, wanted: string): Promise<Told> => {
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
