/** The steps of the fuzzed sequences that need no session: by a link, or by the password. */
import { isGood, moveOn, PASSWORDS } from './model.ts';
import { addLink, at, currentPassword, expectAnswer, pick, type Step, signIn } from './step.ts';

export const OPEN_STEPS: Record<string, Step> = {
  'asks for a registration link': async (model, real, { browser }) => {
    const email = real.firstEmail;
    expectAnswer(await at(real, browser).post('/api/registrations', { email }), 202);
    addLink(model, real, { kind: 'register', account: 0, stamp: 0, email }, await real.makeLink('register', { email }));
  },

  registers: async (model, real, choice) => {
    const picked = pick(model, real, 'register', choice);
    if (!picked) return;
    const username = real.newName();
    const password = PASSWORDS[choice.password] ?? '';
    const body = { token: picked.token, username, password };
    const answer = await at(real, choice.browser).post('/api/registrations/complete', body);
    expectAnswer(answer, isGood(model, picked.link) ? 200 : 'invalid_or_expired_token');
    if (answer.status !== 200) return;
    model.accounts += 1;
    const { email } = picked.link;
    const fresh = { stamp: 0, hasMoved: false, changes: 0, asked: 0, secured: 0 };
    model.account = { number: model.accounts, password, email, username, ...fresh };
    model.guesses = 0;
    signIn(model, choice.browser);
  },

  'signs in': async (model, real, choice) => {
    const { browser } = choice;
    const password = choice.isRight ? currentPassword(model, choice) : (PASSWORDS[choice.password] ?? '');
    const isRight = model.account?.password === password;
    // The waits that follow more wrong ones are tested elsewhere.
    if (!isRight && model.guesses >= 2) return;
    const email = model.account?.email ?? real.firstEmail;
    expectAnswer(
      await at(real, browser).post('/api/session', { email, password }),
      isRight ? 200 : 'invalid_credentials',
    );
    if (isRight) signIn(model, browser);
    else model.guesses += 1;
  },

  'signs out': async (model, real, { browser }) => {
    expectAnswer(await at(real, browser).send('/api/session', { method: 'DELETE' }), 204);
    const one = model.browsers[browser];
    if (one) one.isSignedIn = false;
  },

  'asks for a reset link': async (model, real, { browser }) => {
    const email = model.account?.email ?? real.firstEmail;
    expectAnswer(await at(real, browser).post('/api/password-resets', { email }), 202);
    if (!model.account) return;
    const { id, security_stamp } = await real.stored(email);
    const { number, stamp } = model.account;
    const token = await real.makeLink('reset', { userId: id, stamp: security_stamp });
    addLink(model, real, { kind: 'reset', account: number, stamp, email }, token);
  },

  'resets the password': async (model, real, choice) => {
    const picked = pick(model, real, 'reset', choice);
    if (!picked || !model.account) return;
    const isGoodLink = isGood(model, picked.link);
    const password = choice.isRight ? (PASSWORDS[choice.password] ?? '') : 'too short';
    const path = '/api/password-resets/complete';
    const answer = await at(real, choice.browser).post(path, { token: picked.token, password });
    expectAnswer(answer, !isGoodLink ? 'invalid_or_expired_token' : choice.isRight ? 204 : 'invalid_input');
    if (answer.status !== 204) return;
    model.account.password = password;
    model.guesses = 0;
    moveOn(model);
  },

  'gets a notice': async (model, real) => {
    if (!model.account) return;
    const { number, secured, email } = model.account;
    const { id } = await real.stored(email);
    // Later than whatever was done in this millisecond.
    await new Promise(resolve => setTimeout(resolve, 2));
    const token = await real.makeLink('secure', { userId: id, atMs: Date.now() });
    addLink(model, real, { kind: 'secure', account: number, stamp: secured, email }, token);
    await new Promise(resolve => setTimeout(resolve, 2));
  },

  'says that it was somebody else': async (model, real, choice) => {
    const picked = pick(model, real, 'secure', choice);
    if (!picked) return;
    const answer = await at(real, choice.browser).post('/api/account/secure', { token: picked.token });
    expectAnswer(answer, isGood(model, picked.link) ? 204 : 'invalid_or_expired_token');
    if (answer.status !== 204 || !model.account) return;
    const secured = model.account.secured + 1;
    Object.assign(model.account, { email: real.firstEmail, hasMoved: false, password: null, secured });
    moveOn(model);
  },
};
