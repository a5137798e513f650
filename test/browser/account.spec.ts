/** The account page as its owner uses it: each of its sections, by hand. What its mails lead to: account-links.spec. */
import type { Browser, Page } from '@playwright/test';
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

test.beforeEach(async ({ page, person }) => {
  await register(page, person);
});

/** The same person at another machine, signed in. */
const signInElsewhere = async (browser: Browser, person: Person): Promise<Page> => {
  const bytes = crypto.getRandomValues(new Uint8Array(3));
  const context = await browser.newContext({ extraHTTPHeaders: { 'CF-Connecting-IP': `10.${bytes.join('.')}` } });
  const page = await context.newPage();
  await logIn(page, person);
  await expect(page).toHaveURL('/account');
  return page;
};

/** What happened, as the section tells it, newest first. */
const activityOf = (page: Page) => section(page, 'Activity').getByRole('listitem');

const expectSignedOut = async (page: Page) => {
  await page.reload();
  await expect(page).toHaveURL(/\/login\?next=/);
};

test.describe('Profile', () => {
  test('a username is changed, the greeting follows, and the change is told', async ({ page, person }) => {
    const profile = section(page, 'Profile');
    await expect(profile).toContainText(person.email);
    await expect(profile.getByText('Member since')).toBeVisible();
    const username = `${person.username}.2`;
    await profile.getByLabel('Username').fill(username);
    await profile.getByRole('button', { name: 'Change Username' }).click();
    await expect(page.getByRole('status')).toContainText('Your username has been changed.');
    await expect(activityOf(page).first()).toContainText('The username was changed');
    await page.goto('/');
    await expect(page.getByText(username).first()).toBeVisible();
  });

  test('its own name, a bad one and one that somebody has are said at the field', async ({
    page,
    person,
    browser,
    expectTrouble,
  }) => {
    const other = createPerson(`bob-${person.username.slice(4)}`);
    const context = await browser.newContext({ extraHTTPHeaders: { 'CF-Connecting-IP': '198.51.100.7' } });
    await register(await context.newPage(), other);
    await context.close();

    const field = section(page, 'Profile').getByLabel('Username');
    const change = async (username: string) => {
      await field.fill(username);
      await section(page, 'Profile').getByRole('button', { name: 'Change Username' }).click();
    };
    await change(person.username);
    await expect(field).toHaveAccessibleDescription(/That is your username already/);
    await change('a b');
    await expect(field).toHaveAccessibleDescription(/Use only the letters/);
    await expect(field).toBeFocused();
    expectTrouble(/409/);
    await change(other.username.toUpperCase());
    await expect(field).toHaveAccessibleDescription(/That username is taken/);
    await expect(field).toHaveValue(other.username.toUpperCase());
    // In other letters it is the owner's own.
    await change(person.username.toUpperCase());
    await expect(page.getByRole('status')).toContainText('Your username has been changed.');
  });
});

