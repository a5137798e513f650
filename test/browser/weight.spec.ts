/** What a first visit to the login form weighs: its JavaScript, words included, and its stylesheet, as gzip sends them. */
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from './fixtures.ts';
import { MAX_SCRIPT_BYTES, MAX_STYLE_BYTES, weighPage } from './page-weight.ts';

/** The language whose words for /login are the most bytes. */
const weigh = (language: string) =>
  ['every-page', 'sign-in'].reduce((sum, group) => {
    const words = JSON.stringify(JSON.parse(readFileSync(`words/${language}/${group}.json`, 'utf8')));
    return sum + gzipSync(words, { level: 9 }).length;
  }, 0);
const [heaviest = 'en'] = readdirSync('words', { withFileTypes: true })
  .filter(entry => entry.isDirectory() && readdirSync(`words/${entry.name}`).includes('every-page.json'))
  .map(({ name }) => name)
  .sort((a, b) => weigh(b) - weigh(a));

test(`the first load of /login takes at most 25 KB of JavaScript and 6 KB of CSS, in the heaviest language (${heaviest}) too`, async ({
  page,
  context,
  baseURL,
}) => {
  await context.addCookies([{ name: 'language', value: heaviest, url: baseURL ?? '' }]);
  const bytes = await weighPage(page, async () => {
    await page.goto('/login');
    await expect(page.locator('html')).toHaveAttribute('lang', heaviest);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });
  expect(bytes.script).toBeGreaterThan(0);
  expect(bytes.script).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
  expect(bytes.stylesheet).toBeGreaterThan(0);
  expect(bytes.stylesheet).toBeLessThanOrEqual(MAX_STYLE_BYTES);
});
