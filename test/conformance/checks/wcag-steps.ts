/** WCAG 2.2, 2.2, 3.3 and 4.1: from one step to the next. */
import { type Check, finding, judge, pagesOf } from '../check.ts';
import { settle, surveyPages } from '../observations/survey.ts';
import { EMAIL, observePasting, openPage, PASSWORD, submit } from '../observations/using-pages.ts';
import { completeReset, join, resetLink } from '../visits.ts';

const standard = 'WCAG 2.2';

export const stepRows: readonly Check[] = [
  {
    id: 'WCAG 3.3.7 (A)',
    standard,
    requirement: 'What was typed once is there in the next step.',
    run: context =>
      context.withPage(async page => {
        const pages = pagesOf(context.driver);
        const { email } = context.someone();
        await openPage(page, pages.login);
        await page.locator(EMAIL).first().fill(email);
        await page.locator(`main a[href="${pages.forgotPassword}"], a[href="${pages.forgotPassword}"]`).first().click();
        await page.waitForURL(url => url.pathname === pages.forgotPassword);
        await settle(page);
        const carried = await page.locator(EMAIL).first().inputValue();
        await submit(page);
        await page.waitForURL(url => url.pathname !== pages.forgotPassword, { timeout: 4000 }).catch(() => {});
        const back = await page
          .locator(EMAIL)
          .first()
          .inputValue()
          .catch(() => '');
        return judge([
          finding(
            carried === email,
            `from logging in to the forgotten password: ${carried === email ? 'carried on' : 'to be typed again'}`,
          ),
          finding(back === email, `and back again: ${back === email ? 'carried on' : 'to be typed again'}`),
        ]);
      }),
  },
  {
    id: 'WCAG 3.3.8 (AA)',
    standard,
    requirement: 'No step asks people to remember, copy out or solve something: pasting and password managers work.',
    async run(context) {
      const pages = await context.once(surveyPages);
      const puzzles = pages.filter(page => page.puzzles > 0).map(({ name }) => name);
      const pasted = await context.once(observePasting);
      return judge([
        finding(
          puzzles.length === 0,
          puzzles.length > 0
            ? `puzzles or single-character fields: ${puzzles.join(', ')}`
            : `no puzzle on ${pages.length} pages`,
        ),
        ...pasted,
      ]);
    },
  },
  {
    id: 'WCAG 4.1.3 (AA)',
    standard,
    requirement: 'Messages are read out without taking the focus: their place is there before their words.',
    run: context =>
      context.withPage(async page => {
        const pages = pagesOf(context.driver);
        await openPage(page, pages.login);
        const LIVE = '[role=alert], [role=status], [aria-live]';
        const before = await page
          .locator(LIVE)
          .evaluateAll(regions => regions.map(region => region.setAttribute('data-was-there', 'yes')).length);
        await page.locator(EMAIL).first().fill(context.someone().email);
        await page.locator(PASSWORD).first().fill('not my password at all');
        await submit(page);
        const message = page
          .locator('[data-was-there=yes]')
          .filter({ hasText: /\S.{10}/ })
          .first();
        await message.waitFor({ timeout: 5000 }).catch(() => {});
        const words = (await message.textContent({ timeout: 500 }).catch(() => null))?.trim() ?? null;
        const isStolen = await page.evaluate(() => !!document.activeElement?.closest('[role=alert], [role=status]'));
        return judge([
          finding(before > 0, `${before} places for messages before there is one`),
          finding(words !== null, words ? `"${words}" in one of them` : 'the message is in none of them'),
          finding(!isStolen, isStolen ? 'it takes the focus' : 'the focus stays'),
        ]);
      }),
  },
  {
    id: 'WCAG 2.2.1 (A)',
    standard,
    requirement: 'It is said when a link ends, and one that is over leads to where a new one can be had.',
    run: context =>
      context.withPage(async page => {
        const { driver } = context;
        const pages = pagesOf(driver);
        const { account } = await join(context);
        const { link, token, mail } = await resetLink(driver, account.email);
        const said = /[^.\n]*\b(minutes?|hours?|until|expires?|ends)\b[^.\n]*/i.exec(mail.text)?.[0]?.trim();
        await completeReset(driver, token, `${account.password} anew`);
        await page.goto(link);
        await page.waitForURL(url => url.pathname === pages.forgotPassword, { timeout: 5000 }).catch(() => {});
        await settle(page);
        const fields = await page.locator(EMAIL).count();
        const words = (await page.locator('[role=alert], [role=status]').allTextContents()).join(' ').trim();
        return judge([
          finding(said !== undefined, said ? `the mail: "${said.slice(0, 80)}"` : 'the mail does not say it'),
          finding(
            fields > 0 && words !== '',
            `a used link leads to ${new URL(page.url()).pathname} with "${words}"${fields > 0 ? '' : ', where none can be asked for'}`,
          ),
        ]);
      }),
  },
];
