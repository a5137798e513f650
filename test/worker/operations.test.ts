/** docs/operations.md, as it is written: what it tells an operator to type does what it says. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VERBS } from '../../scripts/admin/verbs.ts';
import { randomSecret } from '../../scripts/random-secret.ts';
import { startWrangler } from '../../scripts/wrangler.ts';
import { completeReset } from '../support/account.ts';
import { adminOf, NO_FLAGS } from '../support/admin-of.ts';
import { startChangeableRekey, TOKEN_SECRET } from '../support/harness.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person, tokenOf } from '../support/people.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = `${PROJECT}.cache/operations-test`;
const DOCUMENT = readFileSync(`${PROJECT}docs/operations.md`, 'utf8');

/** The commands of wrangler's in the part under this heading. */
const commandsUnder = (heading: string): string[] => {
  const part = DOCUMENT.split(/^## /m).find(text => text.startsWith(`${heading}\n`)) ?? '';
  const commands = [...part.matchAll(/`npx wrangler ([^`]+)`/g)].map(match => match[1] ?? '');
  if (commands.length === 0) throw new Error(`nothing is to be typed under "${heading}"`);
  return commands;
};
const statementsUnder = (heading: string): string[] =>
  commandsUnder(heading).flatMap(command => /--command "([^"]+)"/.exec(command)?.[1] ?? []);

let rekey: Awaited<ReturnType<typeof startChangeableRekey>>;
beforeAll(async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  rekey = await startChangeableRekey();
});
afterAll(async () => {
  await rekey.stop();
  rmSync(FOLDER, { recursive: true, force: true });
});

const TABLES = ['users', 'sessions', 'activity', 'reset_mails', 'notices', 'guesses'];

/** Everything of these tables, to be put back: what Time Travel does. */
const remember = async (): Promise<() => Promise<void>> => {
  const answers = await rekey.env.DB.batch(TABLES.map(table => rekey.env.DB.prepare(`SELECT * FROM ${table}`)));
  return async () => {
    await rekey.env.DB.batch([...TABLES].reverse().map(table => rekey.env.DB.prepare(`DELETE FROM ${table}`)));
    for (const [at, table] of TABLES.entries()) {
      const rows = answers[at]?.results ?? [];
      if (rows.length === 0) continue;
      const columns = Object.keys(rows[0] ?? {});
      const values = columns.map(column => `value ->> '${column}'`);
      const insert = `INSERT INTO ${table} (${columns}) SELECT ${values} FROM json_each(?)`;
      await rekey.env.DB.prepare(insert).bind(JSON.stringify(rows)).run();
    }
  };
};
const runAll = async (statements: readonly string[]): Promise<void> => {
  for (const statement of statements) await rekey.env.DB.prepare(statement).run();
};
const isGood = async (person: Person, token: string): Promise<boolean> =>
  (await person.post('/api/password-resets/check', { token })).status === 200;

describe('after a restore to a moment before a password was reset', () => {
  /** A link was used and a session ended, both of which a restore brings back. */
  const restored = async () => {
    const ada = await createRegistered(rekey);
    const thief = createPerson(rekey, 'thief', ada);
    await thief.signIn();
    const token = await ada.linkToken('password-resets', 'Password Reset Request');
    const putBack = await remember();
    expect((await completeReset(ada, token)).status).toBe(204);
    expect([await thief.whoAmI(), await isGood(ada, token)]).toEqual([null, false]);
    await putBack();
    return { ada, thief, token };
  };

  test('the used link and the ended session would be good again', async () => {
    const { ada, thief, token } = await restored();
    expect([await thief.whoAmI(), await isGood(ada, token)]).toEqual([ada.username, true]);
  });

  test('what the document says makes them dead, and everybody gets in again', async () => {
    const { ada, thief, token } = await restored();
    const statements = statementsUnder('Restore the database');
    expect(statements).toEqual(['DELETE FROM sessions']);
    await runAll(statements);
    await rekey.doors.changeSettings({ TOKEN_SECRET: randomSecret() });
    expect([await thief.whoAmI(), await isGood(ada, token)]).toEqual([null, false]);
    expect((await createPerson(rekey, 'ada', ada).signIn(PASSWORD)).status).toBe(200);
    const fresh = await ada.linkToken('password-resets', 'Password Reset Request');
    expect((await completeReset(ada, fresh)).status).toBe(204);
    await rekey.doors.changeSettings({});
  });
});

describe('a key', () => {
  test('that is put in front of the old one breaks no link; left out, the old one is dead', async () => {
    const ada = await createRegistered(rekey);
    const token = await ada.linkToken('password-resets', 'Password Reset Request');
    const fresh = randomSecret();
    await rekey.doors.changeSettings({ TOKEN_SECRET: `${fresh},${TOKEN_SECRET}` });
    expect(await isGood(ada, token)).toBe(true);
    const later = await ada.linkToken('password-resets', 'Password Reset Request');
    await rekey.doors.changeSettings({ TOKEN_SECRET: fresh });
    expect([await isGood(ada, token), await isGood(ada, later)]).toEqual([false, true]);
    await rekey.doors.changeSettings({});
  });
});

test('after a breach nobody is signed in, no link holds, and every account takes a new password', async () => {
  const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey)];
  const token = await ada.linkToken('password-resets', 'Password Reset Request');
  await rekey.doors.changeSettings({ TOKEN_SECRET: randomSecret() });
  const [empty = '', list = ''] = statementsUnder('After a breach here');
  await runAll([empty]);
  const { results } = await rekey.env.DB.prepare(list).all<{ email: string }>();
  writeFileSync(`${FOLDER}/all.txt`, results.map(({ email }) => email).join('\n'));
  const told = await VERBS['require-reset']?.run(adminOf(rekey), [`@${FOLDER}/all.txt`], NO_FLAGS);
  expect(told?.facts).toMatchObject({ listed: results.length, unknown: [] });
  for (const person of [ada, bob]) {
    expect(await person.whoAmI()).toBeNull();
    expect((await person.signIn()).body.code).toBe('reset_required');
    const mailed = tokenOf(
      await person.readMail(
        'Password Reset Request',
        person.mails().find(mail => mail.text?.includes(token)),
      ),
    );
    expect((await completeReset(person, mailed)).status).toBe(204);
    expect((await person.signIn(NEW_PASSWORD)).status).toBe(200);
  }
  expect(await isGood(ada, token)).toBe(false);
  await rekey.doors.changeSettings({});
});

test('each command that needs no account of Cloudflare is one that wrangler takes', { timeout: 120_000 }, async () => {
  const local = async (command: string) => {
    const lines: string[] = [];
    // As a shell would part it.
    const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    const args = words.map(word =>
      word === '--remote' ? '--local' : word === 'backup.sql' ? `${FOLDER}/backup.sql` : word,
    );
    const placed = [...args, ...(args.includes('export') ? [] : ['--persist-to', `${FOLDER}/state`])];
    const ended = await startWrangler(placed, { folder: PROJECT, onLine: line => void lines.push(line) }).ended;
    return { command, ended, said: lines.join('\n') };
  };
  await local('d1 migrations apply DB --remote');
  const commands = ['After a breach here', 'Restore the database'].flatMap(commandsUnder);
  const tried = commands.filter(command => /^d1 (execute|export) /.test(command));
  expect(tried.length).toBe(4);
  for (const command of new Set(tried)) {
    const { ended, said } = await local(command);
    expect([command, ended], said).toEqual([command, 'code 0']);
  }
});
