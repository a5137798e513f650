/** What the pages weigh, and what Lighthouse says of them, in the browser of the tests. */
import { type AddressInfo, createServer } from 'node:net';
import { type Browser, chromium } from '@playwright/test';
import lighthouse from 'lighthouse';
import { findBrowser } from '../browser/find-browser.ts';
import { createPerson, type Person, register } from '../browser/fixtures.ts';
import { MAX_SCRIPT_BYTES, MAX_STYLE_BYTES, type PageWeight, weighPage } from '../browser/page-weight.ts';
import { APP_URL } from '../browser/ports.ts';
import { startApp } from '../browser/start-app.ts';
import type { BenchOptions, Section } from './section.ts';
import { spreadOf } from './spread.ts';

/** 0 to 100 each. */
type Scores = Record<(typeof CATEGORIES)[number], number>;
export type PagesResult = {
  weights: { page: string; weight: PageWeight }[];
  lighthouse: {
    page: string;
    /** Performance: the median of the runs. The others are the same in each. */
    scores: Scores;
    /** Audits that took something off, `category: id`. */
    failed: string[];
  }[];
  runs: number;
};

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const RESET = 'Password Reset Request';

const measure = async ({ quick, say }: BenchOptions): Promise<PagesResult> => {
  const app = await startApp();
  const port = await freePort();
  const { args = [], ...found } = { args: [] as string[], ...(await findBrowser()) };
  const browser = await chromium.launch({ ...found, args: [...args, `--remote-debugging-port=${port}`] });
  try {
    say('pages: weights');
    const person = createPerson(`ada-${crypto.randomUUID().slice(0, 8)}`);
    const weights = await weighAll(browser, person);
    const runs = quick ? 1 : 3;
    const reset = await resetLinkOf(browser, person);
    const judged = quick ? ['/login'] : ['/login', '/forgot-password', reset];
    const judgements: PagesResult['lighthouse'] = [];
    for (const path of judged) {
      const page = path.split('#')[0] ?? path;
      say(`pages: Lighthouse, ${page}`);
      judgements.push({ page, ...(await judge(new URL(path, APP_URL).href, port, runs)) });
    }
    return { weights, lighthouse: judgements, runs };
  } finally {
    await browser.close();
    await app.stop();
  }
};

/** Each as a browser loads it that has never been here; the account as somebody's who comes back to it. */
const weighAll = async (browser: Browser, person: Person): Promise<PagesResult['weights']> => {
  const signedIn = await browser.newContext({ baseURL: APP_URL });
  await register(await signedIn.newPage(), person);
  const cookies = await signedIn.cookies();
  const weights: PagesResult['weights'] = [];
  for (const path of ['/', '/login', '/register', '/forgot-password', '/reset-password', '/account']) {
    const context = await browser.newContext({ baseURL: APP_URL });
    if (path === '/account') await context.addCookies(cookies);
    const page = await context.newPage();
    const address = path === '/reset-password' ? await resetLinkOf(browser, person) : path;
    const weight = await weighPage(page, async () => {
      await page.goto(address);
      await page.getByRole('heading', { level: 1 }).waitFor();
    });
    weights.push({ page: path, weight });
    await context.close();
  }
  await signedIn.close();
  return weights;
};

/** Another one each time: looking at a link does not use it up, and a scene of its own hides nothing of another. */
const resetLinkOf = async (browser: Browser, person: Person): Promise<string> => {
  const newest = Math.max(0, ...(await person.mails()).map(({ number }) => number));
  const context = await browser.newContext({ baseURL: APP_URL });
  await context.request.post('/api/password-resets', { data: { email: person.email } });
  await context.close();
  const { pathname, hash } = new URL(await person.link(RESET, newest));
  return pathname + hash;
};

/** With Lighthouse's own idea of a phone on a slow network, which it computes from an unhindered load. */
const judge = async (url: string, port: number, runs: number): Promise<{ scores: Scores; failed: string[] }> => {
  const performances: number[] = [];
  let scores: Scores | undefined;
  const failed = new Set<string>();
  for (let run = 0; run < runs; run += 1) {
    const result = await lighthouse(url, { port, onlyCategories: [...CATEGORIES], logLevel: 'silent' });
    if (!result || result.lhr.runtimeError) {
      throw new Error(`Lighthouse could not judge ${url}: ${result?.lhr.runtimeError?.message}`);
    }
    const { categories, audits } = result.lhr;
    const scoreOf = (id: string) => Math.round((categories[id]?.score ?? 0) * 100);
    scores = Object.fromEntries(CATEGORIES.map(id => [id, scoreOf(id)])) as Scores;
    performances.push(scores.performance);
    for (const id of CATEGORIES) {
      for (const { id: audit, weight } of categories[id]?.auditRefs ?? []) {
        const score = audits[audit]?.score ?? 1;
        if (weight > 0 && score < PASSED) failed.add(`${id}: ${audit}`);
      }
    }
  }
  if (!scores) throw new Error('Lighthouse has to run once at least');
  return { scores: { ...scores, performance: spreadOf(performances).median }, failed: [...failed].sort() };
};

/** What Lighthouse shows in green. */
const PASSED = 0.9;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const kb = (bytes: number): string => (bytes / 1000).toFixed(1);

const describe = ({ weights, lighthouse: judged, runs }: PagesResult): string =>
  [
    'The first load of a page, in English, in KB of gzip; “other” is the API’s answers and the icon. `/login` may have',
    `${kb(MAX_SCRIPT_BYTES)} of JavaScript, the words of a language included, and ${kb(MAX_STYLE_BYTES)} of CSS: a test holds it, in the`,
    'language with the most bytes too.',
    '',
    '| page | requests | HTML | JavaScript | CSS | other |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...weights.map(
      ({ page, weight }) =>
        `| ${page} | ${weight.requests} | ${kb(weight.document)} | ${kb(weight.script)} | ${kb(weight.stylesheet)} | ${kb(weight.other)} |`,
    ),
    '',
    `Lighthouse with its usual phone on a slow network, of 100 each; performance is the median of ${runs} runs:`,
    '',
    '| page | performance | accessibility | best practices | SEO | what took something off |',
    '| --- | ---: | ---: | ---: | ---: | --- |',
    ...judged.map(
      ({ page, scores, failed }) =>
        `| ${page} | ${CATEGORIES.map(id => scores[id]).join(' | ')} | ${failed.join(', ') || 'nothing'} |`,
    ),
  ].join('\n');

export const pages: Section<PagesResult> = {
  name: 'pages',
  title: 'The pages',
  measure,
  describe,
  plots: () => [],
};
