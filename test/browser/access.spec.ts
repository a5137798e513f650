/** For everyone: by keyboard alone, with assistive technology, in the light and in the dark, on a narrow screen. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, logOut, NEW_PASSWORD, PASSWORD, type Person, register, test } from './fixtures.ts';

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
        expectTrouble(/404/);
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
      expectTrouble(/404/);
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
