/** The pages by themselves: where they lead, what they say, and what they do with mistakes. */
import { createPerson, expect, logIn, logOut, PASSWORD, register, test } from './fixtures.ts';

test('each page has its own heading and title, and a path that is no page answers 404 with a way home', async ({
  page,
  expectTrouble,
}) => {
  const pages = [
    ['/login', 'Log In'],
    ['/register', 'Register'],
    ['/forgot-password', 'Reset Password'],
  ] as const;
  for (const [path, heading] of pages) {
    expect((await page.goto(path))?.status()).toBe(200);
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await expect(page).toHaveTitle(new RegExp(heading));
  }
  expectTrouble(/404/);
  expect((await page.goto('/no/such/page'))?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.getByRole('main').getByRole('link').first().click();
  await expect(page).toHaveURL('/');
});

test('signed out, the account asks to log in and then leads back', async ({ page, person }) => {
  await register(page, person);
  await logOut(page);
  await page.goto('/account');
  await expect(page).toHaveURL('/login?next=%2Faccount');
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Log In' }).click();
  await expect(page).toHaveURL('/account');
});

test('signed in, the pages for signed-out people lead to the account', async ({ page, person }) => {
  await register(page, person);
  for (const path of ['/login', '/register', '/forgot-password']) {
    await page.goto(path);
    await expect(page).toHaveURL('/account');
  }
  await page.goto('/');
  await expect(page.getByText(person.username).first()).toBeVisible();
});

test('no `next` leads off our own host', async ({ page, person, expectTrouble }) => {
  // One of them is a path where nobody is.
  expectTrouble(/404/);
  await register(page, person);
  for (const next of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/%09/evil.example',
  ]) {
    await page.goto(`/login?next=${encodeURIComponent(next)}`);
    await expect(page.getByRole('button', { name: 'Log Out' })).toBeVisible();
    expect(new URL(page.url()).origin).toBe('http://localhost:8797');
  }
});

