/** What the links of the account's mails do: a change of address, and "this was not me", opened at odd moments. */
import type { Page } from '@playwright/test';
import {
  askForAddress,
  changeAddress,
  createPerson,
  expect,
  logIn,
  logOut,
  NEW_PASSWORD,
  PASSWORD,
  type Person,
  register,
  section,
  test,
} from './fixtures.ts';

const DEAD = 'That is an invalid or expired token';
const CHANGE = 'Confirm your new email address';

test.beforeEach(async ({ page, person }) => {
  await register(page, person);
});

/** Asks in the page and reads the link in the new mailbox. */
const changeLink = async (page: Page, target: Person): Promise<string> => {
  await askForAddress(page, target);
  return target.link(CHANGE);
};

const signInHere = async (page: Page, email: string, password = PASSWORD) => {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log In' }).click();
};

test.describe('a change link', () => {
  test('opened signed in, says what it will do, changes nothing by itself, and its button makes the change', async ({
    page,
    person,
  }) => {
    const target = createPerson(`new-${person.username}`);
    const link = await changeLink(page, target);
    const token = link.split('#')[1] ?? '';
    await page.goto(link);
    await expect(page.getByRole('heading', { level: 1, name: 'Change Email' })).toBeVisible();
    await expect(page.getByLabel('New Email')).toHaveValue(target.email);
    await expect(page.getByText(`For 7 days a link sent to ${person.email} can undo this`)).toBeVisible();
    expect(page.url()).not.toContain(token);
    const account = await page.request.get('/api/account');
    expect(await account.json()).toMatchObject({ user: { email: person.email } });

    await page.getByRole('button', { name: 'Change Email' }).click();
    await expect(page).toHaveURL('/account');
    await expect(page.getByRole('status')).toContainText('Your email address has been changed.');
    await expect(section(page, 'Profile')).toContainText(target.email);
    expect(await page.evaluate(() => JSON.stringify(history.state))).not.toContain(token);
    expect(await person.link('Your email address was changed')).toContain('/secure-account#');
  });

  test('opened signed out, leads over the login form and back; the token is never in an address', async ({
    page,
    person,
    expectTrouble,
  }) => {
    const target = createPerson(`new-${person.username}`);
    const link = await changeLink(page, target);
    const token = link.split('#')[1] ?? '';
    const seen: string[] = [];
    page.on('request', request => seen.push(request.url(), request.headers().referer ?? ''));
    await logOut(page);
    await page.goto(link);
    await expect(page.getByText('Log in to the account whose address you are changing')).toBeVisible();
    await page.reload();
    await page.getByRole('main').getByRole('button', { name: 'Log In' }).click();
    await expect(page).toHaveURL('/login?next=/change-email');
    await page.reload();

    expectTrouble(/401/);
    await signInHere(page, person.email, 'not the password');
    await expect(page.getByText('Login unsuccessful. Please check email and password')).toBeVisible();
    await signInHere(page, person.email);
    await expect(page).toHaveURL('/change-email');
    await expect(page.getByLabel('New Email')).toHaveValue(target.email);
    await page.reload();
    await page.getByRole('button', { name: 'Change Email' }).click();
    await expect(page).toHaveURL('/account');
    await expect(section(page, 'Profile')).toContainText(target.email);
    expect(seen.filter(url => url.includes(token) && !url.includes(`#${token}`))).toEqual([]);
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]),
    );
    expect(stored).not.toContain(token);

    await logOut(page);
    await logIn(page, person);
    await expect(page.getByText('Login unsuccessful. Please check email and password')).toBeVisible();
    await logIn(page, target);
    await expect(page).toHaveURL('/account');
  });

  test('opened as another account, names it, offers to switch, and then works; the other account stays as it was', async ({
    page,
    person,
    expectTrouble,
  }) => {
    const target = createPerson(`new-${person.username}`);
    const link = await changeLink(page, target);
    await logOut(page);
    const other = createPerson(`bob-${person.username.slice(4)}`);
    await register(page, other);
    expectTrouble(/403/);
    await page.goto(link);
    await page.getByRole('button', { name: 'Change Email' }).click();
    const alert = page.getByRole('main').getByRole('alert').filter({ hasText: 'another account' });
    await expect(alert).toContainText(`You are logged in as ${other.username} (${other.email})`);
    await expect(alert).not.toContainText(person.username);
    await expect(page.getByRole('link', { name: 'Stay Logged In' })).toHaveAttribute('href', '/account');

    await page.getByRole('button', { name: 'Switch Account' }).click();
    await expect(page).toHaveURL('/login?next=/change-email');
    await expect(page.getByLabel('Email')).toHaveValue('');
    await signInHere(page, person.email);
    await expect(page).toHaveURL('/change-email');
    await page.getByRole('button', { name: 'Change Email' }).click();
    await expect(page).toHaveURL('/account');
    await expect(section(page, 'Profile')).toContainText(target.email);

    await logOut(page);
    await logIn(page, other);
    await expect(section(page, 'Profile')).toContainText(other.email);
  });

  test('opened as another account, staying leaves both as they were', async ({ page, person, expectTrouble }) => {
    const link = await changeLink(page, createPerson(`new-${person.username}`));
    await logOut(page);
    const other = createPerson(`bob-${person.username.slice(4)}`);
    await register(page, other);
    expectTrouble(/403/);
    await page.goto(link);
    await page.getByRole('button', { name: 'Change Email' }).click();
    await page.getByRole('link', { name: 'Stay Logged In' }).click();
    await expect(page).toHaveURL('/account');
    await expect(section(page, 'Profile')).toContainText(other.email);
  });

  test('that was used, or is none, leads to the account and says why', async ({ page, person, expectTrouble }) => {
    const target = createPerson(`new-${person.username}`);
    const link = await changeLink(page, target);
    await page.goto(link);
    await page.getByRole('button', { name: 'Change Email' }).click();
    await expect(page).toHaveURL('/account');
    expectTrouble(/400/);
    for (const dead of [link, '/change-email', '/change-email#rubbish']) {
      await page.goto('about:blank');
      await page.goto(dead);
      await expect(page).toHaveURL('/account');
      await expect(page.getByRole('alert').getByText(DEAD)).toBeVisible();
    }
    await expect(section(page, 'Profile')).toContainText(target.email);
  });

  test('that is dead, opened signed out, says so at the login form that it leads to', async ({
    page,
    person,
    expectTrouble,
  }) => {
    await logOut(page);
    expectTrouble(/400/);
    await page.goto('/change-email#rubbish');
    await expect(page).toHaveURL('/login?next=%2Faccount');
    await expect(page.getByRole('alert').getByText(DEAD)).toBeVisible();
    await signInHere(page, person.email);
    await expect(page).toHaveURL('/account');
    await expect(section(page, 'Profile')).toContainText(person.email);
  });

  test('that died while its page was open says so at its button', async ({ page, person, expectTrouble }) => {
    const link = await changeLink(page, createPerson(`new-${person.username}`));
    await page.goto(link);
    await expect(page.getByRole('button', { name: 'Change Email' })).toBeVisible();
    const changed = { currentPassword: PASSWORD, password: NEW_PASSWORD };
    expect((await page.request.post('/api/account/password', { data: changed })).status()).toBe(204);
    expectTrouble(/400/);
    await page.getByRole('button', { name: 'Change Email' }).click();
    await expect(page).toHaveURL('/account');
    await expect(page.getByRole('alert').getByText(DEAD)).toBeVisible();
    await expect(section(page, 'Profile')).toContainText(person.email);
  });

  test('whose address got an account meanwhile says so', async ({ page, person, browser, expectTrouble }) => {
    const target = createPerson(`new-${person.username.slice(4)}`);
    const link = await changeLink(page, target);
    const context = await browser.newContext({ extraHTTPHeaders: { 'CF-Connecting-IP': '198.51.100.9' } });
    await register(await context.newPage(), target);
    await context.close();
    expectTrouble(/409/);
    await page.goto(link);
    await page.getByRole('button', { name: 'Change Email' }).click();
    await expect(page).toHaveURL('/account');
    await expect(page.getByRole('alert').filter({ visible: true })).toContainText(
      'That address has an account by now. Please choose a different one.',
    );
    await expect(section(page, 'Profile')).toContainText(person.email);
  });
});

