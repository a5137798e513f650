/**
 * Every page that the system has, looked at once: its fields, its targets, its focus, its contrast. The rows about pages
 * judge what was found here.
 */

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { pagesOf } from '../check.ts';
import type { Context } from '../context.ts';
import type { Client } from '../driver.ts';
import { join, resetLink } from '../visits.ts';
import { contrastsOf, fieldsOf, frameOf, targetsOf } from './page-facts.ts';

export type PageFacts = { name: string } & Awaited<ReturnType<typeof lookAt>>;

const NARROW = { width: 320, height: 640 };
const WIDE = { width: 1000, height: 800 };
const MOST_TABS = 40;

/** Signs a tab in with the cookies of a client. */
export const carryCookies = (page: Page, client: Client, url: string) =>
  page.context().addCookies([...client.cookies].map(([name, value]) => ({ name, value, url })));

/** Waits until a page has made itself: it may be a script's work. */
export const settle = async (page: Page): Promise<void> => {
  await page.waitForLoadState('networkidle');
  await page.locator('h1, form').first().waitFor();
};

const lookAt = async (page: Page) => {
  await page.setViewportSize(WIDE);
  await settle(page);
  const frame = await page.evaluate(frameOf);
  const fields = await page.evaluate(fieldsOf);
  const smallTargets = await page.evaluate(targetsOf);
  const weakFrames = await page.evaluate(contrastsOf);
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  // Dark colours are others: their contrast is looked at by itself.
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await new AxeBuilder({ page }).withRules(['color-contrast']).analyze();
  const weakDarkFrames = await page.evaluate(contrastsOf);
  await page.emulateMedia({ colorScheme: 'light' });
  const focus = await walkByTab(page);
  const cutOff = await spaceOut(page);
  await page.setViewportSize(NARROW);
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  return {
    ...frame,
    fields,
    smallTargets,
    ...focus,
    cutOff,
    tooWide,
    weakFrames: [...weakFrames, ...weakDarkFrames.map(what => `${what} in the dark`)],
    violations: [...violations.map(({ id }) => id), ...dark.violations.map(({ id }) => `${id} in the dark`)],
  };
};

/** Tabs through the page: what has the focus and does not show it, and what is covered while it has it. */
const walkByTab = async (page: Page) => {
  const unseen: string[] = [];
  const covered: string[] = [];
  let steps = 0;
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (; steps < MOST_TABS; steps += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const isMarked = (one: Element | null): boolean => {
        if (!one) return false;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
        return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
      };
      const { left, top, width, height } = element.getBoundingClientRect();
      const front = document.elementFromPoint(left + width / 2, top + height / 2);
      return {
        name:
          (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 30) ||
          element.tagName.toLowerCase() + (element.getAttribute('name') ?? ''),
        isSeen: isMarked(element) || isMarked(element.parentElement),
        isFree: front !== null && (element.contains(front) || front.contains(element)),
      };
    });
    if (!at) break;
    if (!at.isSeen) unseen.push(at.name);
    if (!at.isFree) covered.push(at.name);
  }
  return { unseen, covered, steps };
};

/** WCAG 1.4.12: text with more room between lines, letters and words, and what is cut off by it. */
const spaceOut = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }',
    );
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    const cut = [...document.querySelectorAll<HTMLElement>('body *')].filter(element => {
      const { overflowX, overflowY, position } = getComputedStyle(element);
      const hides = /hidden|clip/.test(overflowX + overflowY);
      // What only screen readers are to have is hidden on purpose.
      const isForReaders = position === 'absolute' && element.clientWidth <= 1;
      return (
        hides &&
        !isForReaders &&
        (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)
      );
    });
    const wide = document.documentElement.scrollWidth > window.innerWidth;
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter(other => other !== sheet);
    return [...cut.map(element => element.className || element.tagName), ...(wide ? ['the page is too wide'] : [])];
  });

/** Looks at every page: those of the driver, and the one that a reset link leads to. */
export const surveyPages = async (context: Context): Promise<PageFacts[]> => {
  const { driver } = context;
  const pages = pagesOf(driver);
  const { account, client } = await join(context);
  const { link } = await resetLink(driver, account.email);
  const { account: ownPage, ...open } = pages;
  const facts: PageFacts[] = [];
  await context.withPage(async page => {
    for (const [name, path] of Object.entries({ ...open, reset: link })) {
      await page.goto(path);
      facts.push({ name, ...(await lookAt(page)) });
    }
  });
  await context.withPage(async page => {
    await carryCookies(page, client, driver.url);
    await page.goto(ownPage);
    await page.locator('input').first().waitFor();
    facts.push({ name: 'account', ...(await lookAt(page)) });
  });
  return facts;
};
