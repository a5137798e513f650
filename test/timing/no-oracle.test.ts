/**
 * Who has an account: no answer tells it by a byte, and none by its time. Each kind of address is asked in turn, in an
 * order drawn anew for each round, and the times are held against each other by the Mann-Whitney test. The floor under
 * refused sign-ins is off where it is not the matter, so what is timed is the work itself.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScryptCost } from '../../worker/credentials/scrypt-cost.ts';
import { operate, SUSPEND } from '../support/account-states.ts';
import { FOREIGN_VECTORS } from '../support/foreign-hashes.ts';
import { pretendGuesses } from '../support/guesses.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { median } from '../support/mann-whitney.ts';
import { type Answer, createPerson, createRegistered, NEW_PASSWORD, type Person } from '../support/people.ts';
import { areToldApart, lookOf, ROUNDS, type Sample, shuffled, timeRounds } from '../support/timed-answers.ts';
import { copyUser } from '../support/user-copies.ts';

const LIMIT_MS = process.env.TEST_LONG ? 300_000 : 30_000;

const SETTINGS = { SCRYPT: 'ln=10,r=8,p=2', STRANGER_MAILS_PER_HOUR: '1000000' };
const COST = { ln: 10, r: 8, p: 2 };
const FEWER_LANES = { ln: 10, r: 8, p: 1 };
const LESS_MEMORY = { ln: 9, r: 8, p: 2 };
const LANE_FILLING_COST = { ln: 12, r: 8, p: 2 };
const DEARER_COST = { ln: 13, r: 8, p: 1 };

let rekey: Rekey;
let ada: Person;
beforeAll(async () => {
  // The local runtime has one thread: a mail's job that began at once would be timed with the answer before it, which deployed
  // it cannot delay. Once a second it falls on every kind alike.
  rekey = await startRekey({ settings: SETTINGS, mailsTogether: true });
  ada = await createRegistered(rekey);
});
afterAll(() => rekey.stop());

/** From a browser and a network that were never seen before. */
const stranger = (on: Rekey, email: string) => createPerson(on, 'stranger', { username: '', email });
const signInWrong = (email: string, on = rekey): Promise<Answer> => stranger(on, email).signIn(NEW_PASSWORD);

/** Addresses for all rounds, each for two tries: fewer than a counter of guesses would mind. */
const ADDRESSES = ROUNDS / 2 + 3;
const inTurn = (emails: readonly string[], call: (email: string) => Promise<Answer>) => (round: number) =>
  call(emails[Math.floor(round / 2)] ?? '');
const accounts = (cost: ScryptCost | null) => copyUser(rekey, ada, ADDRESSES, cost);
/** With a hash of another system, which is computed before the one of ours that every wrong password costs. */
const imported = async (on: Rekey, who: Person) => {
  const emails = await copyUser(on, who, ADDRESSES, null);
  const { hash } = FOREIGN_VECTORS.find(({ scheme }) => scheme.startsWith('bcrypt')) ?? { hash: '' };
  const setHash = on.env.DB.prepare('UPDATE users SET password_hash = ? WHERE email = ?');
  await on.env.DB.batch(emails.map(email => setHash.bind(hash, email)));
  return emails;
};
const suspendedAccounts = async () => {
  const eve = await createRegistered(rekey, 'eve');
  await operate(rekey, SUSPEND, eve);
  return copyUser(rekey, eve, ADDRESSES, COST);
};
const strangers = () => Array.from({ length: ADDRESSES }, () => createPerson(rekey, 'nobody').email);

/** All samples against the first one, which is the unknown addresses'. */
const expectNoOracle = (what: string, samples: Record<string, Sample>, floorMs = 0): void => {
  const looks = new Set(Object.values(samples).flatMap(sample => [...sample.looks]));
  expect(looks.size, [...looks].join('\n\n')).toBe(1);
  const [unknown, ...others] = Object.entries(samples);
  if (!unknown) throw new Error('there is nothing to compare with');
  const apart = others.filter(([kind, sample]) =>
    areToldApart(`no oracle, ${what}, ${kind}`, sample, unknown[1], floorMs),
  );
  expect(apart.map(([kind]) => kind)).toEqual([]);
};

