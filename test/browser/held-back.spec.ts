/** A person who is held back: told when to come back, counted down, and shown the way around it. */
import type { Browser } from '@playwright/test';
import { expect, logIn, logOut, NEW_PASSWORD, PASSWORD, type Person, register, test } from './fixtures.ts';

/** Strangers' wrong passwords, each from a network of its own, until one is held back for so long. */
const guessUntilHeldBack = async (baseURL: string | undefined, person: Person, seconds: number): Promise<void> => {
  for (let tries = 0, held = 0; held < seconds; tries += 1) {
    if (tries > 200) throw new Error('nobody was held back');
    const answer = await fetch(`${baseURL}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': `198.18.${tries}.1` },
      body: JSON.stringify({ email: person.email, password: NEW_PASSWORD }),
    });
    held = answer.status === 429 ? Number(answer.headers.get('Retry-After')) : 0;
    if (held > 0 && held < seconds) await new Promise(resolve => setTimeout(resolve, held * 1000));
  }
};

test('too many wrong passwords: the page says when, counts down, and lets another address try at once', async ({
  browser,
  baseURL,
  page,
  person,
  expectTrouble,
}) => {
  test.slow();
  expectTrouble(/429/);
  await register(page, person);
  await logOut(page);
  // Longer than a slow machine needs to open a browser.
  await guessUntilHeldBack(baseURL, person, 16);

  const elsewhere = await openElsewhere(browser);
  await logIn(elsewhere, person);
  await expect(elsewhere.getByText(/^Too many tries. You can try again in \d+ seconds?\.$/)).toBeVisible();
  const timer = elsewhere.getByRole('timer');
  await expect(timer).toHaveText(/You can try again in 1?\d seconds?\./);
  await expect(elsewhere.getByRole('button', { name: 'Log In' })).toHaveAttribute('aria-disabled', 'true');
  await expect(elsewhere.getByRole('link', { name: 'Forgot Password?' })).toBeVisible();
  await expect(timer).toHaveText(/in [1-5] seconds?\./, { timeout: 20_000 });
  await expect(elsewhere.getByText('You can try again now.')).toBeVisible({ timeout: 15_000 });
  await elsewhere.getByRole('button', { name: 'Log In' }).click();
  await expect(elsewhere).toHaveURL('/account');
  await elsewhere.context().close();
});

test('the owner is let in by the browser that the account knows, whatever strangers tried', async ({
  baseURL,
  page,
  person,
}) => {
  test.slow();
  await register(page, person);
  await logOut(page);
  await guessUntilHeldBack(baseURL, person, 4);
  await logIn(page, person, PASSWORD);
  await expect(page).toHaveURL('/account');
});

/** A browser that was never here, in a network of its own. */
const openElsewhere = async (browser: Browser) => {
  const context = await browser.newContext({ extraHTTPHeaders: { 'CF-Connecting-IP': '198.19.7.7' } });
  return context.newPage();
};
