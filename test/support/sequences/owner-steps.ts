/** The steps of the fuzzed sequences that only a signed-in owner may take, and others try. */
import { isGood, moveOn, PASSWORDS } from './model.ts';
import { addLink, at, currentPassword, expectAnswer, pick, refusedFirst, type Step } from './step.ts';

export const OWNER_STEPS: Record<string, Step> = {
  'changes the password': async (model, real, choice) => {
    const password = PASSWORDS[choice.password] ?? '';
    const body = { currentPassword: currentPassword(model, choice), password };
    const answer = await at(real, choice.browser).post('/api/account/password', body);
    const refusal = refusedFirst(model, choice);
    const isLimited = (model.account?.changes ?? 0) >= 3;
    expectAnswer(answer, refusal ?? (isLimited ? 'too_many_requests' : 204));
    if (answer.status !== 204 || !model.account) return;
    model.account.password = password;
    model.account.changes += 1;
    moveOn(model, choice.browser);
  },

  'asks to move': async (model, real, choice) => {
    const email = real.newEmail();
    const body = { email, currentPassword: currentPassword(model, choice) };
    const answer = await at(real, choice.browser).post('/api/account/email', body);
    const { account } = model;
    const refusal = refusedFirst(model, choice);
    const isLimited = (account?.asked ?? 0) >= 5;
    expectAnswer(answer, refusal ?? (account?.hasMoved ? 'change_pending' : isLimited ? 'too_many_requests' : 202));
    if (answer.status !== 202 || !account) return;
    account.asked += 1;
    const { id, security_stamp } = await real.stored(account.email);
    const token = await real.makeLink('change', { userId: id, stamp: security_stamp, email });
    addLink(model, real, { kind: 'change', account: account.number, stamp: account.stamp, email }, token);
  },

  moves: async (model, real, choice) => {
    const picked = pick(model, real, 'change', choice);
    if (!picked) return;
    const { link, token } = picked;
    const answer = await at(real, choice.browser).post('/api/account/email/confirm', { token });
    const isOther = model.account?.number !== link.account;
    const dead = isOther ? 'other_account' : 'invalid_or_expired_token';
    const isSignedIn = model.browsers[choice.browser]?.isSignedIn;
    expectAnswer(answer, !isSignedIn ? 'not_signed_in' : isGood(model, link) ? 200 : dead);
    if (answer.status !== 200 || !model.account) return;
    Object.assign(model.account, { email: link.email, hasMoved: true });
    moveOn(model, choice.browser);
  },

  'takes another name': async (model, real, { browser }) => {
    const username = real.newName();
    const isSignedIn = model.browsers[browser]?.isSignedIn;
    const answer = await at(real, browser).send('/api/account', { method: 'PATCH', json: { username } });
    expectAnswer(answer, isSignedIn ? 200 : 'not_signed_in');
    if (model.account && isSignedIn) model.account.username = username;
  },

  'ends the other sessions': async (model, real, { browser }) => {
    const isSignedIn = model.browsers[browser]?.isSignedIn;
    const answer = await at(real, browser).send('/api/account/sessions', { method: 'DELETE' });
    expectAnswer(answer, isSignedIn ? 204 : 'not_signed_in');
    const other = model.browsers[1 - browser];
    if (other && isSignedIn) other.isSignedIn = false;
  },

  'deletes the account': async (model, real, choice) => {
    const json = { currentPassword: currentPassword(model, choice) };
    const answer = await at(real, choice.browser).send('/api/account', { method: 'DELETE', json });
    const refusal = refusedFirst(model, choice);
    expectAnswer(answer, refusal ?? (model.account?.hasMoved ? 'change_pending' : 204));
    if (answer.status !== 204) return;
    moveOn(model);
    model.account = null;
  },
};
