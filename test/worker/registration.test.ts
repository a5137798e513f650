/** Registering: the twin of a reset. Nothing is stored for anybody until the mailbox is proved. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectProblem, fieldsOf } from '../support/expect-problem.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { makeToken } from '../support/link-tokens.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person, tokenOf } from '../support/people.ts';
import { rowsOf, storedUser } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const complete = (
  person: Person,
  token: string,
  given: { username?: string; password?: string; language?: string } = {},
) => person.post('/api/registrations/complete', { token, username: person.username, password: PASSWORD, ...given });

/** Someone new with a registration link, made without a mail: what is tried here comes after it. */
const invited = async (name = 'ada') => {
  const person = createPerson(rekey, name);
  return { person, token: await makeToken('register', { email: person.email }) };
};

test('a person proves the mailbox, chooses username and password, and is signed in', async () => {
  const ada = createPerson(rekey);
  const done = await complete(ada, await ada.linkToken('registrations'));
  expect(done.status).toBe(200);
  expect(done.body).toEqual({
    user: {
      id: expect.any(String),
      username: ada.username,
      email: ada.email,
      createdAt: expect.any(String),
      language: 'en',
    },
  });
  expect(await ada.whoAmI()).toBe(ada.username);
  expect((await createPerson(rekey, 'ada', ada).signIn()).status).toBe(200);
});

test('nothing but counters is stored before the mailbox is proved', async () => {
  const fresh = await startRekey();
  try {
    const ada = createPerson(fresh);
    const token = await ada.linkToken('registrations');
    expect((await ada.post('/api/registrations/check', { token })).status).toBe(200);
    for (const table of ['users', 'sessions', 'notices', 'reset_mails'] as const) {
      expect(await rowsOf(fresh, table)).toEqual([]);
    }
    expect(await rowsOf(fresh, 'stranger_mails')).toHaveLength(1);
    expect(JSON.stringify(await rowsOf(fresh, 'stranger_mails'))).not.toContain(ada.email);
  } finally {
    await fresh.stop();
  }
});

test('no notice is sent for a registration', async () => {
  const ada = await createRegistered(rekey);
  expect(await rowsOf(rekey, 'notices')).toEqual([]);
  expect(rekey.mailbox.mailsTo(ada.email)).toHaveLength(1);
});

test('a link is dead once its address has an account, and so are the others to that address', async () => {
  const ada = createPerson(rekey);
  const tokens = [await ada.linkToken('registrations'), await ada.linkToken('registrations')];
  expect((await complete(ada, tokens[0] ?? '')).status).toBe(200);
  for (const token of tokens) {
    expectProblem(await ada.post('/api/registrations/check', { token }), 'invalid_or_expired_token');
    const again = await complete(ada, token, { username: 'someone-else', password: NEW_PASSWORD });
    expectProblem(again, 'invalid_or_expired_token');
  }
  expect((await ada.signIn(PASSWORD)).status).toBe(200);
});

test('an address is one account, however its letters are written', async () => {
  const ada = await createRegistered(rekey);
  const token = await makeToken('register', { email: ada.email.toUpperCase() });
  expectProblem(await complete(createPerson(rekey), token), 'invalid_or_expired_token');
  const shouting = await ada.post('/api/session', { email: ada.email.toUpperCase(), password: PASSWORD });
  expect(shouting.body).toMatchObject({ user: { email: ada.email } });
});

test('who asks to register an address with an account gets a mail there that says so, with a reset link', async () => {
  const ada = await createRegistered(rekey);
  await ada.askRegistration();
  const mail = await ada.readMail('You already have a Rekey account');
  const reset = await ada.post('/api/password-resets/check', { token: tokenOf(mail) });
  expect(reset.body).toMatchObject({ email: ada.email });
});

describe('usernames', () => {
  test.each([
    { username: '', rule: 'username_empty', says: 'Choose a username.' },
    { username: 'a', rule: 'username_too_short', says: 'Use at least 2 characters.' },
    { username: 'a'.repeat(21), rule: 'username_too_long', says: 'Use at most 20 characters.' },
    { username: 'ada lovelace' },
    { username: ' ada' },
    { username: 'ada\n' },
    { username: 'ada@home' },
    { username: 'äda' },
    { username: '\u0430da' },
    { username: '\u212Aada' },
    { username: 'ada\u200b' },
    { username: '<script>' },
  ])('$username is refused, and the link stays good', async ({ username, rule = 'username_characters', says }) => {
    const { person, token } = await invited();
    const refused = await complete(person, token, { username });
    expectProblem(refused, 'invalid_input');
    const usual = 'Use only the letters A to Z, digits, dots, underscores and hyphens.';
    expect(refused.body.errors).toEqual([{ field: 'username', rule, message: says ?? usual }]);
    expect((await complete(person, token)).status).toBe(200);
  });

  test.each(['ab', 'x'.repeat(20), 'Ada.Love_lace-1815', '007', '-._'])(
    '%s is taken as it is written',
    async username => {
      const { person, token } = await invited();
      expect((await complete(person, token, { username })).body).toMatchObject({ user: { username } });
    },
  );

  test('are unique without case; the link stays good', async () => {
    const { username } = await createRegistered(rekey);
    const { person, token } = await invited('bob');
    expectProblem(await complete(person, token, { username: username.toUpperCase() }), 'username_taken');
    expect((await complete(person, token)).status).toBe(200);
  });

  test('that are wrong are named beside the password', async () => {
    const { person, token } = await invited();
    expect(fieldsOf(await complete(person, token, { username: '', password: '' }))).toEqual(['username', 'password']);
  });
});

