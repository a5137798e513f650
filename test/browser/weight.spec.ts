/** What a first visit to the login form weighs: its JavaScript and its stylesheet, as gzip sends them. */
import { gzipSync } from 'node:zlib';
import { expect, test } from './fixtures.ts';

const MAX_SCRIPT_BYTES = 25_000;
const MAX_STYLE_BYTES = 6000;

test('the first load of /login takes at most 25 KB of JavaScript and 6 KB of CSS', async ({ page }) => {
  const bytes = { script: 0, stylesheet: 0 };
  const weighed: Promise<void>[] = [];
  page.on('response', response => {
    const kind = response.request().resourceType();
    if (kind !== 'script' && kind !== 'stylesheet') return;
    weighed.push(
      response.body().then(body => {
        bytes[kind] += gzipSync(body, { level: 9 }).length;
      }),
    );
  });
  await page.goto('/login');
  await expect(page.getByRole('heading', { name: 'Log In' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  await Promise.all(weighed);
  expect(bytes.script).toBeGreaterThan(0);
  expect(bytes.script).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
  expect(bytes.stylesheet).toBeGreaterThan(0);
  expect(bytes.stylesheet).toBeLessThanOrEqual(MAX_STYLE_BYTES);
});
