/** Logging in to an account that the operator has closed: the page says why, and where to look for the mail. */
import type { Page } from '@playwright/test';
import { type ProblemCode, problemOf } from '../../worker/contract/problems.ts';
import { createPerson, expect, logIn, test } from './fixtures.ts';

const panel = (page: Page) => page.getByRole('region', { name: 'Waiting for the mail?' });

/** What the API answers to every sign-in. The database of the browser tests is the running Worker's alone. */
const refuseSignIn = (page: Page, code: ProblemCode) => {
  const problem = problemOf(code);
  return page.route('**/api/session', route =>
    route.request().method() === 'POST'
      ? route.fulfill({
          status: problem.status,
          contentType: 'application/problem+json',
          body: JSON.stringify(problem),
        })
      : route.continue(),
  );
};

test('a suspended account: the page says so, and awaits no mail', async ({ page, expectTrouble }) => {
  expectTrouble(/403/);
  await refuseSignIn(page, 'suspended');
  await logIn(page, createPerson('ada'));
  await expect(page.getByRole('alert')).toContainText('This account is suspended.');
  await expect(panel(page)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Log In' })).toHaveAttribute('aria-disabled', 'false');
  await expect(page).toHaveURL('/login');
});

test('a reset is required: the page says so and where to look for the mail, also after a reload', async ({
  page,
  expectTrouble,
}) => {
  expectTrouble(/403/);
  const ada = createPerson('ada');
  await refuseSignIn(page, 'reset_required');
  await logIn(page, ada);
  await expect(page.getByRole('alert')).toContainText('Before you can log in you need a new password.');
  await expect(panel(page)).toContainText(ada.email);
  await expect(panel(page).getByRole('button', { name: 'Send again' })).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByLabel('Email')).toHaveValue(ada.email);
  await page.reload();
  await expect(panel(page)).toContainText(ada.email);
});