test('a language that we do not speak is refused beside the other fields, and only where the link is good', async () => {
  const { person, token } = await invited();
  const fields = { username: '', password: '', language: 'tlh' };
  expectProblem(await complete(person, 'no.link', fields), 'invalid_or_expired_token');
  const refused = await complete(person, token, fields);
  expectProblem(refused, 'invalid_input');
  expect(fieldsOf(refused)).toEqual(['username', 'password', 'language']);
  expect(fieldsOf(await complete(person, token, { language: 'tlh' }))).toEqual(['language']);
  expect((await complete(person, token, { language: 'de' })).body).toMatchObject({ user: { language: 'de' } });
});

describe('passwords', () => {
  const composed = 'Åéîøü Åéîøü Åéîøü';
  const registered = async (password: string) => {
    const { person, token } = await invited();
    return { person, done: await complete(person, token, { password }) };
  };

  test.each([
    { title: '15 emoji', password: '🔑🐴🔋📎🌷🫖🥁🎻🛶🧵🪁🍋🐌🎈🗿' },
    { title: '15 Chinese characters', password: '正确的马电池订书钉紫罗兰水壶鼓' },
    { title: '256 characters', password: 'abcdefgh'.repeat(32) },
    { title: '256 emoji', password: '🔑🐴🔋📎🌷🫖🥁🎻'.repeat(32) },
    { title: '15 letters of one case that are no word', password: 'qwkzvhtjrmcxpbn' },
    { title: 'spaces at both ends', password: '   kettle drum   ' },
    { title: 'line breaks and NUL', password: 'line one\r\nline two\0\u0007' },
    { title: 'markup and quotes', password: `<b>"'\\;-- %s $\{x}` },
  ])('of $title are taken and sign in', async ({ password }) => {
    const { person, done } = await registered(password);
    expect(done.status).toBe(200);
    expect((await person.signIn(password)).status).toBe(200);
  });

  test.each([
    { title: '14 emoji', password: '\u{1F600}'.repeat(14) },
    { title: '257 characters', password: 'x'.repeat(257) },
    { title: '14 letters that are 28 code points before NFC', password: 'e\u0301'.repeat(14) },
    { title: 'the address', password: (ada: Person) => ada.email },
    { title: 'the username, padded', password: (ada: Person) => `${ada.username}!!!!!!!!!!` },
    { title: 'the username, repeated', password: (ada: Person) => ada.username.repeat(5) },
  ])('of $title are refused, and the link stays good', async ({ password }) => {
    const { person, token } = await invited();
    const given = typeof password === 'string' ? password : password(person);
    const refused = await complete(person, token, { password: given });
    expectProblem(refused, 'invalid_input');
    expect(fieldsOf(refused)).toEqual(['password']);
    expect((await complete(person, token)).status).toBe(200);
  });

  test('set in composed letters open with decomposed ones, and the other way round', async () => {
    const one = await registered(composed.normalize('NFC'));
    expect((await one.person.signIn(composed.normalize('NFD'))).status).toBe(200);
    const other = await registered(composed.normalize('NFD'));
    expect((await other.person.signIn(composed.normalize('NFC'))).status).toBe(200);
  });

  test('are not trimmed, not folded and not cut off', async () => {
    const long = 'kettle1'.repeat(14);
    const { person } = await registered(` ${PASSWORD} `);
    expectProblem(await person.signIn(PASSWORD), 'invalid_credentials');
    expectProblem(await person.signIn(` ${PASSWORD.toUpperCase()} `), 'invalid_credentials');
    const { person: other } = await registered(long);
    expectProblem(await other.signIn(`${long.slice(0, -1)}2`), 'invalid_credentials');
    expectProblem(await other.signIn(`${long}1`), 'invalid_credentials');
    expect((await other.signIn(long)).status).toBe(200);
    const { person: withNul } = await registered('fifteen char\0one');
    expectProblem(await withNul.signIn('fifteen char\0two'), 'invalid_credentials');
  });

  test('are stored as salted scrypt hashes alone', async () => {
    const hashes = await Promise.all(
      [1, 2].map(async () => (await storedUser(rekey, (await registered(PASSWORD)).person)).password_hash),
    );
    for (const hash of hashes) expect(hash).toMatch(/^\$scrypt\$ln=10,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(new Set(hashes).size).toBe(2);
  });
});

describe('at the same time', () => {
  test('of two people who want one username one gets it, and the other’s link stays good', async () => {
    const people = await Promise.all([invited(), invited()]);
    const username = 'wanted-by-two';
    const answers = await Promise.all(people.map(({ person, token }) => complete(person, token, { username })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const loser = people[answers.findIndex(({ status }) => status === 409)];
    if (!loser) throw new Error('nobody lost');
    expect(await loser.person.whoAmI()).toBeNull();
    expect((await complete(loser.person, loser.token)).status).toBe(200);
  });

  test('a form that is sent twenty times makes one account and one session', async () => {
    const { person, token } = await invited();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => complete(createPerson(rekey, 'x', person), token)),
    );
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expectProblem(answer, answer.status === 503 ? 'unavailable' : 'invalid_or_expired_token');
    }
    const { id } = await storedUser(rekey, person);
    expect((await rowsOf(rekey, 'sessions')).filter(({ user_id }) => user_id === id)).toHaveLength(1);
  });

  test('two links to one address in different letter cases make one account', async () => {
    const { person, token } = await invited();
    const shouting = await makeToken('register', { email: person.email.toUpperCase() });
    const other = createPerson(rekey, 'eve');
    const answers = await Promise.all([complete(person, token), complete(other, shouting)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  });
});
