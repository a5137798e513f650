/**
 * `npm run screenshots`: walks through a reset and takes README's pictures, docs/reset.png, docs/account.png and
 * docs/rebranded.png. With a
 * folder as its argument it also takes every page there, on a phone and a desk, in light and dark, for a look.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from '@playwright/test';
import { findBrowser } from '../test/browser/find-browser.ts';
import { createPerson, logIn, logOut, NEW_PASSWORD, register } from '../test/browser/fixtures.ts';
import { APP_URL, MAILBOX_URL } from '../test/browser/ports.ts';
import { buildRebranded, REBRANDED_URL, showRebranded } from '../test/browser/rebranded.ts';
import { startApp } from '../test/browser/start-app.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));
const gallery = process.argv[2];

const PHONE = { width: 390, height: 780 };
const DESK = { width: 1280, height: 800 };

const openPage = async (browser: Browser, viewport: typeof PHONE, colorScheme: 'light' | 'dark'): Promise<Page> => {
  const context = await browser.newContext({
    baseURL: APP_URL,
    viewport,
    colorScheme,
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
  });
  return context.newPage();
};

const ada = createPerson('ada', 'ada.lovelace@example.com');
const askForReset = async (page: Page) => {
  await page.goto('/forgot-password');
  await page.getByLabel('Email').fill(ada.email);
};
const openResetLink = async (page: Page) => {
  await page.goto(await ada.link('Password Reset Request'));
  await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel('Confirm Password').fill(NEW_PASSWORD);
};

/** Three steps side by side. */
const takeReadmePicture = async (browser: Browser): Promise<void> => {
  const page = await openPage(browser, PHONE, 'light');
  await register(page, ada);
  await logOut(page);
  await askForReset(page);
  const asking = await page.screenshot();
  await page.getByRole('button', { name: 'Request Password Reset' }).click();
  await ada.link('Password Reset Request');
  const mail = (await ada.mails())[0];
  await page.goto('about:blank');
  await page.setContent(mail?.html ?? '');
  const reading = await page.screenshot();
  await openResetLink(page);
  const choosing = await page.screenshot();

  const sheet = await openPage(browser, { width: 1320, height: 880 }, 'light');
  const steps = [asking, reading, choosing].map(
    picture => `<img width="390" height="780" src="data:image/png;base64,${picture.toString('base64')}" />`,
  );
  await sheet.setContent(sheetOf(steps));
  await sheet.screenshot({ path: `${folder}docs/reset.png` });
  console.log('docs/reset.png');
};

/** The account page, light and dark side by side. */
const takeAccountPicture = async (browser: Browser): Promise<void> => {
  const grace = createPerson('grace', 'grace.hopper@example.com');
  const pictures: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await openPage(browser, { width: 760, height: 1180 }, colorScheme);
    if (colorScheme === 'light') await register(page, grace);
    else await logIn(page, grace);
    await page.waitForURL('/account');
    await page.reload();
    await page.getByText('This browser').waitFor();
    await page.evaluate(() => document.querySelector('#email')?.scrollIntoView());
    const picture = await page.screenshot({ animations: 'disabled' });
    pictures.push(`<img width="620" src="data:image/png;base64,${picture.toString('base64')}" />`);
  }
  const sheet = await openPage(browser, { width: 1320, height: 1020 }, 'light');
  await sheet.setContent(sheetOf(pictures));
  await sheet.screenshot({ path: `${folder}docs/account.png` });
  console.log('docs/account.png');
};

/** README's example under another name, by day and by night. */
const takeRebrandedPicture = async (browser: Browser): Promise<void> => {
  const pages = await buildRebranded(`${folder}.cache/browser/rebranded`);
  const pictures: string[] = [];
  for (const [path, colorScheme] of [
    ['/login', 'light'],
    ['/reset-password#a.b.c', 'light'],
    ['/reset-password#a.b.c', 'dark'],
  ] as const) {
    const page = await openPage(browser, PHONE, colorScheme);
    await showRebranded(page.context(), pages);
    await page.goto(`${REBRANDED_URL}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const picture = await page.screenshot({ animations: 'disabled' });
    pictures.push(`<img width="390" height="780" src="data:image/png;base64,${picture.toString('base64')}" />`);
  }
  const sheet = await openPage(browser, { width: 1320, height: 880 }, 'light');
  await sheet.setContent(sheetOf(pictures, 'linear-gradient(135deg, #c9d8e4, #dbe3ea 45%, #e9cfc8)'));
  await sheet.screenshot({ path: `${folder}docs/rebranded.png` });
  console.log('docs/rebranded.png');
};

const WARM = 'linear-gradient(135deg, #f3d9a0, #ead9b8 45%, #d9cfbd)';

const sheetOf = (pictures: string[], background = WARM): string => `<style>
  body { margin: 0; height: 100vh; display: flex; gap: 30px; align-items: center; justify-content: center;
    background: ${background}; }
  img { border-radius: 22px; box-shadow: 0 1px 2px #0002, 0 18px 50px #4a35102e; }
</style>${pictures.join('')}`;

const takeGallery = async (browser: Browser, into: string): Promise<void> => {
  mkdirSync(into, { recursive: true });
  for (const [size, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await openPage(browser, viewport, colorScheme);
      const take = (name: string) =>
        page.screenshot({ path: `${into}/${name}-${size}-${colorScheme}.png`, animations: 'disabled' });
      for (const path of ['', 'login', 'register', 'forgot-password', 'no-such-page']) {
        await page.goto(`/${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await take(path || 'home');
      }
      await page.goto('/login');
      await page.getByRole('button', { name: 'Log In' }).click();
      await take('login-mistakes');
      await askForReset(page);
      await page.getByRole('button', { name: 'Request Password Reset' }).click();
      await page.getByText('An email has been sent').waitFor();
      await take('login-after-request');
      await openResetLink(page);
      await take('reset-password');
      const grace = createPerson(`grace-${size}-${colorScheme}`);
      await page.request.post('/api/registrations', { data: { email: grace.email } });
      await page.goto(await grace.link('Finish signing up for Rekey'));
      await page.getByLabel('Username').waitFor();
      await take('complete-registration');
      await logIn(page, ada);
      await page.getByRole('banner').getByRole('button', { name: 'Log Out' }).waitFor();
      await take('account');
      await page.goto('/');
      await page.getByRole('banner').getByRole('button', { name: 'Log Out' }).waitFor();
      await take('home-signed-in');
      await page.goto(MAILBOX_URL);
      await page.getByText('Password Reset Request').first().click();
      await page.waitForTimeout(500);
      await take('mailbox');
    }
  }
  console.log(into);
};

const app = await startApp();
const browser = await chromium.launch(await findBrowser());
try {
  await takeReadmePicture(browser);
  await takeAccountPicture(browser);
  await takeRebrandedPicture(browser);
  if (gallery) await takeGallery(browser, gallery);
} finally {
  await browser.close();
  await app.stop();
}
