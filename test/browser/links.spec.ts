/** What a mailed link does in the browser: the token's way, dead links, and links opened at odd moments. */
import { expect, logIn, logOut, NEW_PASSWORD, PASSWORD, register, test } from './fixtures.ts';

const DEAD = 'That is an invalid or expired token';

test.beforeEach(async ({ page, person }) => {
  await register(page, person);
});

const askForReset = async (page: import('@playwright/test').Page, email: string) => {
  await page.goto('/forgot-password');
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Request Password Reset' }).click();
  await expect(page).toHaveURL('/login');
};

test('the token leaves the address bar at once, reaches no server but in the body, survives a reload and is gone when used', async ({
  page,
  person,
}) => {
  await logOut(page);
  await askForReset(page, person.email);
  const link = await person.link('Password Reset Request');
  const token = link.split('#')[1] ?? '';
  const seen: string[] = [];
  page.on('request', request => seen.push(request.url(), request.headers().referer ?? ''));

  await page.goto(link);
  await expect(page.getByLabel('Email')).toHaveValue(person.email);
  expect(page.url()).not.toContain(token);
  await page.reload();
  await expect(page.getByLabel('Email')).toHaveValue(person.email);

  await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel('Confirm Password').fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Reset Password' }).click();
  await expect(page).toHaveURL('/login');
  expect(await page.evaluate(() => JSON.stringify(history.state))).not.toContain(token);
  expect(seen.filter(url => url.includes(token) && !url.includes(`#${token}`))).toEqual([]);
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(stored).not.toContain(token);
});

test('a used reset link leads to the form for a new one, and says why', async ({ page, person, expectTrouble }) => {
  await logOut(page);
  await askForReset(page, person.email);
  const link = await person.link('Password Reset Request');
  await page.goto(link);
  await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel('Confirm Password').fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Reset Password' }).click();
  await expect(page).toHaveURL('/login');

  expectTrouble(/400/);
  await page.goto(link);
  await expect(page).toHaveURL('/forgot-password');
  await expect(page.getByRole('alert').getByText(DEAD)).toBeVisible();
});

test('a used registration link leads to the form for a new one, and reminds of logging in', async ({
  page,
  person,
  expectTrouble,
}) => {
  await logOut(page);
  expectTrouble(/400/);
  await page.goto(await person.link('Finish signing up for Rekey'));
  await expect(page).toHaveURL('/register');
  await expect(page.getByText(DEAD)).toBeVisible();
  await expect(page.getByText('If you have finished already, log in.')).toBeVisible();
});

test('a reset page without a token, and one with rubbish, is a dead link', async ({ page, expectTrouble }) => {
  await logOut(page);
  expectTrouble(/400/);
  for (const path of ['/reset-password', '/reset-password#rubbish']) {
    await page.goto('about:blank');
    await page.goto(path);
    await expect(page).toHaveURL('/forgot-password');
    await expect(page.getByText(DEAD)).toBeVisible();
  }
});

test('opening a link changes nothing: only the button does', async ({ page, person }) => {
  await logOut(page);
  await askForReset(page, person.email);
  await page.goto(await person.link('Password Reset Request'));
  await expect(page.getByLabel('Email')).toHaveValue(person.email);
  await logIn(page, person, PASSWORD);
  await expect(page).toHaveURL('/account');
});

test('a reset works signed in: it says that every session ends, and then this browser is signed out', async ({
  page,
  person,
}) => {
  // Signed in, the form leads to the account, so the link is asked for by the API.
  const asked = await page.request.post('/api/password-resets', { data: { email: person.email } });
  expect(asked.status()).toBe(202);
  await page.goto(await person.link('Password Reset Request'));
  await expect(page.getByText('Every session of this account will end.')).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel('Confirm Password').fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Reset Password' }).click();
  await expect(page.getByText('Your password has been updated! You are now able to log in')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Log Out' })).toBeHidden();
  await logIn(page, person, NEW_PASSWORD);
  await expect(page).toHaveURL('/account');
});

test('a second link opened in the same tab takes the place of the first', async ({ page, person, expectTrouble }) => {
  await logOut(page);
  await askForReset(page, person.email);
  const link = await person.link('Password Reset Request');
  await page.goto(link);
  await expect(page.getByLabel('Email')).toHaveValue(person.email);
  expectTrouble(/400/);
  await page.evaluate(() => {
    window.location.hash = 'rubbish';
  });
  await expect(page).toHaveURL('/forgot-password');
  await expect(page.getByText(DEAD)).toBeVisible();
});
