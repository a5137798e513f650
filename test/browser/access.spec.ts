/** For everyone: by keyboard alone, with assistive technology, in the light and in the dark, on a narrow screen. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import {
  askForAddress,
  changeAddress,
  createPerson,
  expect,
  logIn,
  logOut,
  NEW_PASSWORD,
  PASSWORD,
  type Person,
  register,
  section,
  test,
} from './fixtures.ts';

/** Presses Tab until the element with this name has the focus; fails where it never does. */
const tabTo = async (page: Page, role: 'link' | 'button' | 'textbox' | 'checkbox', name: string) => {
  const target = page.getByRole(role, { name, exact: true }).first();
  await target.waitFor();
  for (let presses = 0; presses < 30; presses += 1) {
    if (await target.evaluate(element => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach the ${role} "${name}"`);
};

test('the whole journey by keyboard alone', async ({ page, person }) => {
  await page.goto('/');
  await tabTo(page, 'link', 'Register');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/register');
  await tabTo(page, 'textbox', 'Email');
  await page.keyboard.type(person.email);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/login');

  await page.goto(await person.link('Finish signing up for Rekey'));
  await tabTo(page, 'textbox', 'Username');
  await page.keyboard.type(person.username);
  await tabTo(page, 'textbox', 'Password');
  await page.keyboard.type(PASSWORD);
  await tabTo(page, 'textbox', 'Confirm Password');
  await page.keyboard.type(PASSWORD);
  await tabTo(page, 'button', 'Create Account');
  await page.keyboard.press('Space');
  await expect(page).toHaveURL('/account');

  await tabTo(page, 'button', 'Log Out');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Log Out' })).toBeHidden();
  await page.goto('/login');
  await tabTo(page, 'link', 'Forgot Password?');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/forgot-password');
  await tabTo(page, 'textbox', 'Email');
  await page.keyboard.type(person.email);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/login');

  await page.goto(await person.link('Password Reset Request'));
  await tabTo(page, 'textbox', 'Password');
  await page.keyboard.type(NEW_PASSWORD);
  await tabTo(page, 'textbox', 'Confirm Password');
  await page.keyboard.type(NEW_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/login');

  await tabTo(page, 'textbox', 'Email');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(person.email);
  await tabTo(page, 'textbox', 'Password');
  await page.keyboard.type(NEW_PASSWORD);
  await tabTo(page, 'checkbox', 'Remember Me');
  await page.keyboard.press('Space');
  await tabTo(page, 'button', 'Log In');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/account');
});

test('the account by keyboard alone: a new password, the other browsers logged out, and the end of it', async ({
  page,
  person,
  browser,
}) => {
  await register(page, person);
  const context = await browser.newContext({ extraHTTPHeaders: { 'CF-Connecting-IP': '198.51.100.200' } });
  const elsewhere = await context.newPage();
  await logIn(elsewhere, person);
  await expect(elsewhere).toHaveURL('/account');
  await context.close();
  await page.goto('/account');

  await tabTo(page, 'button', 'Log out all other browsers');
  await page.keyboard.press('Enter');
  await tabTo(page, 'button', 'Log out 1 other browser');
  await page.keyboard.press('Space');
  await expect(page.getByText('All other browsers have been logged out.')).toBeVisible();

  await page.goto('/account');
  await tabTo(page, 'link', 'Password');
  await page.keyboard.press('Enter');
  await expect(section(page, 'Password').getByRole('heading')).toBeFocused();
  await tabTo(page, 'textbox', 'Current Password');
  await page.keyboard.type(PASSWORD);
  await tabTo(page, 'textbox', 'Password');
  await page.keyboard.type(NEW_PASSWORD);
  await tabTo(page, 'textbox', 'Confirm Password');
  await page.keyboard.type(NEW_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Your password has been changed.')).toBeVisible();

  await page.goto('/account');
  await tabTo(page, 'link', 'Danger Zone');
  await page.keyboard.press('Enter');
  await expect(section(page, 'Danger Zone').getByRole('heading')).toBeFocused();
  await tabTo(page, 'button', 'Delete Account');
  await page.keyboard.press('Enter');
  await tabTo(page, 'textbox', 'Your Username');
  await page.keyboard.type(person.username);
  await page.keyboard.press('Tab');
  await page.keyboard.type(NEW_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/');
  await expect(page.getByText('Your account has been deleted.')).toBeVisible();
});

type Visit = [name: string, open: (page: Page, person: Person) => Promise<void>];

const askAndOpen = async (page: Page, person: Person, path: string, subject: string) => {
  await page.request.post(path, { data: { email: person.email } });
  await page.goto(await person.link(subject));
  await expect(page.getByLabel('Confirm Password')).toBeVisible();
};

const go = (path: string) => async (page: Page) => {
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
};

/** Asks for another address and opens its link, after what happens in between. */
const openChangeLink = async (page: Page, person: Person, between: (page: Page) => Promise<void> = async () => {}) => {
  const target = createPerson(`new-${person.username}`);
  await askForAddress(page, target);
  const link = await target.link('Confirm your new email address');
  await between(page);
  await page.goto(link);
};

const openSecureLink = async (page: Page, person: Person) => {
  await register(page, person);
  const changed = { currentPassword: PASSWORD, password: NEW_PASSWORD };
  expect((await page.request.post('/api/account/password', { data: changed })).status()).toBe(204);
  await page.goto(await person.link('Your password was changed'));
  await expect(page.getByRole('button', { name: 'Secure My Account' })).toBeVisible();
};

const PAGES: Visit[] = [
  ['the home page', go('/')],
  ['the login form', go('/login')],
  [
    'the login form with mistakes',
    async page => {
      await page.goto('/login');
      await page.getByRole('button', { name: 'Log In' }).click();
    },
  ],
  ['the registration form', go('/register')],
  ['the form for a link', go('/forgot-password')],
  ['the not-found page', go('/no/such/page')],
  [
    'the end of a registration',
    (page, person) => askAndOpen(page, person, '/api/registrations', 'Finish signing up for Rekey'),
  ],
  [
    'the choice of a new password',
    async (page, person) => {
      await register(page, person);
      await logOut(page);
      await askAndOpen(page, person, '/api/password-resets', 'Password Reset Request');
    },
  ],
  ['the account', register],
  [
    'the account with mistakes in every form',
    async (page, person) => {
      await register(page, person);
      const forms = [
        ['Profile', 'Change Username'],
        ['Password', 'Change Password'],
        ['Email', 'Change Email'],
      ] as const;
      for (const [name, button] of forms) await section(page, name).getByRole('button', { name: button }).click();
      for (const [name] of forms)
        await expect(section(page, name).locator('[aria-invalid=true]').first()).toBeVisible();
    },
  ],
  [
    'the account with other browsers, about to be logged out, and much that happened',
    async (page, person) => {
      await register(page, person);
      for (let times = 0; times < 12; times += 1) {
        const data = { email: person.email, password: PASSWORD };
        // Without the cookie of this browser, which would end its session.
        const answer = await fetch(new URL('/api/session', page.url()), {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': `198.51.100.${times}` },
          body: JSON.stringify(data),
        });
        expect(answer.status).toBe(200);
      }
      await page.reload();
      await section(page, 'Activity').getByRole('button', { name: 'Show more' }).click();
      await section(page, 'Sessions').getByRole('button', { name: 'Log out all other browsers' }).click();
      await expect(section(page, 'Sessions').getByText('Log out 12 other browsers?')).toBeVisible();
    },
  ],
  [
    'the end of an account, asked for',
    async (page, person) => {
      await register(page, person);
      const danger = section(page, 'Danger Zone');
      await danger.getByRole('button', { name: 'Delete Account' }).click();
      await danger.getByRole('button', { name: 'Delete My Account' }).click();
      await expect(danger.getByLabel('Your Username')).toBeFocused();
    },
  ],
  [
    'a change of address that has to wait',
    async (page, person) => {
      await register(page, person);
      await changeAddress(page, createPerson(`new-${person.username}`));
      await askForAddress(page, createPerson(`third-${person.username}`));
      await expect(section(page, 'Email').getByRole('alert')).toContainText('in the last 7 days');
    },
  ],
  [
    'a change of address',
    async (page, person) => {
      await register(page, person);
      await openChangeLink(page, person);
      await expect(page.getByRole('button', { name: 'Change Email' })).toBeVisible();
    },
  ],
  [
    'a change of address, signed out',
    async (page, person) => {
      await register(page, person);
      await openChangeLink(page, person, logOut);
      await expect(page.getByText('Log in to the account whose address you are changing')).toBeVisible();
    },
  ],
  [
    'a change of address, signed in as somebody else',
    async (page, person) => {
      await register(page, person);
      await openChangeLink(page, person, async () => {
        await logOut(page);
        await register(page, createPerson(`bob-${person.username.slice(4)}`));
      });
      await page.getByRole('button', { name: 'Change Email' }).click();
      await expect(page.getByRole('button', { name: 'Switch Account' })).toBeVisible();
    },
  ],
  ['the way to secure an account', openSecureLink],
  [
    'an account that is secured',
    async (page, person) => {
      await openSecureLink(page, person);
      await page.getByRole('button', { name: 'Secure My Account' }).click();
      await expect(page.getByText('Your account is secured.')).toBeVisible();
    },
  ],
  [
    'a dead link to secure an account',
    async page => {
      await page.goto('/secure-account#rubbish');
      await page.getByRole('button', { name: 'Secure My Account' }).click();
      await expect(page.getByText('That is an invalid or expired token')).toBeVisible();
    },
  ],
  [
    'a message after a request',
    async (page, person) => {
      await page.goto('/forgot-password');
      await page.getByLabel('Email').fill(person.email);
      await page.getByRole('button', { name: 'Request Password Reset' }).click();
      await expect(page).toHaveURL('/login');
    },
  ],
];

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme });
    for (const [name, open] of PAGES) {
      test(`axe finds nothing on ${name}`, async ({ page, person, expectTrouble }) => {
        expectTrouble(/40[0349]/);
        await open(page, person);
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
      });
    }
  });
}

test.describe('at 320 pixels', () => {
  test.use({ viewport: { width: 320, height: 640 } });
  for (const [name, open] of PAGES) {
    test(`nothing has to be scrolled sideways on ${name}`, async ({ page, person, expectTrouble }) => {
      expectTrouble(/40[0349]/);
      await open(page, person);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    });
  }
});

test('messages are announced: the live regions stand there before any text does', async ({ page, expectTrouble }) => {
  await page.goto('/login');
  const alert = page.locator('[role=alert]').first();
  await expect(alert).toBeAttached();
  await expect(alert).toBeEmpty();
  expectTrouble(/401/);
  await page.getByLabel('Email').fill('nobody@example.com');
  await page.getByLabel('Password', { exact: true }).fill('whatever it is');
  await page.getByRole('button', { name: 'Log In' }).click();
  await expect(alert).toContainText('Login unsuccessful. Please check email and password');
});

test('password managers find what they need in each form', async ({ page, person }) => {
  await page.goto('/login');
  await expect(page.getByLabel('Email')).toHaveAttribute('autocomplete', 'username');
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('autocomplete', 'current-password');
  await askAndOpen(page, person, '/api/registrations', 'Finish signing up for Rekey');
  await expect(page.getByLabel('Email')).toHaveAttribute('autocomplete', 'username');
  for (const label of ['Password', 'Confirm Password']) {
    await expect(page.getByLabel(label, { exact: true })).toHaveAttribute('autocomplete', 'new-password');
  }
});
