/** Browser tests: the shipped Worker behind `wrangler dev`, its mailbox, and a Chromium from npm (or an installed Chrome). */
import { defineConfig } from '@playwright/test';
import { findBrowser } from './test/browser/find-browser.ts';
import { APP_URL, MAILBOX_URL } from './test/browser/ports.ts';

export default defineConfig({
  testDir: 'test/browser',
  testMatch: '**/*.spec.ts',
  globalTeardown: './test/browser/search-log.ts',
  outputDir: '.cache/browser/results',
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000,
  // On a busy machine a browser may miss its time. What passes only at the second try is named in the sum's table.
  retries: process.env.CI ? 1 : 0,
  use: {
    baseURL: APP_URL,
    // A client of its own: a test that does not set one would share its limit with all the others.
    extraHTTPHeaders: { 'CF-Connecting-IP': '192.0.2.1' },
    locale: 'en-GB',
    screenshot: 'only-on-failure',
    launchOptions: await findBrowser(),
  },
  webServer: {
    command: 'node test/browser/serve.ts',
    url: `${MAILBOX_URL}/api/mails`,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
    stdout: 'pipe',
  },
});
