/** The pages under another name, with another logo and other colours: README, "Make it yours". */
import AxeBuilder from '@axe-core/playwright';
import { type BrowserContext, expect, test } from '@playwright/test';
import { readBrandColors } from '../../scripts/brand-colors.ts';
import { buildRebranded, REBRANDED_URL, readExample, showRebranded } from './rebranded.ts';

// One build for all of them.
test.describe.configure({ mode: 'default' });

const FOLDER = '.cache/browser/rebranded';
let pages: string;
test.beforeAll(async () => {
  pages = await buildRebranded(`${process.cwd()}/${FOLDER}`);
});

const contextOf = async (context: BrowserContext) => {
  const troubles: string[] = [];
  context.on('weberror', error => troubles.push(String(error.error())));
  context.on('console', message => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  await showRebranded(context, pages);
  return troubles;
};

const rgb = (hex: string): string =>
  `rgb(${[1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16)).join(', ')})`;

for (const scheme of ['light', 'dark'] as const) {
  test(`by ${scheme === 'light' ? 'day' : 'night'} they have the name, the logo and the colours of the example`, async ({
    browser,
  }) => {
    const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 390, height: 780 } });
    const troubles = await contextOf(context);
    const page = await context.newPage();
    const colors = readBrandColors(readExample().css);
    for (const [path, heading] of [
      ['/login', 'Log In'],
      ['/register', 'Register'],
      ['/reset-password#a.b.c', 'Reset Password'],
    ]) {
      await page.goto(`${REBRANDED_URL}${path}`);
      await expect(page.getByRole('heading', { level: 1, name: heading ?? '' })).toBeVisible();
      await expect(page).toHaveTitle(`${heading} · Heron Press`);
      await expect(page.getByRole('banner')).toContainText('Heron Press');
      const logo = page.getByRole('banner').locator('img');
      await expect(logo).toHaveAttribute('src', '/heron.svg');
      expect(await logo.evaluate(image => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
      const look = await page.evaluate(() => {
        const of = (selector: string) => getComputedStyle(document.querySelector(selector) as Element);
        return {
          page: of('body').backgroundColor,
          text: of('body').color,
          card: of('.card').backgroundColor,
          button: of('button[type=submit]').backgroundColor,
          radius: of('button[type=submit]').borderRadius,
          font: of('body').fontFamily,
        };
      });
      const expected = (name: string) => rgb(colors[name]?.[scheme] ?? '');
      expect(look).toEqual({
        page: expected('page'),
        text: expected('text'),
        card: expected('card'),
        button: expected('button'),
        radius: '0px',
        font: expect.stringContaining('Georgia'),
      });
      expect(await page.locator(`meta[name=theme-color][media*=${scheme}]`).getAttribute('content')).toBe(
        colors.page?.[scheme],
      );
      expect(await page.locator('link[rel=icon]').getAttribute('href')).toBe('/heron.svg');
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`)).toEqual([]);
    }
    await page.screenshot({ path: `${FOLDER}/${scheme}.png`, animations: 'disabled' });
    expect(await page.content()).not.toContain('Rekey');
    expect(troubles).toEqual([]);
    await context.close();
  });
}
