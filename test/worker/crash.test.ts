/**
 * workerd is killed outright while people register, reset, change and sign in, and started again on what it left on the
 * disk. Whatever had an answer is kept; whatever had none is either wholly done or not at all; and every notice comes.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CHANGED,
  changePassword,
  changeToken,
  completeReset,
  confirmEmail,
  NEW_BROWSER,
  PASSWORD_CHANGED,
  PASSWORD_WAS_RESET,
} from '../support/account.ts';
import { type CrashableRekey, startCrashableRekey } from '../support/crashable-rekey.ts';
import { type Answer, createPerson, PASSWORD, type Person } from '../support/people.ts';
import { createRandom } from '../support/random.ts';
import { rowsOf, rowsOfUser, storedUser } from '../support/rows.ts';
import { note } from '../support/test-notes.ts';

const KILLS = process.env.TEST_LONG ? 50 : 6;
/** REKEY_CRASH_SEED, as a failure names it, draws the same people, deeds and order again; the moment is workerd's. */
const SEED = Number(process.env.REKEY_CRASH_SEED ?? Date.now() % 1_000_000);
const OWNERS = 14;
/** About what one call takes: from an answer to the next anything may be under way. */
const MOST_WAIT_MS = 8;

const random = createRandom(SEED);

let crashable: CrashableRekey;
beforeAll(async () => {
  crashable = await startCrashableRekey();
});
afterAll(() => crashable.stop());

/** Somebody with an account, as far as they know: the browser that they use, and the password. */
type Owner = { browser: Person; password: string };

/** What somebody asks for when the crash comes. */
type Deed = {
  name: string;
  call: () => Promise<Answer>;
  /** The status that says it is done. */
  good: number;
  /** Whether it was done, as the database has it. */
  isDone: () => Promise<boolean>;
  /** All that must hold then; `wasAnswered` where the person knows. */
  check: (isDone: boolean, wasAnswered: boolean) => Promise<void>;
  /** The notice that is due if it was done, and how many of the kind had come before. */
  notice?: { subject: string; email: string; before: number };
};

const noticeTo = (subject: string, { email }: { email: string }) => ({
  subject,
  email,
  before: noticesTo(subject, email),
});
const noticesTo = (subject: string, email: string): number =>
  crashable.mailbox.mailsTo(email).filter(mail => mail.subject === subject).length;

/** Signs in with the right one and with no other. In a browser that is known, so that no notice is due for it. */
const expectOnlyPassword = async ({ browser, password }: Owner, others: string[]): Promise<void> => {
  for (const other of others) expect((await browser.signIn(other)).status, 'another password').toBe(401);
  expect((await browser.signIn(password)).status, 'the right password').toBe(200);
  expect(await browser.whoAmI()).toBe(browser.username);
};

const statusOfLink = async (path: string, token: string): Promise<number> =>
  (await createPerson(crashable.rekey).post(path, { token })).status;

/** What an old cookie still opens. */
const whoIs = async (cookie: string | undefined): Promise<unknown> => {
  const replay = createPerson(crashable.rekey);
  replay.cookies.set('rekey-session', cookie ?? '');
  return replay.whoAmI();
};

let passwords = 0;
const newPassword = (): string => {
  passwords += 1;
  return `staple violet kettle ${passwords}`;
};

const hasMoved = async (stamp: string, { browser }: Owner): Promise<boolean> => {
  const [user] = (await rowsOf(crashable.rekey, 'users')).filter(({ username }) => username === browser.username);
  return user?.security_stamp !== stamp;
};

const registration = async (owners: Owner[]): Promise<Deed> => {
  const eve = createPerson(crashable.rekey, 'eve');
  const token = await eve.linkToken('registrations');
  const complete = () => eve.post('/api/registrations/complete', { token, username: eve.username, password: PASSWORD });
  const accounts = async () => (await rowsOf(crashable.rekey, 'users')).filter(({ email }) => email === eve.email);
  return {
    name: 'registration',
    call: complete,
    good: 200,
    isDone: async () => (await accounts()).length > 0,
    check: async (isDone, wasAnswered) => {
      expect(await statusOfLink('/api/registrations/check', token)).toBe(isDone ? 400 : 200);
      if (wasAnswered) expect(await eve.whoAmI()).toBe(eve.username);
      if (isDone) expect((await complete()).status, 'a second use').toBe(400);
      else expect((await eve.signIn()).status, 'no account').toBe(401);
      // The link of one that was cut off still finishes it.
      if (!isDone) expect((await complete()).status, 'the link again').toBe(200);
      expect(await accounts()).toHaveLength(1);
      const owner = { browser: eve, password: PASSWORD };
      await expectOnlyPassword(owner, []);
      owners.push(owner);
    },
  };
};

