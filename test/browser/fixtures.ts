/**
 * What every browser test stands on: a page that fails the test on any error or policy violation, a network of its own,
 * and a person who reads mail.
 */
import { test as base, expect, type Page } from '@playwright/test';
import type { Mail } from '../mailbox/mailbox.ts';
import { MAILBOX_URL } from './ports.ts';

export { expect };

export const PASSWORD = 'correct horse battery';
export const NEW_PASSWORD = 'staple violet kettle drum';

export type Person = {
  username: string;
  email: string;
  /** The link of the newest mail, as soon as one has come that `after` does not know yet. */
  link(subject: string, after?: number): Promise<string>;
  mails(): Promise<Mail[]>;
};

/** Somebody with this address. */
export const createPerson = (username: string, email = `${username}@example.com`): Person => {
  const mails = async () => {
    const answer = await fetch(`${MAILBOX_URL}/api/mails?to=${encodeURIComponent(email)}`);
    return ((await answer.json()) as { mails: Mail[] }).mails;
  };
  const link = async (subject: string, after = 0): Promise<string> => {
    let found: Mail | undefined;
    await expect
      .poll(async () => (found = (await mails()).find(mail => mail.subject === subject && mail.number > after)), {
        message: `a mail "${subject}" to ${email}`,
        intervals: [50],
        timeout: 15_000,
      })
      .toBeTruthy();
    if (!found?.link) throw new Error('the mail holds no link');
    return found.link;
  };
  return { username, email, link, mails };
};

type Fixtures = { person: Person; troubles: string[]; expectTrouble: (pattern: RegExp) => void };

export const test = base.extend<Fixtures>({
  person: async ({ page: _ }, use) => {
    await use(createPerson(`ada-${crypto.randomUUID().slice(0, 8)}`));
  },

  /** Console errors (a violated policy is one), exceptions and requests that left our origin: none is fine. */
  troubles: async ({ context }, use) => {
    const troubles: string[] = [];
    const bytes = crypto.getRandomValues(new Uint8Array(3));
    await context.setExtraHTTPHeaders({ 'CF-Connecting-IP': `10.${bytes.join('.')}` });
    context.on('weberror', ({ error }) => void troubles.push(String(error())));
    context.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
    });
    await use(troubles);
    expect(troubles, 'errors in the browser console').toEqual([]);
  },

  page: async ({ page, troubles: _ }, use) => {
    await use(page);
  },

  /** Chromium reports every refused request as a console error: a test that means one says so. */
  expectTrouble: async ({ troubles }, use) => {
    const expected: RegExp[] = [];
    await use(pattern => void expected.push(pattern));
    const others = troubles.filter(text => !expected.some(pattern => pattern.test(text)));
    troubles.splice(0, troubles.length, ...others);
  },
});

/**
 * Registers and stays signed in, on the account page. By the API: the pages of a registration have tests of their own,
 * and here it only stands before what is tested.
 */
export const register = async (page: Page, person: Person, password = PASSWORD): Promise<void> => {
  const post = async (path: string, data: object) => {
    // The session is this browser's, and bears its name.
    const headers = { 'User-Agent': await page.evaluate(() => navigator.userAgent) };
    const answer = await page.request.post(path, { data, headers });
    expect(answer.ok(), `${path} answers ${answer.status()}`).toBe(true);
  };
  await post('/api/registrations', { email: person.email });
  const link = new URL(await person.link('Finish signing up for Rekey'));
  const token = link.hash.slice(1);
  await post('/api/registrations/complete', { token, username: person.username, password });
  await page.goto('/account');
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
};

/** The same through the pages. */
export const registerByPages = async (page: Page, person: Person, password = PASSWORD): Promise<void> => {
  await page.goto('/register');
  await page.getByLabel('Email').fill(person.email);
  await page.getByRole('button', { name: 'Sign Up' }).click();
  await expect(page.getByText('An email has been sent with instructions to finish signing up.')).toBeVisible();
  await page.goto(await person.link('Finish signing up for Rekey'));
  await page.getByLabel('Username').fill(person.username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Confirm Password').fill(password);
  await page.getByRole('button', { name: 'Create Account' }).click();
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
};

/** Signs in through the page. What comes of it is the test's to look at. */
export const logIn = async (page: Page, person: Person, password = PASSWORD): Promise<void> => {
  await page.goto('/login');
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log In' }).click();
};

export const logOut = async (page: Page): Promise<void> => {
  // By the header's button: the account page has others that log out other browsers.
  const button = page.getByRole('banner').getByRole('button', { name: 'Log Out', exact: true });
  await button.click();
  await expect(button).toBeHidden();
};

/** One part of the account page. */
export const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** Asks for another address in the account page, by the given password. */
export const askForAddress = async (page: Page, target: Person, password = PASSWORD): Promise<void> => {
  const email = section(page, 'Email');
  await email.getByLabel('New Email').fill(target.email);
  await email.getByLabel('Current Password').fill(password);
  await email.getByRole('button', { name: 'Change Email' }).click();
};

/** The whole change of address, signed in all the way. */
export const changeAddress = async (page: Page, target: Person): Promise<void> => {
  await askForAddress(page, target);
  await page.goto(await target.link('Confirm your new email address'));
  await page.getByRole('button', { name: 'Change Email' }).click();
  await expect(page.getByText('Your email address has been changed.')).toBeVisible();
  await expect(page).toHaveURL('/account');
};