/** A steady stream of other people's requests for as long as the work goes on. */
const underLoad = async <Done>(work: () => Promise<Done>): Promise<Done> => {
  let isOver = false;
  const asker = createPerson(rekey, 'asker').email;
  const keepAsking = async () => {
    while (!isOver) {
      await createPerson(rekey).get('/api/session');
      await signInWrong(createPerson(rekey).email);
      await stranger(rekey, asker).askReset();
    }
  };
  const stream = keepAsking();
  try {
    return await work();
  } finally {
    isOver = true;
    await stream;
  }
};

describe('a refused sign-in tells no kind of address from another', { timeout: LIMIT_MS }, () => {
  test('with the floor off', async () => {
    const samples = await timeRounds({
      unknown: inTurn(strangers(), signInWrong),
      known: inTurn(await accounts(COST), signInWrong),
      'without a usable password': inTurn(await accounts(null), signInWrong),
      suspended: inTurn(await suspendedAccounts(), signInWrong),
      "hashed before SCRYPT's p was raised": inTurn(await accounts(FEWER_LANES), signInWrong),
      "hashed before SCRYPT's ln was raised": inTurn(await accounts(LESS_MEMORY), signInWrong),
    });
    expectNoOracle('sign-in', samples);
  });

  test('with SCRYPT_ENGINE=native', async () => {
    const native = await startRekey({ settings: { ...SETTINGS, SCRYPT_ENGINE: 'native' } });
    try {
      const grace = await createRegistered(native);
      const copies = async (cost: ScryptCost) =>
        inTurn(await copyUser(native, grace, ADDRESSES, cost), email => signInWrong(email, native));
      const samples = await timeRounds({
        unknown: inTurn(strangers(), email => signInWrong(email, native)),
        "hashed before SCRYPT's p was raised": await copies(FEWER_LANES),
        "hashed before SCRYPT's ln was raised": await copies(LESS_MEMORY),
      });
      expectNoOracle('sign-in, native', samples);
    } finally {
      await native.stop();
    }
  });

  test('under load', async () => {
    const known = await accounts(COST);
    const samples = await underLoad(() =>
      timeRounds({ unknown: inTurn(strangers(), signInWrong), known: inTurn(known, signInWrong) }),
    );
    expectNoOracle('sign-in under load', samples);
  });

  test('when the hash lane is full', async () => {
    // A hash takes far longer than a request to arrive, or places would come free as fast as they are asked for.
    const full = await startRekey({ settings: { ...SETTINGS, SCRYPT: 'ln=12,r=8,p=2' } });
    const grace = await createRegistered(full);
    const copies = (cost: ScryptCost | null) => copyUser(full, grace, ADDRESSES, cost);
    const kinds = { unknown: strangers(), known: await copies(LANE_FILLING_COST), unusable: await copies(null) };
    const tries = shuffled(Object.entries(kinds).flatMap(([kind, emails]) => emails.map(email => ({ kind, email }))));
    // 96 passwords may wait in the lane; what arrives behind the flood finds next to no place.
    const flood = Array.from({ length: 300 }, () => signInWrong(createPerson(full, 'flood').email, full));
    const answers = await Promise.all(
      tries.map(async ({ kind, email }) => {
        const startedAtMs = performance.now();
        const answer = await signInWrong(email, full);
        return { kind, answer, tookMs: performance.now() - startedAtMs };
      }),
    );
    await Promise.all(flood);
    await full.stop();
    const samples = Object.keys(kinds).map(kind => {
      const refused = answers.filter(one => one.kind === kind && one.answer.status === 503);
      expect(refused.length).toBeGreaterThan(ADDRESSES / 2);
      for (const { answer } of refused) expect(answer.headers.get('Retry-After')).toBe('5');
      const looks = new Set(refused.map(({ answer }) => lookOf(answer)));
      return [kind, { timesMs: refused.map(({ tookMs }) => tookMs), looks }];
    });
    expectNoOracle('sign-in, full lane', Object.fromEntries(samples));
  });
});

