/** Pages in use: logging in as a password manager does, pasting, and showing a password. */
import type { Page } from '@playwright/test';
import { type Finding, finding, pagesOf } from '../check.ts';
import type { Context } from '../context.ts';
import { join, resetLink } from '../visits.ts';
import { carryCookies, settle } from './survey.ts';

export const EMAIL = 'input[type=email]:visible';
export const PASSWORD = 'input[type=password]:visible';

export const openPage = async (page: Page, path: string): Promise<void> => {
  await page.goto(path);
  await settle(page);
};

/** Sends the page's form as it stands. */
export const submit = (page: Page) =>
  page.locator('main button[type=submit], form button[type=submit]').first().click();

/** The fields that are marked as wrong, and what is said of them. Waits for the first; empty where none comes. */
export const invalidFields = async (page: Page) => {
  const marked = page.locator('[aria-invalid=true]');
  await marked
    .first()
    .waitFor({ timeout: 3000 })
    .catch(() => {});
  return marked.evaluateAll(inputs =>
    inputs.map(input => ({
      name: input.getAttribute('name') ?? '',
      words: (input.getAttribute('aria-describedby') ?? '')
        .split(/\s+/)
        .map(id => (id ? (document.getElementById(id)?.textContent ?? '') : ''))
        .join(' ')
        .trim(),
      hasFocus: input === document.activeElement,
    })),
  );
};

/** Pasting into every field of the open pages: nothing may cancel it, nor a key that is pressed. */
export const observePasting = (context: Context): Promise<Finding[]> =>
  context.withPage(async page => {
    const { driver } = context;
    const pages = pagesOf(driver);
    const { account, client } = await join(context);
    const { link } = await resetLink(driver, account.email);
    const findings: Finding[] = [];
    const paths = [pages.login, pages.register, pages.forgotPassword, link, pages.account];
    for (const path of paths) {
      if (path === pages.account) await carryCookies(page, client, driver.url);
      await openPage(page, path);
      const stopped = await page.locator('input:visible').evaluateAll(inputs =>
        inputs.flatMap(input => {
          const events = [
            new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: new DataTransfer() }),
            new KeyboardEvent('keydown', { bubbles: true, cancelable: true, key: 'v', ctrlKey: true }),
            new KeyboardEvent('keydown', { bubbles: true, cancelable: true, key: 'a' }),
            new InputEvent('beforeinput', { bubbles: true, cancelable: true, inputType: 'insertFromPaste', data: 'a' }),
          ];
          return events
            .filter(event => !input.dispatchEvent(event))
            .map(event => `${input.getAttribute('name')} stops ${event.type}`);
        }),
      );
      findings.push(
        finding(stopped.length === 0, stopped.join(', ') || `pasting works on ${new URL(page.url()).pathname}`),
      );
    }
    return findings;
  });

/** Fills the log-in form as a password manager does, by value and events, and sends it. */
export const logIn = async (page: Page, path: string, email: string, password: string): Promise<void> => {
  await page.goto(path);
  await settle(page);
  for (const [selector, value] of [
    [EMAIL, email],
    ['input[autocomplete=current-password]', password],
  ] as const) {
    await page
      .locator(selector)
      .first()
      .evaluate((input, text) => {
        (input as HTMLInputElement).value = text;
        for (const type of ['input', 'change']) input.dispatchEvent(new Event(type, { bubbles: true }));
      }, value);
  }
  await page.locator('form button[type=submit]').first().click();
  await page
    .getByRole('button', { name: /log ?out|sign ?out/i })
    .first()
    .waitFor();
};

/** The show button of a password field, and what it does. */
export const observeShowing = (context: Context) =>
  context.withPage(async page => {
    const { driver } = context;
    const pages = pagesOf(driver);
    const { account } = await join(context);
    const seen = [];
    for (const path of [pages.login, (await resetLink(driver, account.email)).link]) {
      await page.goto(path);
      await settle(page);
      const field = page.locator('input[autocomplete$=-password]').first();
      await field.fill('shown for a moment');
      const types = [await field.getAttribute('type')];
      const button = page.getByRole('button', { name: /show/i }).first();
      for (let i = 0; i < 2 && (await button.count()) > 0; i += 1) {
        await button.click();
        types.push(await field.getAttribute('type'));
      }
      const isKept = (await field.inputValue()) === 'shown for a moment';
      seen.push(
        finding(
          types.join() === 'password,text,password' && isKept,
          `${new URL(page.url()).pathname}: ${types.join(', ')}`,
        ),
      );
    }
    return seen;
  });