test.describe('Password', () => {
  const change = async (page: Page, current: string, password: string) => {
    const form = section(page, 'Password');
    await form.getByLabel('Current Password').fill(current);
    await form.getByLabel('Password', { exact: true }).fill(password);
    await form.getByLabel('Confirm Password').fill(password);
    await form.getByRole('button', { name: 'Change Password' }).click();
  };

  test('a new one by the current one: this browser goes on, the others are logged out, a notice comes', async ({
    page,
    person,
    browser,
    expectTrouble,
  }) => {
    const elsewhere = await signInElsewhere(browser, person);
    await page.reload();
    await change(page, PASSWORD, NEW_PASSWORD);
    await expect(page.getByRole('status')).toContainText(
      'Your password has been changed. Every other session has ended.',
    );
    await expect(section(page, 'Password').getByLabel('Current Password')).toHaveValue('');
    await expect(section(page, 'Sessions').getByText('No other browser is logged in.')).toBeVisible();
    await expect(activityOf(page).first()).toContainText('The password was changed');
    await expectSignedOut(elsewhere);
    await elsewhere.context().close();
    await page.reload();
    await expect(section(page, 'Password')).toBeVisible();

    expect(await person.link('Your password was changed')).toContain('/secure-account#');
    await logOut(page);
    expectTrouble(/401/);
    await logIn(page, person, PASSWORD);
    await expect(page.getByText('Login unsuccessful. Please check email and password')).toBeVisible();
    await logIn(page, person, NEW_PASSWORD);
    await expect(page).toHaveURL('/account');
  });

  test('what is missing, wrong, too short or not the same twice is said at its field', async ({
    page,
    expectTrouble,
  }) => {
    const form = section(page, 'Password');
    await form.getByRole('button', { name: 'Change Password' }).click();
    await expect(form.getByLabel('Current Password')).toHaveAccessibleDescription(/Enter your current password/);
    await expect(form.getByLabel('Current Password')).toBeFocused();
    await change(page, PASSWORD, 'short');
    await expect(form.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/Use at least 15/);
    expectTrouble(/403/);
    await change(page, 'not the password', NEW_PASSWORD);
    await expect(form.getByLabel('Current Password')).toHaveAccessibleDescription(/not your current password/);
    await expect(form.getByLabel('Current Password')).toBeFocused();
    // What was typed stays.
    await expect(form.getByLabel('Confirm Password')).toHaveValue(NEW_PASSWORD);
  });

  test('the fifth wrong one logs this browser out, and says so', async ({ page, expectTrouble }) => {
    expectTrouble(/40[13]/);
    const field = section(page, 'Password').getByLabel('Current Password');
    for (let tries = 0; tries < 4; tries += 1) {
      await change(page, `wrong ${tries}`, NEW_PASSWORD);
      await expect(field).toHaveAccessibleDescription(/not your current password/);
    }
    await change(page, 'wrong for good', NEW_PASSWORD);
    await expect(page.getByText(/After five wrong ones you were logged out here: log in again/)).toBeVisible();
    await expectSignedOut(page);
  });

  test('forgotten while signed in, a reset link is mailed', async ({ page, person }) => {
    await section(page, 'Password').getByRole('button', { name: 'I forgot my current password' }).click();
    await expect(page.getByRole('status')).toContainText(
      'An email has been sent with instructions to reset your password.',
    );
    await page.goto(await person.link('Password Reset Request'));
    await expect(page.getByText('Every session of this account will end.')).toBeVisible();
    await expect(page.getByLabel('Email')).toHaveValue(person.email);
  });

  test('browsers find the form at its well-known address, signed in and signed out', async ({ page, person }) => {
    await page.goto('/.well-known/change-password');
    await expect(page).toHaveURL('/account#password');
    await expect(section(page, 'Password').getByRole('heading')).toBeInViewport();
    await expect(section(page, 'Password').getByRole('heading')).toBeFocused();
    await logOut(page);
    await page.goto('/.well-known/change-password');
    await expect(page).toHaveURL('/login?next=%2Faccount%23password');
    await page.getByLabel('Email').fill(person.email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Log In' }).click();
    await expect(page).toHaveURL('/account#password');
    await expect(section(page, 'Password').getByRole('heading')).toBeInViewport();
  });
});

test.describe('Email', () => {
  test('says before what a change means, and what is wrong at its field', async ({ page, person, expectTrouble }) => {
    const email = section(page, 'Email');
    await expect(email).toContainText(
      `For 7 days a link sent to ${person.email} can undo this, and you cannot change it again or delete the account.`,
    );
    await askForAddress(page, { ...person, email: person.email.toUpperCase() });
    await expect(email.getByLabel('New Email')).toHaveAccessibleDescription(/That is your address already/);
    await askForAddress(page, { ...person, email: 'nobody' });
    await expect(email.getByLabel('New Email')).toHaveAccessibleDescription(/like name@example.com/);
    expectTrouble(/403/);
    await askForAddress(page, createPerson(`new-${person.username}`), 'not the password');
    await expect(email.getByLabel('Current Password')).toHaveAccessibleDescription(/not your current password/);
    await expect(email.getByLabel('New Email')).toHaveValue(`new-${person.username}@example.com`);
  });

  test('asking mails the new address a link and the old one a notice, and changes nothing yet', async ({
    page,
    person,
  }) => {
    const target = createPerson(`new-${person.username}`);
    await askForAddress(page, target);
    await expect(page.getByRole('status')).toContainText(
      'An email has been sent to the new address with a link to confirm it.',
    );
    await expect(section(page, 'Email').getByLabel('New Email')).toHaveValue('');
    await expect(activityOf(page).first()).toContainText('A change of the email address was requested');
    expect(await target.link('Confirm your new email address')).toContain('/change-email#');
    expect(await person.link('A new email address was asked for')).toContain('/secure-account#');
    await page.reload();
    await expect(section(page, 'Profile')).toContainText(person.email);
  });

  test('an address that somebody has is not told to the asker: the mail to it says so', async ({
    page,
    person,
    browser,
  }) => {
    const other = createPerson(`bob-${person.username.slice(4)}`);
    const context = await browser.newContext({ extraHTTPHeaders: { 'CF-Connecting-IP': '198.51.100.8' } });
    await register(await context.newPage(), other);
    await context.close();
    await askForAddress(page, other);
    await expect(page.getByRole('status')).toContainText(
      'An email has been sent to the new address with a link to confirm it.',
    );
    await expect
      .poll(async () => (await other.mails()).map(({ subject }) => subject))
      .toContain('This address has an account already');
  });

  test('for 7 days after a change there is no other one and no deletion, and both forms say why', async ({
    page,
    person,
    expectTrouble,
  }) => {
    await changeAddress(page, createPerson(`new-${person.username}`));
    expectTrouble(/409/);
    const reason = 'The address was changed in the last 7 days. Until those are over, this is not possible.';
    await askForAddress(page, createPerson(`third-${person.username}`));
    await expect(section(page, 'Email').getByRole('alert')).toContainText(reason);

    const danger = section(page, 'Danger Zone');
    await danger.getByRole('button', { name: 'Delete Account' }).click();
    await danger.getByLabel('Your Username').fill(person.username);
    await danger.getByLabel('Current Password').fill(PASSWORD);
    await danger.getByRole('button', { name: 'Delete My Account' }).click();
    await expect(danger.getByRole('alert')).toContainText(reason);
    await page.reload();
    await expect(section(page, 'Profile')).toContainText(`new-${person.email}`);
  });
});

test.describe('Sessions', () => {
  test('each browser is named, this one is marked, and another is logged out', async ({ page, person, browser }) => {
    await expect(section(page, 'Sessions').getByText('No other browser is logged in.')).toBeVisible();
    const elsewhere = await signInElsewhere(browser, person);
    await person.link('A new browser logged in');
    await page.reload();

    const items = section(page, 'Sessions').getByRole('listitem');
    await expect(items).toHaveCount(2);
    await expect(items.filter({ hasText: 'Chrome on Linux' })).toHaveCount(2);
    await expect(items.first()).toContainText('This browser');
    await expect(items.first().getByRole('button')).toHaveCount(0);
    await items.last().getByRole('button', { name: 'Log out Chrome on Linux' }).click();
    await expect(page.getByRole('status')).toContainText('Chrome on Linux has been logged out.');
    await expect(items).toHaveCount(1);
    await expect(section(page, 'Sessions').getByRole('heading')).toBeFocused();
    await expect(activityOf(page).first()).toContainText('A browser was logged out');
    await expectSignedOut(elsewhere);
    await elsewhere.context().close();
    await page.reload();
    await expect(items).toHaveCount(1);
  });

  test('all others are logged out after a question, which Escape takes back', async ({ page, person, browser }) => {
    const others = [await signInElsewhere(browser, person), await signInElsewhere(browser, person)];
    await page.reload();
    const sessions = section(page, 'Sessions');
    const open = sessions.getByRole('button', { name: 'Log out all other browsers' });
    await open.click();
    await expect(sessions.getByText('Log out 2 other browsers? Whoever uses them has to log in again.')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(open).toBeFocused();
    await expect(sessions.getByRole('listitem')).toHaveCount(3);

    await open.click();
    await sessions.getByRole('button', { name: 'Log out 2 other browsers' }).click();
    await expect(page.getByRole('status')).toContainText('All other browsers have been logged out.');
    await expect(sessions.getByText('No other browser is logged in.')).toBeVisible();
    await expect(activityOf(page).first()).toContainText('All other browsers were logged out');
    for (const other of others) {
      await expectSignedOut(other);
      await other.context().close();
    }
  });

  test('a session that was ended elsewhere leads to the login form and says why', async ({
    page,
    person,
    browser,
    expectTrouble,
  }) => {
    const elsewhere = await signInElsewhere(browser, person);
    await elsewhere.reload();
    await section(elsewhere, 'Sessions').getByRole('button', { name: 'Log out all other browsers' }).click();
    await section(elsewhere, 'Sessions').getByRole('button', { name: 'Log out 1 other browser' }).click();
    await expect(elsewhere.getByText('All other browsers have been logged out.')).toBeVisible();
    await elsewhere.context().close();

    expectTrouble(/401/);
    await section(page, 'Profile').getByLabel('Username').fill(`${person.username}-x`);
    await section(page, 'Profile').getByRole('button', { name: 'Change Username' }).click();
    await expect(page).toHaveURL(/\/login\?next=%2Faccount/);
    await expect(page.getByRole('alert')).toContainText('Your session has ended. Log in again to go on.');
  });
});

test.describe('Activity', () => {
  test('tells what happened in words, newest first, with where from and the exact time behind each', async ({
    page,
    person,
    expectTrouble,
  }) => {
    await logOut(page);
    expectTrouble(/401/);
    await logIn(page, person, 'not the password');
    await expect(page.getByText('Login unsuccessful. Please check email and password')).toBeVisible();
    await logIn(page, person);
    await expect(page).toHaveURL('/account');
    await expect(activityOf(page)).toHaveText([/Logged in/, /A login was refused/, /You created this account/]);
    for (const item of await activityOf(page).all()) {
      await expect(item).toContainText('Chrome on Linux');
      const time = item.getByRole('time').or(item.locator('time'));
      await expect(time).toHaveText(/^(just now|\d+ (second|minute)s? ago)$/);
      await expect(time).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      await expect(time).toHaveAttribute('title', /\d{4} at \d/);
    }
    await expect(section(page, 'Activity')).not.toContainText('not the password');
  });

  test('shows ten, then the rest of a page, then older pages; the focus goes along', async ({ page, person }) => {
    for (let times = 0; times < 52; times += 1) {
      const signedIn = await page.request.post('/api/session', {
        data: { email: person.email, password: PASSWORD },
        headers: { 'CF-Connecting-IP': `198.51.100.${times}` },
      });
      expect(signedIn.status()).toBe(200);
    }
    await page.reload();
    const more = section(page, 'Activity').getByRole('button', { name: 'Show more' });
    await expect(activityOf(page)).toHaveCount(10);
    await more.click();
    await expect(activityOf(page)).toHaveCount(50);
    await expect(activityOf(page).nth(10)).toBeFocused();
    await more.click();
    await expect(activityOf(page)).toHaveCount(53);
    await expect(activityOf(page).nth(50)).toBeFocused();
    await expect(activityOf(page).last()).toContainText('You created this account');
    await expect(more).toBeHidden();
  });
});

test('Your Data: one file with all that is kept, and no secret in it', async ({ page, person }) => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    section(page, 'Your Data').getByRole('link', { name: 'Download Your Data' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('account.json');
  const chunks: Uint8Array[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  expect(JSON.parse(text)).toMatchObject({
    user: { username: person.username, email: person.email },
    sessions: [{ userAgent: 'Chrome on Linux' }],
    activity: [{ kind: 'registered' }],
  });
  expect(text).not.toMatch(/\$scrypt|[sS]tamp|[hH]ash/);
});

test.describe('Danger Zone', () => {
  const ask = async (page: Page, username: string, password: string) => {
    const danger = section(page, 'Danger Zone');
    await danger.getByLabel('Your Username').fill(username);
    await danger.getByLabel('Current Password').fill(password);
    await danger.getByRole('button', { name: 'Delete My Account' }).click();
  };

  test('nothing is deleted by one click, nor without the username typed and the password', async ({
    page,
    person,
    expectTrouble,
  }) => {
    const danger = section(page, 'Danger Zone');
    await danger.getByRole('button', { name: 'Delete Account' }).click();
    await expect(danger.getByText('This cannot be undone.')).toBeVisible();
    await danger.getByRole('button', { name: 'Cancel' }).click();
    await expect(danger.getByRole('button', { name: 'Delete Account' })).toBeFocused();
    await danger.getByRole('button', { name: 'Delete Account' }).click();

    await ask(page, 'somebody', PASSWORD);
    await expect(danger.getByLabel('Your Username')).toHaveAccessibleDescription(
      new RegExp(`Type ${person.username} to confirm`),
    );
    await ask(page, person.username, '');
    await expect(danger.getByLabel('Current Password')).toHaveAccessibleDescription(/Enter your current password/);
    expectTrouble(/403/);
    await ask(page, person.username, 'not the password');
    await expect(danger.getByLabel('Current Password')).toHaveAccessibleDescription(/not your current password/);
    await page.reload();
    await expect(section(page, 'Profile')).toContainText(person.email);
  });

  test('the account is deleted, says so here and in a last mail, and opens to nobody; its name rests', async ({
    page,
    person,
    expectTrouble,
  }) => {
    await section(page, 'Danger Zone').getByRole('button', { name: 'Delete Account' }).click();
    await ask(page, person.username, PASSWORD);
    await expect(page).toHaveURL('/');
    await expect(page.getByText('Your account has been deleted.')).toBeVisible();
    await expect(page.getByRole('banner').getByRole('button', { name: 'Log Out' })).toBeHidden();
    await expect
      .poll(async () => (await person.mails()).map(({ subject }) => subject))
      .toContain('Your account was deleted');
    expectTrouble(/401|409/);
    await logIn(page, person);
    await expect(page.getByText('Login unsuccessful. Please check email and password')).toBeVisible();

    // The address is free at once, the name is not.
    const before = (await person.mails())[0]?.number ?? 0;
    await page.goto('/register');
    await page.getByLabel('Email').fill(person.email);
    await page.getByRole('button', { name: 'Sign Up' }).click();
    await page.goto(await person.link('Finish signing up for Rekey', before));
    await page.getByLabel('Username').fill(person.username);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Confirm Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create Account' }).click();
    await expect(page.getByLabel('Username')).toHaveAccessibleDescription(/That username is taken/);
  });
});

test('the sections are reached by links of the page itself, and take the focus', async ({ page }) => {
  const names = ['Profile', 'Password', 'Email', 'Sessions', 'Activity', 'Your Data', 'Danger Zone'];
  for (const name of names) {
    await page.getByRole('navigation', { name: 'On this page' }).getByRole('link', { name, exact: true }).click();
    await expect(section(page, name).getByRole('heading', { name })).toBeFocused();
    await expect(section(page, name).getByRole('heading', { name })).toBeInViewport();
  }
});
