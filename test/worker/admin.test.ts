/** `npm run admin`: each verb against a running Rekey, and the command as it is typed. */
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { VERBS } from '../../scripts/admin/verbs.ts';
import { startChild } from '../../scripts/child.ts';
import { startWrangler } from '../../scripts/wrangler.ts';
import { fromBase64Url } from '../../worker/credentials/base64.ts';
import { mailAddressKey } from '../../worker/credentials/lookup-key.ts';
import { adminOf, NO_FLAGS } from '../support/admin-of.ts';
import { LOOKUP_SECRET, type Rekey, startRekey } from '../support/harness.ts';
import { askedJob } from '../support/mail-jobs.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person, tokenOf } from '../support/people.ts';
import { findScans } from '../support/query-plans.ts';
import { rowsOfUser, storedUser, waitForMailRecords, wholeDatabase } from '../support/rows.ts';

const FOLDER = fileURLToPath(new URL('../..', import.meta.url));
const OPERATOR = 'Grace Hopper';
const DAY_MS = 24 * 3600 * 1000;

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());
afterEach(() => {
  vi.unstubAllGlobals();
});

const queries = new Set<string>();

const run = async (verb: string, ...given: string[]) => {
  const admin = adminOf(rekey, { queries, operator: OPERATOR, lookupSecret });
  const told = await VERBS[verb]?.run(admin, given, NO_FLAGS);
  if (!told) throw new Error(`there is no verb ${verb}`);
  return told as { facts: Record<string, unknown>; text: string };
};

const SECRET = fromBase64Url(LOOKUP_SECRET) ?? new Uint8Array();
/** Null: it is not at hand. */
let lookupSecret: typeof SECRET | null = SECRET;

const suppress = async ({ email }: Person, until: number | null) => {
  await rekey.env.DB.prepare(
    `INSERT INTO suppressions (address_key, reason, since, until) VALUES (?, 'complained', ?, ?)`,
  )
    .bind(await mailAddressKey({ lookupSecret: SECRET }, email), Date.now(), until)
    .run();
};

describe('find', () => {
  test('finds a person by address, username or id, and shows nothing secret', async () => {
    const ada = await createRegistered(rekey);
    const user = await storedUser(rekey, ada);
    for (const wanted of [ada.email.toUpperCase(), ` ${ada.username} `, user.id]) {
      const { facts, text } = await run('find', wanted);
      expect(facts).toMatchObject({
        id: user.id,
        email: ada.email,
        username: ada.username,
        sessions: 1,
        suppressed: [],
      });
      expect(text).toContain(ada.email);
      for (const shown of [text, JSON.stringify(facts)]) {
        expect(shown).not.toMatch(/scrypt/);
        expect(shown).not.toContain(user.security_stamp);
      }
    }
  });

  test('says who cannot be found', async () => {
    for (const wanted of ['nobody@example.com', '', "' OR 1=1 --"]) {
      await expect(run('find', wanted)).rejects.toThrow(
        `Nobody has the address, username or id ${JSON.stringify(wanted)}.`,
      );
    }
  });
});

test('timeline tells what happened and what was mailed, newest first', async () => {
  const ada = await createRegistered(rekey);
  await ada.askReset();
  await ada.readMail('Password Reset Request');
  await waitForMailRecords(rekey);
  const { facts, text } = await run('timeline', ada.username);
  const entries = facts as unknown as { at: string; what: string; more: string }[];
  const whats = entries.map(({ what }) => what);
  expect(whats).toContain('registered');
  expect(whats).toContain('mail reset');
  expect(entries.map(({ at }) => at)).toEqual(
    entries
      .map(({ at }) => at)
      .sort()
      .reverse(),
  );
  expect(text).toContain('accepted (resend)');
  expect(text).not.toContain(tokenOf(await ada.readMail('Password Reset Request')));
});

test('timeline tells of what the limits held back', async () => {
  const ada = await createRegistered(rekey);
  for (let asked = 0; asked < 4; asked += 1) expect(await rekey.deliver(askedJob('reset_asked', ada))).toBe('acked');
  const whats = ((await run('timeline', ada.email)).facts as unknown as { what: string }[]).map(({ what }) => what);
  expect(whats.filter(what => what === 'reset_limited')).toHaveLength(1);
  expect(whats.filter(what => what === 'mail reset')).toHaveLength(3);
});

