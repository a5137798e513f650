/** The range API of leaked passwords: what leaves the house, and that it may fail without stopping anyone. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { expectProblem } from '../support/expect-problem.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person } from '../support/people.ts';
import { storedUser } from '../support/rows.ts';

const sha1 = (password: string) => createHash('sha1').update(password).digest('hex').toUpperCase();
const LEAKED = sha1(NEW_PASSWORD);

type Asked = { url: string | undefined; padding: string | string[] | undefined };
let asked: Asked[] = [];
let answer: (response: ServerResponse) => void;

let api: Server;
let rekey: Rekey;
beforeAll(async () => {
  api = createServer((request: IncomingMessage, response) => {
    asked.push({ url: request.url, padding: request.headers['add-padding'] });
    answer(response);
  });
  await new Promise<void>(resolve => api.listen(0, '127.0.0.1', resolve));
  const { port } = api.address() as AddressInfo;
  rekey = await startRekey({ settings: { BREACH_API_URL: `http://127.0.0.1:${port}` } });
});
beforeEach(() => {
  answer = response => response.end(`${LEAKED.slice(5)}:3\r\n`);
  asked = [];
});
afterAll(async () => {
  await rekey.stop();
  api.closeAllConnections();
  await new Promise(resolve => api.close(resolve));
});

const resetTo = async (person: Person, password: string) => {
  const token = await person.linkToken('password-resets');
  asked = [];
  return person.post('/api/password-resets/complete', { token, password });
};

test('a leaked password is refused at a reset and at a registration, and the links stay good', async () => {
  const ada = await createRegistered(rekey);
  const message = 'This password is in a list of leaked passwords, so others will try it. Choose a different one.';
  const refused = await resetTo(ada, NEW_PASSWORD);
  expectProblem(refused, 'invalid_input');
  expect(refused.body.errors).toEqual([{ field: 'password', rule: 'password_breached', message }]);

  const eve = createPerson(rekey, 'eve');
  const token = await eve.linkToken('registrations');
  const complete = (password: string) =>
    eve.post('/api/registrations/complete', { token, username: eve.username, password });
  expectProblem(await complete(NEW_PASSWORD), 'invalid_input');
  expect((await complete(PASSWORD)).status).toBe(200);
});

test('five digits of a hash leave the house, and the answer is padded', async () => {
  await resetTo(await createRegistered(rekey), NEW_PASSWORD);
  expect(asked).toEqual([{ url: `/range/${LEAKED.slice(0, 5)}`, padding: 'true' }]);
});

test('a dead link asks nobody', async () => {
  await createPerson(rekey).post('/api/password-resets/complete', { token: 'x', password: NEW_PASSWORD });
  expect(asked).toEqual([]);
});

test('signing in asks nobody: the list is for new passwords', async () => {
  const ada = await createRegistered(rekey);
  asked = [];
  expect((await ada.signIn()).status).toBe(200);
  expect(asked).toEqual([]);
});

test.each([
  {
    title: 'lists other passwords',
    send: (to: ServerResponse) => to.end(`${'0'.repeat(35)}:9\r\n${'F'.repeat(35)}:1\r\n`),
  },
  { title: 'pads with a count of zero', send: (to: ServerResponse) => to.end(`${LEAKED.slice(5)}:0\r\n`) },
  { title: 'answers 503', send: (to: ServerResponse) => to.writeHead(503).end(`${LEAKED.slice(5)}:3`) },
  { title: 'answers nonsense', send: (to: ServerResponse) => to.end('<html>') },
  { title: 'hangs up', send: (to: ServerResponse) => to.destroy() },
  { title: 'does not answer within a second', send: () => undefined },
  { title: 'stops in the middle of its answer', send: (to: ServerResponse) => to.write('0') },
])('an API that $title stops nobody', async ({ send }) => {
  const ada = await createRegistered(rekey);
  answer = send;
  const before = await storedUser(rekey, ada);
  expect((await resetTo(ada, NEW_PASSWORD)).status).toBe(204);
  expect((await storedUser(rekey, ada)).security_stamp).not.toBe(before.security_stamp);
  expect(rekey.rawLog()).not.toContain(LEAKED.slice(0, 5));
});
