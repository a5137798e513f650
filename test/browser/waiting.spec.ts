/** Waiting for a mail: where to look, another one after a while, and the link opened on another device. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { createPerson, expect, logOut, NEW_PASSWORD, PASSWORD, type Person, register, test } from './fixtures.ts';

const RESET = 'Password Reset Request';
const panel = (page: Page) => page.getByRole('region', { name: 'Waiting for the mail?' });
const button = (page: Page) => panel(page).getByRole('button', { name: 'Send again' });

const ask = async (page: Page, { email }: Person) => {
  await page.goto('/forgot-password');
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Request Password Reset' }).click();
  await expect(page.getByText('An email has been sent with instructions to reset your password.')).toBeVisible();
};

test('who waits for a mail is told where to look, and may ask again after 1, 5 and 20 minutes', async ({ page }) => {
  const nobody = createPerson(`nobody-${crypto.randomUUID().slice(0, 8)}`);
  await page.clock.install();
  await ask(page, nobody);
  await expect(panel(page)).toContainText(nobody.email);
  await expect(panel(page)).toContainText('Rekey <noreply@demo.com>');
  await expect(panel(page)).toContainText('Any of the mails works until its time is up.');
  expect((await new AxeBuilder({ page }).include('.waiting-panel').analyze()).violations).toEqual([]);

  let asked = 1;
  page.on('request', request => {
    if (request.url().endsWith('/api/password-resets')) asked += 1;
  });
  for (const [seconds, said] of [
    [60, /in (1 minute|\d+ seconds)/],
    [300, /in [45] minutes/],
    [1200, /in (19|20) minutes/],
    [1200, /in (19|20) minutes/],
  ] as const) {
    await expect(panel(page).getByRole('timer')).toHaveText(said);
    await expect(button(page)).toHaveAttribute('aria-disabled', 'true');
    // A click too soon does nothing, and a reload does not start the wait anew.
    await button(page).click({ force: true });
    await page.reload();
    await page.clock.fastForward(seconds * 1000);
    await expect(button(page)).toHaveAttribute('aria-disabled', 'false');
    const before = asked;
    await button(page).click();
    await expect.poll(() => asked).toBe(before + 1);
    await expect(button(page)).toHaveAttribute('aria-disabled', 'true');
  }
  expect(asked).toBe(5);
});

test('the link may be opened on another device: whoever waits at the desk logs in there', async ({
  page,
  browser,
  person,
}) => {
  await register(page, person);
  await page.context().clearCookies();
  await ask(page, person);

  const phone = await (await browser.newContext()).newPage();
  await phone.goto(await person.link(RESET));
  await phone.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD);
  await phone.getByLabel('Confirm Password').fill(NEW_PASSWORD);
  await phone.getByRole('button', { name: 'Reset Password' }).click();
  await expect(phone.getByText('Your password has been updated!')).toBeVisible();
  await expect(panel(phone)).toBeHidden();

  await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Log In' }).click();
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
  await phone.context().close();
});

test('who leaves while another mail is asked for takes neither its message nor the address along', async ({ page }) => {
  const nobody = createPerson(`nobody-${crypto.randomUUID().slice(0, 8)}`);
  await page.clock.install();
  await ask(page, nobody);
  await page.clock.fastForward(61_000);
  let answer = () => {};
  const isLeft = new Promise<void>(resolve => {
    answer = resolve;
  });
  await page.route('**/api/password-resets', async route => {
    await isLeft;
    await route.continue();
  });
  await button(page).click();
  await page.getByRole('link', { name: 'Sign Up' }).click();
  await expect(page.getByRole('heading', { name: 'Register' })).toBeVisible();
  const answered = page.waitForResponse('**/api/password-resets');
  answer();
  await (await answered).finished();
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await expect(page.getByText('An email has been sent')).toBeHidden();
  expect(await page.evaluate(() => JSON.stringify(history.state))).not.toContain(nobody.email);
});

test('who goes back after logging out reads nobody’s address, also after a reload', async ({ page, person }) => {
  await register(page, person);
  await page.context().clearCookies();
  await ask(page, person);
  await expect(panel(page)).toContainText(person.email);
  // On to another page, so that the one that waits stays behind.
  await page.getByRole('link', { name: 'Sign Up' }).click();
  await page.getByRole('link', { name: 'Log In' }).last().click();
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Log In' }).click();
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
  await logOut(page);

  const waiting = () => page.evaluate(() => JSON.stringify(history.state ?? {}).includes('"asked"'));
  for (let steps = 0; steps < 5 && !(await waiting()); steps += 1) await page.goBack();
  expect(await waiting()).toBe(true);
  for (const _ of ['at once', 'after a reload']) {
    await expect(page.getByLabel('Email')).toHaveValue('');
    await expect(panel(page)).toBeHidden();
    await page.reload();
  }
  // A new asking is one's own.
  await ask(page, person);
  await expect(panel(page)).toContainText(person.email);
});