describe('an address at which too much was guessed', { timeout: LIMIT_MS }, () => {
  test('is held back with the same bytes and as fast, with an account and without', async () => {
    const [known, unknown] = [await accounts(COST), strangers()];
    await Promise.all([...known, ...unknown].map(email => pretendGuesses(rekey, { email }, 100)));
    const samples = await timeRounds({ unknown: inTurn(unknown, signInWrong), known: inTurn(known, signInWrong) });
    expectNoOracle('sign-in held back', samples);
  });

  test('waits equally long', async () => {
    const emails = [ada.email, createPerson(rekey, 'nobody').email];
    for (const email of emails) await pretendGuesses(rekey, { email }, 9);
    for (const email of emails) expect((await signInWrong(email)).status).toBe(401);
    const answers = await Promise.all(emails.map(email => signInWrong(email)));
    expect(answers.map(({ status }) => status)).toEqual([429, 429]);
    const waits = answers.map(({ headers }) => Number(headers.get('Retry-After')));
    expect(Math.abs((waits[0] ?? 0) - (waits[1] ?? 0))).toBeLessThanOrEqual(1);
    const looks = answers.map((answer, index) => lookOf(answer).replaceAll(`${waits[index]}`, 'so many'));
    expect(looks[0]).toBe(looks[1]);
  });
});

describe.each([
  ['registrations', 'asking to register'],
  ['password-resets', 'asking for a reset'],
])('POST /api/%s', { timeout: LIMIT_MS }, (path, what) => {
  const ask = (email: string) => stranger(rekey, email).post(`/api/${path}`, { email });

  test(`${what} tells nobody from anybody, past the limits for mails too`, async () => {
    const nobody = createPerson(rekey, 'nobody').email;
    const samples = await timeRounds({
      unknown: inTurn(strangers(), ask),
      known: inTurn(await accounts(COST), ask),
      'without a usable password': inTurn(await accounts(null), ask),
      'known, asked for each time': () => ask(ada.email),
      'unknown, asked for each time': () => ask(nobody),
    });
    expectNoOracle(what, samples);
  });

  test(`${what} tells nothing under load either`, async () => {
    const known = await accounts(COST);
    const samples = await underLoad(() => timeRounds({ unknown: inTurn(strangers(), ask), known: inTurn(known, ask) }));
    expectNoOracle(`${what} under load`, samples);
  });
});

describe('this test can fail', { timeout: LIMIT_MS }, () => {
  test('a delay of 20 ms for one kind is found', async () => {
    const ask = (email: string) => stranger(rekey, email).post('/api/password-resets', { email });
    const askLate = async (email: string) => {
      const answer = await ask(email);
      await new Promise(resolve => setTimeout(resolve, 20));
      return answer;
    };
    const known = await accounts(COST);
    const kinds = { unknown: inTurn(strangers(), ask), known: inTurn(known, askLate) };
    const samples = await timeRounds(kinds);
    expect(areToldApart('no oracle, control: 20 ms late', samples.known, samples.unknown)).toBe(true);
  });

  test('a hash that costs more than SCRYPT says is found, and the floor hides it', async () => {
    const dear = await accounts(DEARER_COST);
    const open = await timeRounds({ unknown: inTurn(strangers(), signInWrong), dear: inTurn(dear, signInWrong) });
    expect(areToldApart('no oracle, control: a dearer hash', open.dear, open.unknown)).toBe(true);

    // A floor above all work, on a machine that may have other things to do.
    const floorMs = Math.round(2 * median(open.dear.timesMs));
    const floored = await startRekey({ settings: { ...SETTINGS, REFUSAL_FLOOR_MS: String(floorMs) } });
    try {
      const grace = await createRegistered(floored);
      const wrong = (email: string) => signInWrong(email, floored);
      const kinds = {
        unknown: inTurn(strangers(), wrong),
        known: inTurn(await copyUser(floored, grace, ADDRESSES, COST), wrong),
        'a dearer hash': inTurn(await copyUser(floored, grace, ADDRESSES, DEARER_COST), wrong),
        "another system's hash": inTurn(await imported(floored, grace), wrong),
      };
      expectNoOracle('sign-in with the floor', await timeRounds(kinds, ROUNDS / 3), floorMs);
    } finally {
      await floored.stop();
    }
  });
});
