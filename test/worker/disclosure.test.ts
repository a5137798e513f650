/** What the forms tell of who has an account: nothing under `private`, and two sentences under `helpful`. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askEmailChange, CHANGED, moveTo } from '../support/account.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { type Answer, createPerson, createRegistered, NEW_PASSWORD, PASSWORD } from '../support/people.ts';

let closed: Rekey;
let helpful: Rekey;
beforeAll(async () => {
  [closed, helpful] = [await startRekey(), await startRekey({ settings: { ACCOUNT_DISCLOSURE: 'helpful' } })];
});
afterAll(() => Promise.all([closed.stop(), helpful.stop()]));

const NO_ACCOUNT = 'There is no account with that email. You must register first.';
const TAKEN = 'That email is taken. Please choose a different one.';

/** What of an answer somebody could tell people apart by. */
const lookOf = ({ status, text, headers }: Answer) => ({
  status,
  text,
  headers: [...headers].filter(([name]) => !['x-request-id', 'date'].includes(name)),
});

describe('private', () => {
  test.each(['password-resets', 'registrations'])('%s answers the same with an account and without', async path => {
    const ada = await createRegistered(closed);
    const asker = createPerson(closed);
    const [known, unknown] = [
      await asker.post(`/api/${path}`, { email: ada.email }),
      await asker.post(`/api/${path}`, { email: createPerson(closed).email }),
    ];
    expect(known.status).toBe(202);
    expect(lookOf(known)).toEqual(lookOf(unknown));
  });

  test('the mails say what the answers do not', async () => {
    const ada = await createRegistered(closed);
    const eve = createPerson(closed, 'eve');
    await ada.askRegistration();
    await ada.readMail('You already have a Rekey account');
    await eve.askReset();
    expect((await eve.readMail('No Rekey account with this address')).text).toContain(NO_ACCOUNT);
  });
});

describe('helpful', () => {
  test('says that an address has no account, and mails nothing', async () => {
    const eve = createPerson(helpful, 'eve');
    const answer = await eve.askReset();
    expectProblem(answer, 'invalid_input');
    expect(answer.body.errors).toEqual([{ field: 'email', rule: 'email_unknown', message: NO_ACCOUNT }]);
    await new Promise(resolve => setTimeout(resolve, 200));
    expect(helpful.mailbox.mailsTo(eve.email)).toEqual([]);
  });

  test('says that an address is taken, in any letters, and mails nothing', async () => {
    const ada = await createRegistered(helpful);
    const before = helpful.mailbox.mailsTo(ada.email).length;
    for (const email of [ada.email, ` ${ada.email.toUpperCase()} `]) {
      const answer = await createPerson(helpful).post('/api/registrations', { email });
      expectProblem(answer, 'invalid_input');
      expect(answer.body.errors).toEqual([{ field: 'email', rule: 'email_taken', message: TAKEN }]);
    }
    await new Promise(resolve => setTimeout(resolve, 200));
    expect(helpful.mailbox.mailsTo(ada.email)).toHaveLength(before);
  });

  test('is otherwise as it is under private: a reset of an account, a registration of none', async () => {
    const ada = await createRegistered(helpful);
    const asked = await ada.askReset();
    const privately = await (await createRegistered(closed)).askReset();
    expect(lookOf(asked)).toEqual(lookOf(privately));
    await ada.readMail('Password Reset Request');
    expect((await createPerson(helpful).askRegistration()).status).toBe(202);
  });

  test('tells nothing more than these two: not at signing in, nor to who asks for a change of address', async () => {
    const [ada, bob] = [await createRegistered(helpful), await createRegistered(helpful, 'bob')];
    const [wrong, unknown] = [
      await createPerson(helpful, 'ada', ada).signIn(NEW_PASSWORD),
      await createPerson(helpful).signIn(PASSWORD),
    ];
    expectProblem(wrong, 'invalid_credentials');
    expect(lookOf(wrong)).toEqual(lookOf(unknown));
    const [taken, free] = [await askEmailChange(ada, bob), await askEmailChange(ada, createPerson(helpful))];
    expect(taken.status).toBe(202);
    expect(lookOf(taken)).toEqual(lookOf(free));
  });

  test('does not forget the owner of an address that can still be put back', async () => {
    const ada = await createRegistered(helpful);
    await moveTo(helpful, { person: ada, from: ada, to: createPerson(helpful, 'new') });
    const [last] = ada.mails();
    expect((await createPerson(helpful).post('/api/password-resets', { email: ada.email })).status).toBe(202);
    expect((await ada.readMail(CHANGED, last)).text).toContain('/secure-account#');
    expectProblem(await createPerson(helpful).post('/api/registrations', { email: ada.email }), 'invalid_input');
  });

  test('judges the shape of the address first', async () => {
    const answer = await createPerson(helpful).post('/api/password-resets', { email: 'none' });
    expectProblem(answer, 'invalid_input');
    expect(answer.body.errors).toMatchObject([{ field: 'email', rule: 'email_not_an_address' }]);
    expectProblem(await createPerson(helpful).post('/api/password-resets', {}), 'malformed_request');
  });
});