test('a login leads on to a page of another Worker on this host, by a load of its own', async ({ page, person }) => {
  await register(page, person);
  await logOut(page);
  const body = '<!doctype html><title>Notes</title><link rel="icon" href="data:,"><h1>Notes</h1>';
  await page.route('/notes?of=mine', route => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(`/login?next=${encodeURIComponent('/notes?of=mine')}`);
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Log In' }).click();
  await expect(page.getByRole('heading', { name: 'Notes' })).toBeVisible();
  await expect(page).toHaveURL('/notes?of=mine');
});

test('mistakes are said at their fields, tied to them, and the first one has the focus', async ({ page }) => {
  await page.goto('/login');
  await page.getByRole('button', { name: 'Log In' }).click();
  const email = page.getByLabel('Email');
  await expect(email).toBeFocused();
  await expect(email).toHaveAttribute('aria-invalid', 'true');
  await expect(email).toHaveAccessibleDescription(/Enter your email address/);
  await email.fill('nobody');
  await page.getByRole('button', { name: 'Log In' }).click();
  await expect(email).toHaveAccessibleDescription(/like name@example.com/);
});

test('a new password shows its rule before anything is typed, counts along, and must be typed the same twice', async ({
  page,
  person,
  expectTrouble,
}) => {
  await page.goto('/register');
  await page.getByLabel('Email').fill(person.email);
  await page.getByRole('button', { name: 'Sign Up' }).click();
  await expect(page).toHaveURL('/login');
  await page.goto(await person.link('Finish signing up for Rekey'));
  const password = page.getByLabel('Password', { exact: true });
  await expect(password).toHaveAccessibleDescription(/At least 15 characters/);
  await expect(password).toHaveAttribute('minlength', '15');
  await expect(password).toHaveAttribute('passwordrules', /minlength: 15/);
  await page.getByLabel('Username').fill(person.username);
  await password.fill('short');
  await expect(page.getByText('5 of 15')).toBeVisible();
  await page.getByRole('button', { name: 'Create Account' }).click();
  await expect(password).toHaveAccessibleDescription(/Use at least 15 characters/);
  await password.fill(PASSWORD);
  await page.getByLabel('Confirm Password').fill(`${PASSWORD}!`);
  await page.getByRole('button', { name: 'Create Account' }).click();
  await expect(page.getByLabel('Confirm Password')).toHaveAccessibleDescription(/not the same/);

  expectTrouble(/422/);
  await password.fill(`${person.username} 123456789`);
  await page.getByLabel('Confirm Password').fill(`${person.username} 123456789`);
  await page.getByRole('button', { name: 'Create Account' }).click();
  await expect(password).toHaveAccessibleDescription(/little more than your/);
  await expect(password).toBeFocused();
});

test('a username that somebody has is said at its field, and the link stays good', async ({
  page,
  person,
  expectTrouble,
}) => {
  await register(page, person);
  await logOut(page);
  await page.goto('/register');
  const other = createPerson(person.username, `other-${person.email}`);
  await page.getByLabel('Email').fill(other.email);
  await page.getByRole('button', { name: 'Sign Up' }).click();
  await expect(page).toHaveURL('/login');
  await page.goto(await other.link('Finish signing up for Rekey'));
  await page.getByLabel('Username').fill(person.username.toUpperCase());
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Confirm Password').fill(PASSWORD);
  expectTrouble(/409/);
  await page.getByRole('button', { name: 'Create Account' }).click();
  await expect(page.getByLabel('Username')).toHaveAccessibleDescription(/That username is taken/);
  await page.getByLabel('Username').fill(`${person.username}-2`);
  await page.getByRole('button', { name: 'Create Account' }).click();
  await expect(page).toHaveURL('/account');
});

test('a password can be shown, and pasted', async ({ page }) => {
  await page.goto('/login');
  const password = page.getByLabel('Password', { exact: true });
  await expect(password).toHaveAttribute('type', 'password');
  await password.fill('seen');
  await page.getByRole('button', { name: 'Show password' }).click();
  await expect(password).toHaveAttribute('type', 'text');
  await expect(password).toHaveValue('seen');
  const isCancelled = await password.evaluate(
    input => !input.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true })),
  );
  expect(isCancelled).toBe(false);
});

test('a second click sends nothing twice', async ({ page, person }) => {
  await page.goto('/forgot-password');
  let sent = 0;
  await page.route('**/api/password-resets', async route => {
    sent += 1;
    await new Promise(resolve => setTimeout(resolve, 300));
    await route.continue();
  });
  await page.getByLabel('Email').fill(person.email);
  await page.getByRole('button', { name: 'Request Password Reset' }).dblclick();
  await page.getByLabel('Email').press('Enter');
  await expect(page).toHaveURL('/login');
  expect(sent).toBe(1);
});

test('without an answer what was typed stays, and it is said in words', async ({ page, person, expectTrouble }) => {
  await page.goto('/login');
  await page.route('**/api/session', route => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  expectTrouble(/ERR_FAILED/);
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Log In' }).click();
  await expect(page.getByRole('alert')).not.toBeEmpty();
  await expect(page.getByLabel('Email')).toHaveValue(person.email);
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue(PASSWORD);
});

test('"Remember Me" keeps the session beyond the browser, and without it the cookie ends with it', async ({
  page,
  person,
  context,
}) => {
  await register(page, person);
  await logOut(page);
  await logIn(page, person);
  await expect(page).toHaveURL('/account');
  const expiryOf = async () => (await context.cookies()).find(({ name }) => name === 'rekey-session')?.expires;
  expect(await expiryOf()).toBe(-1);
  await logOut(page);
  await page.goto('/login');
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Remember Me').check();
  await page.getByRole('button', { name: 'Log In' }).click();
  await expect(page).toHaveURL('/account');
  expect(await expiryOf()).toBeGreaterThan(Date.now() / 1000 + 29 * 86_400);
});
