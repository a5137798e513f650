/**
 * Sequences of calls, made up at random, by one person with two browsers: with good links and dead ones, right passwords
 * and wrong ones. After each the API and a model of it have to agree on who is signed in where and what still opens.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { casesOf, checkCases, FUZZ_TIMEOUT_MS, noteFuzzing } from '../support/fuzz.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { createPerson } from '../support/people.ts';
import { createModel, createReal, isGood, type Model, PASSWORDS, type Real } from '../support/sequences/model.ts';
import { OPEN_STEPS } from '../support/sequences/open-steps.ts';
import { OWNER_STEPS } from '../support/sequences/owner-steps.ts';
import type { Choice } from '../support/sequences/step.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const STEPS = { ...OPEN_STEPS, ...OWNER_STEPS };

const choice: fc.Arbitrary<Choice> = fc.record({
  browser: fc.nat({ max: 1 }),
  password: fc.nat({ max: PASSWORDS.length - 1 }),
  link: fc.oneof(fc.constant(0), fc.nat({ max: 5 })),
  isRight: fc.integer({ min: 0, max: 4 }).map(n => n > 0),
});
/** Often enough that most steps find somebody who is signed in. */
const OFTEN = [
  'registers',
  'signs in',
  'signs in',
  'signs in',
  'signs in',
  'changes the password',
  'resets the password',
];
const step = fc.record({ step: fc.constantFrom(...Object.keys(STEPS), ...OFTEN), choice });
/** Most begin with an account, or half of the steps would find none. */
const BEGINNING = ['asks for a registration link', 'registers'];

const SESSION_COOKIE = 'rekey-session';

const whoIs = async (secret: string): Promise<unknown> => {
  const person = createPerson(rekey);
  person.cookies.set(SESSION_COOKIE, secret);
  return person.whoAmI();
};

/** Everything that can be looked at from outside, against the model. */
const expectAgreement = async (model: Model, real: Real): Promise<void> => {
  const { account } = model;
  const living = real.browsers.map(({ cookies }) => cookies.get(SESSION_COOKIE));
  const seen = await Promise.all(real.browsers.map(browser => browser.whoAmI()));
  expect(seen).toEqual(model.browsers.map(({ isSignedIn }) => (isSignedIn ? account?.username : null)));

  const dead = [...real.secrets].filter(secret => !living.includes(secret));
  expect(await Promise.all(dead.map(whoIs))).toEqual(dead.map(() => null));

  for (const [at, browser] of real.browsers.entries()) {
    const { status, body } = await browser.get('/api/account/sessions');
    const signedIn = model.browsers.filter(({ isSignedIn }) => isSignedIn).length;
    if (!model.browsers[at]?.isSignedIn) expect(status).toBe(401);
    else expect(body.sessions).toHaveLength(signedIn);
  }

  const checks = { register: 'registrations', reset: 'password-resets', change: 'account/email' };
  for (const [at, link] of model.links.entries()) {
    if (link.kind === 'secure') continue;
    const path = `/api/${checks[link.kind]}/check`;
    const { status } = await createPerson(rekey).post(path, { token: real.tokens[at] });
    expect([link, status]).toEqual([link, isGood(model, link) ? 200 : 400]);
  }

  // The right one first: it forgets the wrong ones before it.
  const email = account?.email ?? real.firstEmail;
  const isRight = (password: string) => password === account?.password;
  for (const password of [...PASSWORDS].sort((a, b) => Number(isRight(b)) - Number(isRight(a)))) {
    const { status } = await createPerson(rekey).post('/api/session', { email, password });
    expect([password, status]).toEqual([password, isRight(password) ? 200 : 401]);
  }
};

test('after any steps exactly the last password opens the account, and all agree on who is signed in', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const cases = casesOf({ few: 8, many: 300 });
  let steps = 0;
  const sequences = fc.record({
    startsRegistered: fc.nat({ max: 4 }).map(n => n > 0),
    steps: fc.array(step, { minLength: 10, maxLength: 40 }),
  });
  await checkCases(sequences, cases, async ({ startsRegistered, steps: given }) => {
    const [model, real] = [createModel(), createReal(rekey)];
    const beginning = BEGINNING.map(name => ({
      step: name,
      choice: { browser: 0, password: 0, link: 0, isRight: true },
    }));
    for (const one of [...(startsRegistered ? beginning : []), ...given]) {
      await STEPS[one.step]?.(model, real, one.choice);
      steps += 1;
      for (const { cookies } of real.browsers) {
        const secret = cookies.get(SESSION_COOKIE);
        if (secret) real.secrets.add(secret);
      }
    }
    await expectAgreement(model, real);
  });
  noteFuzzing(`${cases} sequences of ${steps} steps together`);
});
