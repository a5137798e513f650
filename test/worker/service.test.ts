/** What other Workers ask by a service binding: README's own second Worker, and one that makes every call. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Rekey, startRekey, withClockAhead } from '../support/harness.ts';
import { createPerson, createRegistered, type Person, tokenOf } from '../support/people.ts';
import { rowsOfUser, storedUser } from '../support/rows.ts';

const README = readFileSync('README.md', 'utf8');
const [, NOTES = ''] = /```js\n(\/\/ notes\.js\n.*?)```/s.exec(README) ?? [];

/** Makes the call that the path names, with the parameter `given`. */
const CALLER = `export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    try {
      return Response.json({ answer: (await env.REKEY[url.pathname.slice(1)](url.searchParams.get('given'))) ?? null });
    } catch (error) {
      return Response.json({ name: error.name, message: error.message });
    }
  },
};`;

const cookieOf = ({ cookies }: Person): string => [...cookies].map(pair => pair.join('=')).join('; ');

test('README\u2019s second Worker shows its page to the signed in, and sends others through the login', async () => {
  const rekey = await startRekey({ neighbour: NOTES });
  const ada = await createRegistered(rekey);
  const shown = await rekey.fetchNeighbour('/notes', { Cookie: `theme=dark; ${cookieOf(ada)}` });
  expect([shown.status, await shown.text()]).toEqual([200, `The notes of ${ada.username}`]);
  const old = cookieOf(ada);
  await ada.send('/api/session', { method: 'DELETE' });
  for (const headers of [{ Cookie: old }, {}] as Record<string, string>[]) {
    const sent = await rekey.fetchNeighbour('/notes', headers);
    expect(sent.status).toBe(302);
    expect(new URL(sent.headers.get('Location') ?? '').pathname).toBe('/login');
  }
  await rekey.stop();
});

describe('a call', () => {
  let rekey: Rekey;
  beforeAll(async () => {
    rekey = await startRekey({ neighbour: CALLER });
  });
  afterAll(() => rekey.stop());

  const call = async (name: string, given: string, of = rekey) =>
    (await of.fetchNeighbour(`/${name}?given=${encodeURIComponent(given)}`)).json();

  test('whoIs answers the user as the API does, keeps "last seen", and takes nothing else for a session', async () => {
    const ada = await createRegistered(rekey);
    const { user } = (await ada.get('/api/session')).body;
    expect(await call('whoIs', cookieOf(ada))).toEqual({ answer: user });
    const secret = ada.cookies.get('rekey-session') ?? '';
    for (const cookie of [
      '',
      'rekey-session=',
      `rekey-session=${secret}A`,
      `other=${secret}`,
      `__Host-session=${secret}`,
    ]) {
      expect([cookie, await call('whoIs', cookie)]).toEqual([cookie, { answer: null }]);
    }

    const { id } = await storedUser(rekey, ada);
    const lastSeen = async () => Number((await rowsOfUser(rekey, 'sessions', id))[0]?.last_seen_at);
    const before = await lastSeen();
    await withClockAhead(rekey, 2 * 3600 * 1000, async () => {
      await call('whoIs', cookieOf(ada));
      await expect.poll(lastSeen).toBeGreaterThan(before + 3600 * 1000);
    });
  });

  test('requestReset mails a link that works, and takes nothing but an address', async () => {
    const ada = await createRegistered(rekey);
    expect(await call('requestReset', ` ${ada.email} `)).toEqual({ answer: null });
    const token = tokenOf(await ada.readMail('Password Reset Request'));
    expect((await ada.post('/api/password-resets/check', { token })).status).toBe(200);
    const nobody = createPerson(rekey, 'nobody');
    expect(await call('requestReset', nobody.email)).toEqual({ answer: null });
    const refused = { name: 'TypeError', message: 'requestReset takes an email address.' };
    for (const given of ['', 'ada', `${ada.email}\r\nBcc: eve@evil.example`]) {
      expect(await call('requestReset', given)).toEqual(refused);
    }
  });

  test('endSessions logs a user out everywhere, nobody else, and the owner can see it', async () => {
    const [ada, bob] = [await createRegistered(rekey), await createRegistered(rekey)];
    const phone = createPerson(rekey, 'phone', ada);
    await phone.signIn();
    const { id } = await storedUser(rekey, ada);
    expect(await call('endSessions', id)).toEqual({ answer: null });
    expect([await ada.whoAmI(), await phone.whoAmI(), await bob.whoAmI()]).toEqual([null, null, bob.username]);
    const kinds = async () => (await rowsOfUser(rekey, 'activity', id)).map(({ kind }) => kind);
    expect((await kinds()).filter(kind => kind === 'sessions_ended')).toHaveLength(1);
    expect(await call('endSessions', id)).toEqual({ answer: null });
    expect(await call('endSessions', 'nobody')).toEqual({ answer: null });
    expect((await kinds()).filter(kind => kind === 'sessions_ended')).toHaveLength(1);
  });

  test('rejects where Rekey cannot tell', async () => {
    const broken = await startRekey({ neighbour: CALLER, settings: { SESSION_TTL: 'soon' } });
    expect(await call('whoIs', `rekey-session=${'A'.repeat(43)}`, broken)).toMatchObject({
      message: 'Rekey is misconfigured: its log names the settings.',
    });
    await broken.stop();
  });
});