test.describe('"this was not me"', () => {
  test('gives the account back: the address, the password by mail, and nobody else is in; its link works once', async ({
    page,
    person,
    expectTrouble,
  }) => {
    const target = createPerson(`new-${person.username}`);
    await changeAddress(page, target);
    const link = await person.link('Your email address was changed');
    const token = link.split('#')[1] ?? '';
    await page.goto(link);
    await expect(page.getByRole('heading', { level: 1, name: 'Secure Account' })).toBeVisible();
    await expect(page.getByText('put your address back, if it was changed in the last 7 days')).toBeVisible();
    expect(page.url()).not.toContain(token);
    // Opening it has changed nothing.
    const account = await page.request.get('/api/account');
    expect(await account.json()).toMatchObject({ user: { email: target.email } });

    await page.getByRole('button', { name: 'Secure My Account' }).click();
    await expect(page.getByText('Your account is secured.')).toBeVisible();
    await expect(page.getByRole('banner').getByRole('button', { name: 'Log Out' })).toBeHidden();
    expect(await page.evaluate(() => JSON.stringify(history.state))).not.toContain(token);
    expectTrouble(/40[01]/);
    for (const email of [person.email, target.email]) {
      await page.goto('/login');
      await signInHere(page, email);
      await expect(page.getByText('Login unsuccessful. Please check email and password')).toBeVisible();
    }

    await page.goto(await person.link('Your account is secured'));
    await expect(page.getByLabel('Email')).toHaveValue(person.email);
    await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD);
    await page.getByLabel('Confirm Password').fill(NEW_PASSWORD);
    await page.getByRole('button', { name: 'Reset Password' }).click();
    await expect(page).toHaveURL('/login');
    await logIn(page, person, NEW_PASSWORD);
    await expect(page).toHaveURL('/account');
    await expect(section(page, 'Profile')).toContainText(person.email);
    await expect(section(page, 'Activity').getByText('The account was secured')).toBeVisible();

    await page.goto(link);
    await page.getByRole('button', { name: 'Secure My Account' }).click();
    await expect(page.getByRole('alert').getByText(DEAD)).toBeVisible();
    await expect(page).toHaveURL('/secure-account');
    await expect(page.getByRole('link', { name: 'Change Password' })).toHaveAttribute('href', '/account#password');
  });

  test('works in a browser where somebody else is signed in, who stays so', async ({ page, person }) => {
    const changed = { currentPassword: PASSWORD, password: NEW_PASSWORD };
    expect((await page.request.post('/api/account/password', { data: changed })).status()).toBe(204);
    await logOut(page);
    const other = createPerson(`bob-${person.username.slice(4)}`);
    await register(page, other);
    await page.goto(await person.link('Your password was changed'));
    await page.getByRole('button', { name: 'Secure My Account' }).click();
    await expect(page.getByText('Your account is secured.')).toBeVisible();
    await page.goto('/account');
    await expect(section(page, 'Profile')).toContainText(other.email);
  });

  test('with a dead link stays on its page and offers a reset', async ({ page, expectTrouble }) => {
    await logOut(page);
    expectTrouble(/400/);
    for (const path of ['/secure-account', '/secure-account#rubbish']) {
      await page.goto('about:blank');
      await page.goto(path);
      const button = page.getByRole('button', { name: 'Secure My Account' });
      if (path.includes('#')) await button.click();
      await expect(page.getByRole('alert').getByText(DEAD)).toBeVisible();
      await expect(page).toHaveURL('/secure-account');
      await expect(button).toBeHidden();
      await page.getByRole('main').getByRole('link', { name: 'Reset Password' }).click();
      await expect(page).toHaveURL('/forgot-password');
    }
  });
});