const reset = async (owner: Owner): Promise<Deed> => {
  const { browser } = owner;
  const token = await browser.linkToken('password-resets', 'Password Reset Request');
  const { security_stamp } = await storedUser(crashable.rekey, browser);
  const [oldPassword, password] = [owner.password, newPassword()];
  const cookie = browser.cookies.get('rekey-session');
  return {
    name: 'reset',
    call: () => completeReset(createPerson(crashable.rekey), token, password),
    good: 204,
    isDone: () => hasMoved(security_stamp, owner),
    check: async isDone => {
      expect(await statusOfLink('/api/password-resets/check', token)).toBe(isDone ? 400 : 200);
      expect(await whoIs(cookie)).toBe(isDone ? null : browser.username);
      owner.password = isDone ? password : oldPassword;
      await expectOnlyPassword(owner, [isDone ? oldPassword : password]);
    },
    notice: noticeTo(PASSWORD_WAS_RESET, browser),
  };
};

const passwordChange = async (owner: Owner): Promise<Deed> => {
  const { browser } = owner;
  const { security_stamp } = await storedUser(crashable.rekey, browser);
  const [oldPassword, password] = [owner.password, newPassword()];
  const cookie = browser.cookies.get('rekey-session');
  return {
    name: 'change of password',
    call: () => changePassword(browser, oldPassword, password),
    good: 204,
    isDone: () => hasMoved(security_stamp, owner),
    check: async (isDone, wasAnswered) => {
      expect(await whoIs(cookie)).toBe(isDone ? null : browser.username);
      if (wasAnswered) expect(await browser.whoAmI()).toBe(browser.username);
      owner.password = isDone ? password : oldPassword;
      await expectOnlyPassword(owner, [isDone ? oldPassword : password]);
    },
    notice: noticeTo(PASSWORD_CHANGED, browser),
  };
};

const addressChange = async (owner: Owner): Promise<Deed> => {
  const { browser } = owner;
  const { username } = browser;
  const { email } = createPerson(crashable.rekey, 'moved');
  const moved = createPerson(crashable.rekey, 'moved', { username, email });
  const token = await changeToken(crashable.rekey, browser, moved, owner.password);
  const { security_stamp } = await storedUser(crashable.rekey, browser);
  const cookie = browser.cookies.get('rekey-session');
  return {
    name: 'change of address',
    call: () => confirmEmail(browser, token),
    good: 200,
    isDone: () => hasMoved(security_stamp, owner),
    check: async (isDone, wasAnswered) => {
      expect(await whoIs(cookie)).toBe(isDone ? null : username);
      if (wasAnswered) expect(await browser.whoAmI()).toBe(username);
      expect(await statusOfLink('/api/account/email/check', token)).toBe(isDone ? 400 : 200);
      const [lost, kept] = isDone ? [browser, moved] : [moved, browser];
      expect((await lost.signIn(owner.password)).status, 'the other address').toBe(401);
      if (isDone) for (const [name, value] of browser.cookies) moved.cookies.set(name, value);
      owner.browser = kept;
      await expectOnlyPassword(owner, []);
    },
    notice: noticeTo(CHANGED, browser),
  };
};

const signIn = async (owner: Owner): Promise<Deed> => {
  const phone = createPerson(crashable.rekey, 'phone', owner.browser);
  const { id } = await storedUser(crashable.rekey, owner.browser);
  const sessions = async () => (await rowsOfUser(crashable.rekey, 'sessions', id)).length;
  const before = await sessions();
  return {
    name: 'sign-in',
    call: () => phone.signIn(owner.password),
    good: 200,
    isDone: async () => (await sessions()) > before,
    check: async (_, wasAnswered) => {
      if (wasAnswered) expect(await phone.whoAmI()).toBe(phone.username);
      expect(await owner.browser.whoAmI(), 'the other session').toBe(phone.username);
      await expectOnlyPassword(owner, []);
    },
    notice: noticeTo(NEW_BROWSER, owner.browser),
  };
};

/** The deeds of one crash, each by somebody else, in an order of their own. */
const drawDeeds = async (owners: Owner[]): Promise<Deed[]> => {
  const drawn = random.shuffle(owners);
  const next = (count: number) => drawn.splice(0, count);
  const makers = [
    ...[1, 2, 3].map(() => registration(owners)),
    ...next(5).map(reset),
    ...next(4).map(passwordChange),
    ...next(2).map(addressChange),
    ...next(3).map(signIn),
  ];
  return random.shuffle(await Promise.all(makers));
};