test('send-reset mails a link that works, and shows none', async () => {
  const ada = await createRegistered(rekey);
  vi.stubGlobal('fetch', (address: string, init: { method: string; headers: Record<string, string>; body: string }) =>
    rekey.fetch(new URL(address).pathname, init),
  );
  const { facts, text } = await run('send-reset', ada.email);
  const token = tokenOf(await ada.readMail('Password Reset Request'));
  expect((await ada.post('/api/password-resets/check', { token })).status).toBe(200);
  expect(`${text}${JSON.stringify(facts)}`).not.toContain(token);
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
  await expect(run('send-reset', ada.email)).rejects.toThrow('Nobody answers at http://localhost:8787.');
  vi.stubGlobal('fetch', async () => new Response('{"code":"misconfigured"}', { status: 500 }));
  await expect(run('send-reset', ada.email)).rejects.toThrow('answered 500: {"code":"misconfigured"}');
});

test('end-sessions logs a person out everywhere, once, and the owner reads who did it', async () => {
  const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey)];
  const phone = createPerson(rekey, 'phone', ada);
  await phone.signIn();
  expect((await run('end-sessions', ada.email)).facts).toEqual({ ended: 2 });
  expect((await run('end-sessions', ada.email)).facts).toEqual({ ended: 0 });
  expect([await ada.whoAmI(), await phone.whoAmI(), await bob.whoAmI()]).toEqual([null, null, bob.username]);
  expect((await ada.signIn(PASSWORD)).status).toBe(200);
  const { activity } = (await ada.get('/api/account/activity')).body as {
    activity: { kind: string; operator: string }[];
  };
  expect(activity.filter(({ kind }) => kind === 'sessions_ended')).toMatchObject([{ operator: OPERATOR }]);
  expect(activity.filter(({ kind }) => kind === 'signed_in')[0]).toMatchObject({ operator: null });
});

test('lift-suppression lets mail go out again, for this person alone', async () => {
  const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey)];
  await suppress(ada, null);
  await suppress(bob, Date.now() + DAY_MS);
  expect((await run('find', ada.email)).facts).toMatchObject({ suppressed: [{ reason: 'complained', until: null }] });
  expect((await run('lift-suppression', ada.email)).facts).toEqual({ lifted: 1 });
  expect((await run('lift-suppression', ada.email)).facts).toEqual({ lifted: 0 });
  expect((await run('find', ada.email)).facts).toMatchObject({ suppressed: [] });
  expect((await run('find', bob.email)).facts).toMatchObject({ suppressed: [{ reason: 'complained' }] });
  const { id } = await storedUser(rekey, ada);
  const lifted = (await rowsOfUser(rekey, 'activity', id)).filter(({ kind }) => kind === 'suppression_lifted');
  expect(lifted).toMatchObject([{ operator: OPERATOR }]);

  // Without the secret, by what the account was mailed.
  lookupSecret = null;
  expect((await run('lift-suppression', bob.email)).text).toContain('LOOKUP_SECRET');
  await bob.askReset();
  await bob.readMail('Password Reset Request');
  await waitForMailRecords(rekey);
  expect((await run('lift-suppression', bob.email)).facts).toEqual({ lifted: 1 });
  lookupSecret = SECRET;
});

test('suspend closes an account for every session and link, and restore revives none of them', async () => {
  const ada = await createRegistered(rekey);
  const reset = await ada.linkToken('password-resets', 'Password Reset Request');
  expect((await run('suspend', ada.email)).facts).toEqual({ changed: true });
  expect((await run('suspend', ada.email)).facts).toEqual({ changed: false });
  expect((await run('find', ada.email)).facts).toMatchObject({ suspendedAt: expect.any(String), sessions: 0 });
  expect(await ada.whoAmI()).toBeNull();
  expect((await ada.signIn()).body.code).toBe('suspended');
  expect((await run('restore', ada.email)).facts).toEqual({ changed: true });
  expect((await run('restore', ada.email)).facts).toEqual({ changed: false });
  expect(await ada.whoAmI()).toBeNull();
  expect((await ada.post('/api/password-resets/check', { token: reset })).status).toBe(400);
  expect((await ada.signIn()).status).toBe(200);
  const { activity } = (await ada.get('/api/account/activity')).body as {
    activity: { kind: string; operator: string }[];
  };
  const kinds = activity.filter(({ operator }) => operator === OPERATOR).map(({ kind }) => kind);
  expect(kinds).toEqual(['restored', 'suspended']);
});

