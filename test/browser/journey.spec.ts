/** The main job as a person does it, from the first visit to being in again with a new password. */
import { expect, logIn, logOut, NEW_PASSWORD, PASSWORD, registerByPages, test } from './fixtures.ts';

test('a person registers, forgets the password, resets it by mail and is in again; the old one is refused', async ({
  page,
  person,
  expectTrouble,
}) => {
  await registerByPages(page, person);
  await expect(page.getByText(person.username).first()).toBeVisible();
  await logOut(page);

  await page.goto('/login');
  await page.getByRole('link', { name: 'Forgot Password?' }).click();
  // Both pages have a field of this name: until the new one has loaded, the old one stands.
  await expect(page).toHaveURL('/forgot-password');
  await expect(page.getByRole('heading', { name: 'Reset Password' })).toBeVisible();
  await page.getByLabel('Email').fill(person.email);
  await page.getByRole('button', { name: 'Request Password Reset' }).click();
  await expect(page).toHaveURL('/login');
  await expect(page.getByText('An email has been sent with instructions to reset your password.')).toBeVisible();

  await page.goto(await person.link('Password Reset Request'));
  await expect(page).toHaveURL('/reset-password');
  await expect(page.getByLabel('Email')).toHaveValue(person.email);
  await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel('Confirm Password').fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Reset Password' }).click();
  await expect(page).toHaveURL('/login');
  await expect(page.getByText('Your password has been updated! You are now able to log in')).toBeVisible();

  expectTrouble(/401/);
  await logIn(page, person, PASSWORD);
  await expect(page.getByText('Login unsuccessful. Please check email and password')).toBeVisible();
  await logIn(page, person, NEW_PASSWORD);
  await expect(page).toHaveURL('/account');
  await expect(page.getByText(person.username).first()).toBeVisible();
  await person.link('Your password was reset');
});
