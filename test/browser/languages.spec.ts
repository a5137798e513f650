/** The pages in other languages than English: how one is found, kept and switched, and that only one is loaded. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { createPerson, expect, logIn, logOut, PASSWORD, register, test } from './fixtures.ts';

const htmlOf = (page: Page) => page.locator('html');
const switcher = (page: Page) => page.getByRole('contentinfo').getByRole('combobox');

test('English speakers change the language in the footer: at once, kept for the next visit, and one language is loaded at a time', async ({
  page,
  context,
}) => {
  const loaded: string[] = [];
  page.on('request', request => {
    const language = /\/assets\/([\w-]+?)-(?:every-page|home|sign-in|choosing|links|account)-/.exec(request.url())?.[1];
    if (language) loaded.push(language);
  });
  await page.goto('/login');
  await expect(page.getByRole('heading', { name: 'Log In' })).toBeVisible();
  await expect(page.getByLabel('Language')).toHaveValue('en');
  expect(new Set(loaded)).toEqual(new Set(['en']));

  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByRole('button', { name: 'Log In' }).click();
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription('Enter your password.');
  await switcher(page).selectOption('de');
  await expect(page.getByRole('heading', { name: 'Anmelden' })).toBeVisible();
  await expect(page.getByLabel('E-Mail-Adresse')).toHaveValue('ada@example.com');
  await expect(page.getByLabel('Passwort', { exact: true })).toHaveAccessibleDescription('Geben Sie Ihr Passwort ein.');
  await expect(page).toHaveTitle(/Anmelden/);
  await expect(htmlOf(page)).toHaveAttribute('lang', 'de');
  expect(new Set(loaded)).toEqual(new Set(['en', 'de']));

  const cookie = (await context.cookies()).find(({ name }) => name === 'language');
  expect(cookie).toMatchObject({ value: 'de', path: '/', sameSite: 'Lax', secure: false });
  expect(cookie?.expires).toBeGreaterThan(Date.now() / 1000 + 364 * 86_400);
  loaded.length = 0;
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'Registrieren' })).toBeVisible();
  expect(new Set(loaded)).toEqual(new Set(['de']));
});

test.describe('a browser that asks for German', () => {
  test.use({ locale: 'de-AT' });

  test('is spoken to in German from the first page to the account, which keeps the language and brings it to other browsers', async ({
    page,
    person,
    browser,
    expectTrouble,
  }) => {
    await page.goto('/register');
    await expect(htmlOf(page)).toHaveAttribute('lang', 'de');
    await page.getByLabel('E-Mail-Adresse').fill(person.email);
    await page.getByRole('button', { name: 'Registrieren' }).click();
    await expect(page).toHaveURL('/login');
    await expect.poll(async () => (await person.mails())[0]?.link).toBeTruthy();
    await page.goto((await person.mails())[0]?.link ?? '');
    await page.getByLabel('Benutzername').fill(person.username);
    await page.getByLabel('Passwort', { exact: true }).fill('passwordpassword');
    await page.getByLabel('Passwort bestätigen').fill('passwordpassword');
    expectTrouble(/422/);
    await page.getByRole('button', { name: 'Konto anlegen' }).click();
    await expect(page.getByLabel('Passwort', { exact: true })).toHaveAccessibleDescription(/Angreifer/);
    await page.getByLabel('Passwort', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Passwort bestätigen').fill(PASSWORD);
    await page.getByRole('button', { name: 'Konto anlegen' }).click();
    await expect(page.getByText('Ihr Konto ist angelegt.')).toBeVisible();
    await expect(page.getByText('Sie haben dieses Konto angelegt')).toBeVisible();

    const context = await browser.newContext({
      locale: 'en-GB',
      extraHTTPHeaders: { 'CF-Connecting-IP': '198.51.100.77' },
    });
    const elsewhere = await context.newPage();
    await logIn(elsewhere, person);
    await expect(elsewhere.getByRole('heading', { level: 1, name: 'Konto' })).toBeVisible();
    await expect(switcher(elsewhere)).toHaveValue('de');
    await switcher(elsewhere).selectOption('en');
    await expect(elsewhere.getByRole('heading', { level: 1, name: 'Account' })).toBeVisible();
    await expect
      .poll(async () => ((await (await elsewhere.request.get('/api/account')).json()) as Answer).user.language)
      .toBe('en');
    await context.close();

    // What was chosen there holds here, whatever this browser asks for; signed out it still does.
    await page.goto('/account');
    await expect(page.getByRole('heading', { level: 1, name: 'Account' })).toBeVisible();
    await logOut(page);
    await page.goto('/login');
    await expect(page.getByRole('heading', { name: 'Log In' })).toBeVisible();
  });

  test('is spoken to in English where the cookie says so', async ({ page, context, baseURL }) => {
    await context.addCookies([{ name: 'language', value: 'en', url: baseURL ?? '' }]);
    await page.goto('/login');
    await expect(page.getByRole('heading', { name: 'Log In' })).toBeVisible();
    await expect(htmlOf(page)).toHaveAttribute('lang', 'en');
  });

  test('is told in plain English that the page could not be loaded where its words do not come', async ({
    page,
    expectTrouble,
  }) => {
    expectTrouble(/ERR_FAILED|dynamically imported module/);
    await page.route(/assets\/de-/, route => route.abort());
    await page.goto('/login');
    await expect(page.getByRole('heading', { name: 'Something Went Wrong' })).toBeVisible();
    await page.unroute(/assets\/de-/);
    await page.getByRole('button', { name: 'Try Again' }).click();
    await expect(page.getByRole('heading', { name: 'Anmelden' })).toBeVisible();
  });
});

type Answer = { user: { language: string } };

test('a choice that the account cannot keep is taken back, and said', async ({ page, person, expectTrouble }) => {
  const made = createPerson(person.username);
  await page.request.post('/api/registrations', { data: { email: made.email } });
  const token = (await made.link('Finish signing up for Rekey')).split('#')[1];
  const account = { token, username: made.username, password: PASSWORD, language: 'en' };
  await page.request.post('/api/registrations/complete', { data: account });
  await page.goto('/account');
  await expect(page.getByRole('heading', { level: 1, name: 'Account' })).toBeVisible();
  expectTrouble(/ERR_FAILED/);
  await page.route('**/api/account', route => route.abort());
  await switcher(page).selectOption('de');
  await expect(page.getByRole('alert').first()).toContainText('We could not reach Rekey');
  await expect(switcher(page)).toHaveValue('en');
  await expect(page.getByRole('heading', { level: 1, name: 'Account' })).toBeVisible();
});

for (const [locale, dir] of [
  ['de', 'ltr'],
  ['ja', 'ltr'],
  ['ar', 'rtl'],
] as const) {
  test.describe(`in ${locale}`, () => {
    test.use({ locale, viewport: { width: 320, height: 640 } });
    test('the pages run the right way, fit a narrow screen, and axe finds nothing', async ({ page, person }) => {
      await page.request.post('/api/registrations', { data: { email: person.email } });
      await expect.poll(async () => (await person.mails())[0]?.link).toBeTruthy();
      const link = (await person.mails())[0]?.link ?? '';
      for (const path of ['/', '/login', new URL(link).pathname + new URL(link).hash]) {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await page.waitForLoadState('networkidle');
        await expect(htmlOf(page)).toHaveAttribute('lang', locale);
        await expect(htmlOf(page)).toHaveAttribute('dir', dir);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(
          0,
        );
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
      }
    });
  });
}

test('a language that only a newer release speaks leaves the page in the one it has', async ({ page, person }) => {
  await register(page, person);
  await page.route('**/api/session', async route => {
    const answer = await route.fetch();
    const { user } = await answer.json();
    await route.fulfill({ response: answer, json: { user: { ...user, language: 'it' } } });
  });
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Account', exact: true })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});