describe('require-reset', () => {
  test('lets one person in by a new password alone', async () => {
    const ada = await createRegistered(rekey);
    expect((await run('require-reset', ada.username)).facts).toEqual({ changed: true });
    expect((await run('require-reset', ada.username)).facts).toEqual({ changed: false });
    expect(await ada.whoAmI()).toBeNull();
    expect((await ada.signIn()).body.code).toBe('reset_required');
    const token = tokenOf(await ada.readMail('Password Reset Request'));
    expect((await ada.post('/api/password-resets/complete', { token, password: NEW_PASSWORD })).status).toBe(204);
    expect((await ada.signIn(NEW_PASSWORD)).status).toBe(200);
  });

  test('takes a list, names whom it does not find, and leaves nobody else alone', async () => {
    const [ada, bob, eve] = [
      await createRegistered(rekey),
      await createRegistered(rekey),
      await createRegistered(rekey),
    ];
    const file = `${FOLDER}.cache/admin-list.txt`;
    writeFileSync(file, `${ada.email}\n\nnobody@example.com\r\n  ${bob.username}\n`);
    const { facts, text } = await run('require-reset', `@${file}`);
    rmSync(file);
    expect(facts).toEqual({ listed: 3, changed: 2, unknown: ['nobody@example.com'] });
    expect(text).toContain('nobody@example.com');
    expect([await ada.whoAmI(), await bob.whoAmI(), await eve.whoAmI()]).toEqual([null, null, eve.username]);
    await expect(run('require-reset', '@no-such-file')).rejects.toThrow('There is no file no-such-file');
  });
});

test('counts counts a day, and reading changes nothing', async () => {
  await createRegistered(rekey);
  const before = await wholeDatabase(rekey);
  const today = new Date().toISOString().slice(0, 10);
  const { facts } = await run('counts');
  expect(facts).toMatchObject({ day: today });
  expect(facts.activity).toContainEqual({ kind: 'registered', times: expect.any(Number) });
  expect(facts.mails).toContainEqual({ kind: 'registration', state: 'accepted', times: expect.any(Number) });
  expect((await run('counts', '2020-02-29')).facts).toMatchObject({ activity: [], mails: [] });
  for (const day of ['2026-02-31', 'yesterday', '2026-1-1'])
    await expect(run('counts', day)).rejects.toThrow('is no day');
  for (const verb of ['find', 'timeline'])
    await run(verb, (await rekey.env.DB.prepare('SELECT id FROM users').first<string>('id')) ?? '');
  expect(await wholeDatabase(rekey)).toBe(before);
});

test('whatever the verbs have asked so far finds its rows by an index', async () => {
  expect(queries.size).toBeGreaterThan(10);
  expect(await findScans(rekey.env, [...queries])).toEqual({});
});

describe('the command', () => {
  const state = `${FOLDER}.cache/admin-test`;
  beforeAll(async () => {
    rmSync(state, { recursive: true, force: true });
    const apply = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', state];
    expect(await startWrangler(apply, { folder: FOLDER, onLine: () => undefined }).ended).toBe('code 0');
  });
  afterAll(() => rmSync(state, { recursive: true, force: true }));

  const type = async (...args: string[]) => {
    const out: Record<'stdout' | 'stderr', string[]> = { stdout: [], stderr: [] };
    const onLine = (line: string, stream: 'stdout' | 'stderr') => void out[stream].push(line);
    const script = `${FOLDER}scripts/admin.ts`;
    const ended = await startChild({ script, args: [...args, '--state', state], folder: FOLDER, onLine }).ended;
    return { ended, stdout: out.stdout.join('\n'), stderr: out.stderr.join('\n') };
  };

  test('answers JSON where it is asked to, help without a verb, and says in one line what is wrong', {
    timeout: 60_000,
  }, async () => {
    const counted = await type('counts', '2026-11-23', '--json');
    expect(counted.ended).toBe('code 0');
    expect(JSON.parse(counted.stdout)).toEqual({ day: '2026-11-23', activity: [], mails: [] });
    const help = await type();
    expect(help.ended).toBe('code 0');
    for (const verb of Object.keys(VERBS)) expect(help.stdout).toContain(verb);
    expect(await type('find', 'ada')).toEqual({
      ended: 'code 1',
      stdout: '',
      stderr: 'Nobody has the address, username or id "ada".',
    });
    const wrongs = [['find'], ['dance'], ['find', 'ada', '--loud'], ['find', 'ada', '--operator', '']];
    for (const wrong of [...wrongs, ['counts', '--env', 'nowhere']]) {
      const { ended, stderr } = await type(...wrong);
      expect([wrong, ended, stderr.split('\n').some(line => line.startsWith('    at '))]).toEqual([
        wrong,
        'code 1',
        false,
      ]);
    }
  });
});
