/** What a person does, by whatever calls the system has: join, sign in, ask for a link, read the mail, use the link. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Context } from './context.ts';
import type { Account, Answer, Client, Driver, Mail } from './driver.ts';

const MAIL_WAIT_MS = 15_000;
const MAIL_LOOK_MS = 60;

export type Person = { account: Account; client: Client };

export const isGood = ({ status }: Answer): boolean => status >= 200 && status < 300;
export const isRefused = ({ status }: Answer): boolean => status >= 400 && status < 500;

/** Someone new who has an account and is signed in. */
export const join = async ({ driver, someone }: Context, password?: string): Promise<Person> => {
  const account = { ...someone(), ...(password !== undefined && { password }) };
  const client = driver.createClient();
  const answer = await driver.register(client, account);
  if (!isGood(answer)) throw new Error(`registering answered ${answer.status}: ${answer.text.slice(0, 200)}`);
  return { account, client };
};

/** Tries to register a new person under this password. */
export const registerWith = ({ driver, someone }: Context, password: string): Promise<Answer> =>
  driver.register(driver.createClient(), { ...someone(), password });

export const signIn = (driver: Driver, client: Client, { email, password }: Account, other?: string) =>
  client.send(driver.calls.signIn({ email, password: other ?? password }));

/** The account in another browser and network. Fails where it is refused. */
export const signInElsewhere = async (
  driver: Driver,
  account: Account,
  password = account.password,
): Promise<Client> => {
  const client = driver.createClient();
  const answer = await signIn(driver, client, account, password);
  if (!isGood(answer)) throw new Error(`signing in answered ${answer.status}: ${answer.text.slice(0, 200)}`);
  return client;
};

/** Whether this password opens the account, tried from a browser that was never here. */
export const opens = async (driver: Driver, account: Account, password = account.password): Promise<boolean> => {
  const client = driver.createClient();
  const answer = await signIn(driver, client, account, password);
  return isGood(answer) && (await driver.whoAmI(client)) !== null;
};

/** The next mail that fits and was not there before; null when none comes in time. */
export const nextMail = async (
  driver: Driver,
  email: string,
  before: readonly Mail[],
  fits: (mail: Mail) => boolean = () => true,
  waitMs = MAIL_WAIT_MS,
): Promise<Mail | null> => {
  const end = performance.now() + waitMs;
  for (;;) {
    const mails = await driver.mailsTo(email);
    const found = mails.slice(0, Math.max(0, mails.length - before.length)).find(fits);
    if (found || performance.now() > end) return found ?? null;
    await wait(MAIL_LOOK_MS);
  }
};

/** The mail that some work makes arrive; null when none does. */
export const mailAfter = async (
  driver: Driver,
  email: string,
  work: () => Promise<unknown>,
  fits?: (mail: Mail) => boolean,
  waitMs?: number,
): Promise<Mail | null> => {
  const before = await driver.mailsTo(email);
  await work();
  return nextMail(driver, email, before, fits, waitMs);
};

/** Asks for a reset and reads its link out of the mail. */
export const resetLink = async (driver: Driver, email: string, client = driver.createClient()) => {
  const ask = () => client.send(driver.calls.askReset(email));
  const mail = await mailAfter(driver, email, ask, found => driver.resetLinkOf(found) !== null);
  const link = mail && driver.resetLinkOf(mail);
  if (!mail || !link) throw new Error('no mail with a reset link came');
  return { ...link, mail };
};

/** Uses a reset link, from a browser that was never here. */
export const completeReset = (
  driver: Driver,
  token: string,
  password: string,
  client = driver.createClient(),
): Promise<Answer> => client.send(driver.calls.completeReset({ token, password }));

/** The names of the cookies without which the client is nobody. */
export const sessionCookies = async (driver: Driver, client: Client): Promise<string[]> => {
  const names: string[] = [];
  if ((await driver.whoAmI(client)) === null) return names;
  for (const [name] of [...client.cookies]) {
    const without = driver.createClient();
    for (const [other, value] of client.cookies) if (other !== name) without.cookies.set(other, value);
    if ((await driver.whoAmI(without)) === null) names.push(name);
  }
  return names;
};

/** Another browser with the same cookies, as a thief of them has it. */
export const withCookiesOf = (driver: Driver, { cookies }: Client): Client => {
  const client = driver.createClient();
  for (const [name, value] of cookies) client.cookies.set(name, value);
  return client;
};
