/** The limit for one client address: a minute's worth of changing requests, with recovery counted apart. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectProblem } from '../support/expect-problem.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { createPerson, createRegistered, type Person } from '../support/people.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const signOut = (person: Person, headers: Record<string, string> = {}) =>
  person.send('/api/session', { method: 'DELETE', headers });
const checkLink = (person: Person) => person.post('/api/password-resets/check', { token: 'x' });
const from = (address: string) => ({ 'CF-Connecting-IP': address });

/** Sends until one is refused, and says how many were not: the window may turn once in between. */
const exhaust = async (send: () => Promise<{ status: number }>): Promise<number> => {
  let sent = 0;
  while (sent < 200 && (await send()).status !== 429) sent += 1;
  return sent;
};
const expectAbout60 = (sent: number): void => {
  expect(sent).toBeGreaterThanOrEqual(60);
  expect(sent).toBeLessThanOrEqual(120);
};

test('about 60 changing requests a minute are taken from one address, then it is told when to come back', async () => {
  const flood = createPerson(rekey);
  expectAbout60(await exhaust(() => signOut(flood)));
  const refused = await signOut(flood);
  expectProblem(refused, 'too_many_requests');
  expect(Number(refused.headers.get('Retry-After'))).toBe(60);
  expectProblem(await flood.askRegistration(), 'too_many_requests');
  expect((await signOut(createPerson(rekey))).status).toBe(204);
});

test('a flood of anything else leaves recovery free, and the other way round', async () => {
  const flood = createPerson(rekey);
  await exhaust(() => signOut(flood));
  expectAbout60(await exhaust(() => checkLink(flood)));
  expectProblem(await flood.askReset(), 'too_many_requests');

  const other = createPerson(rekey);
  await exhaust(() => checkLink(other));
  expect((await signOut(other)).status).toBe(204);
});

test('"this was not me" is recovery too: a flood of anything else leaves it free', async () => {
  const secure = (person: Person) => person.post('/api/account/secure', { token: 'x' });
  const flood = createPerson(rekey);
  await exhaust(() => signOut(flood));
  expectProblem(await flood.send('/api/account', { method: 'PATCH', json: {} }), 'too_many_requests');
  expectAbout60(await exhaust(() => secure(flood)));
  expectProblem(await checkLink(flood), 'too_many_requests');
});

test('reading is free', async () => {
  const ada = await createRegistered(rekey);
  for (let n = 0; n < 130; n += 1) expect((await ada.get('/api/session')).status).toBe(200);
  expect((await signOut(ada)).status).toBe(204);
});

test('an IPv6 network counts as one by its first 64 bits, however its addresses are written', async () => {
  const ada = createPerson(rekey);
  const written = ['2001:db8:1:2::1', '2001:0db8:0001:0002:ffff::', '2001:DB8:1:2:3:4:5:6'];
  let n = 0;
  const sent = await exhaust(() => {
    n += 1;
    return signOut(ada, from(written[n % written.length] ?? ''));
  });
  expectAbout60(sent);
  for (const address of written) expectProblem(await signOut(ada, from(address)), 'too_many_requests');
  expect((await signOut(ada, from('2001:db8:1:3::1'))).status).toBe(204);
  expect((await signOut(ada, from('2001:db8:1::2'))).status).toBe(204);
});

test('an IPv4 address counts alone, written as IPv6 too', async () => {
  const ada = createPerson(rekey);
  await exhaust(() => signOut(ada, from('192.0.2.7')));
  expectProblem(await signOut(ada, from('::ffff:192.0.2.7')), 'too_many_requests');
  expect((await signOut(ada, from('192.0.2.8'))).status).toBe(204);
  expect((await signOut(ada, from('::ffff:192.0.2.9'))).status).toBe(204);
});

test('a request that is refused for its origin spends nothing of the person’s minute', async () => {
  const ada = createPerson(rekey);
  for (let n = 0; n < 130; n += 1) await signOut(ada, { Origin: 'https://evil.example' });
  expect((await signOut(ada)).status).toBe(204);
});