const expectSoundDisk = (): void =>
  crashable.readDisk(all => {
    expect(all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(all('PRAGMA foreign_key_check')).toEqual([]);
    expect(all("SELECT id FROM users WHERE password_hash NOT LIKE '$scrypt$ln=4,r=8,p=1$%$%'")).toEqual([]);
    expect(all('SELECT lower(email) FROM users GROUP BY 1 HAVING count(*) > 1')).toEqual([]);
    expect(
      all('SELECT sessions.id FROM sessions JOIN users ON users.id = user_id WHERE stamp <> security_stamp'),
    ).toEqual([]);
    expect(
      all(
        "SELECT users.id FROM users WHERE (SELECT count(*) FROM activity WHERE user_id = users.id AND kind = 'registered') <> 1",
      ),
    ).toEqual([]);
  });

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** As if so much time had passed: the shipped Worker has no clock that could be set. */
const passTime = (table: string, columns: string[], ms: number) =>
  crashable.rekey.env.DB.prepare(
    `UPDATE ${table} SET ${columns.map(column => `${column} = ${column} - ${ms}`).join(', ')}`,
  ).run();

/** The cron sends what the crash left behind: at once what never reached the queue, after days what was lost with it. */
const sendLeftNotices = async (): Promise<void> => {
  await passTime('notices', ['created_at'], 2 * MINUTE_MS);
  await passTime('notices', ['queued_at'], 5 * DAY_MS);
  // It takes a dozen at a time.
  const due = (await rowsOf(crashable.rekey, 'notices')).length;
  for (let sent = 0; sent < due; sent += 12) await crashable.runCron();
};

/** What is counted by the day, and the week in which a change of address can be taken back. */
const passWeek = async (): Promise<void> => {
  await passTime('activity', ['at'], 2 * DAY_MS);
  await passTime('users', ['email_changed_at'], 8 * DAY_MS);
  await passTime('reset_mails', ['counted_at', 'link_expires_at'], DAY_MS);
};

type Tally = { answered: number; cutOff: number; doneAll: number };

const crashOnce = async (owners: Owner[], tally: Tally): Promise<void> => {
  const deeds = await drawDeeds(owners);
  // Now and then the provider is down as well, so that the crash finds notices whose mail was tried in vain.
  if (random.below(2) === 0) crashable.mailbox.setFaults({ hangUp: true });
  const answers = new Map<Deed, Answer>();
  const killAfter = random.below(deeds.length);
  let reached: () => void = () => undefined;
  const isTime = new Promise<void>(done => {
    reached = done;
  });
  const calls = deeds.map(async deed => {
    const answer = await deed.call();
    answers.set(deed, answer);
    if (answers.size >= killAfter) reached();
  });
  const settled = Promise.allSettled([...calls, crashable.runCron()]);
  if (killAfter > 0) await Promise.race([isTime, settled]);
  await new Promise(resolve => setTimeout(resolve, random.below(MOST_WAIT_MS)));
  await crashable.kill();
  await settled;
  crashable.mailbox.clearFaults();

  expectSoundDisk();
  await crashable.start();
  await sendLeftNotices();

  const done = new Map<Deed, boolean>();
  for (const deed of deeds) {
    const answer = answers.get(deed);
    if (answer) expect(answer.status, deed.name).toBe(deed.good);
    const isDone = await deed.isDone();
    if (answer) expect(isDone, `${deed.name} was answered`).toBe(true);
    done.set(deed, isDone);
    if (answer) tally.answered += 1;
    else tally.cutOff += 1;
    if (!answer && isDone) tally.doneAll += 1;
  }
  await Promise.all(deeds.map(deed => deed.check(done.get(deed) === true, answers.has(deed))));

  await expect.poll(() => rowsOf(crashable.rekey, 'notices'), { timeout: 10_000 }).toEqual([]);
  for (const deed of deeds) {
    if (!deed.notice) continue;
    const { subject, email, before } = deed.notice;
    // At least once: a mail that was accepted just before the crash comes again.
    if (done.get(deed)) expect(noticesTo(subject, email), deed.name).toBeGreaterThan(before);
    else expect(noticesTo(subject, email), deed.name).toBe(before);
  }
  await passWeek();
};

test('a crash at any moment leaves nothing half done: what was answered is kept, and every notice comes', {
  timeout: KILLS * 12_000,
}, async () => {
  const owners: Owner[] = await Promise.all(
    Array.from({ length: OWNERS }, async () => {
      const browser = createPerson(crashable.rekey);
      await browser.register();
      return { browser, password: PASSWORD };
    }),
  );
  const tally = { answered: 0, cutOff: 0, doneAll: 0 };
  for (let kill = 1; kill <= KILLS; kill += 1) {
    try {
      await crashOnce(owners, tally);
    } catch (error) {
      throw new Error(`kill ${kill} of ${KILLS} with REKEY_CRASH_SEED=${SEED}: ${error}`, { cause: error });
    }
  }
  note(
    `crash: ${KILLS} kills of workerd, REKEY_CRASH_SEED=${SEED}: ${tally.answered} calls answered before, ${tally.cutOff} cut off, of which ${tally.doneAll} were done`,
  );
  expect(tally.cutOff).toBeGreaterThan(0);
  expect(crashable.errors.filter(line => line.includes('internal_error'))).toEqual([]);
});
