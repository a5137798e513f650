/** ASVS 5.0, 3.7, 6.2, 6.4, 7.4 and 14.3: the rows that need a browser. */
import { type Check, finding, judge, need, pagesOf, verdict } from '../check.ts';
import { noHints } from '../observations/no-hints.ts';
import { carryCookies, settle } from '../observations/survey.ts';
import { logIn, observePasting, observeShowing } from '../observations/using-pages.ts';
import { join, resetLink } from '../visits.ts';

const asvs = 'OWASP ASVS 5.0';
const FOREIGN = [
  'https://attacker.example/',
  '//attacker.example/',
  '/\\attacker.example/',
  '\\\\attacker.example/',
  'https:attacker.example',
  '/%09/attacker.example',
  'https://localhost:8787@attacker.example/',
  'javascript:alert(1)',
];
/** By its host: the address that leads there has the same words in its query. */
const isForeign = (url: URL) => url.hostname.endsWith('attacker.example');

/** No system under test has shorter secrets in its cookies: 8 characters of base64 are 48 bits. */
const SECRET_LENGTH = 8;

export const asvsPageRows: readonly Check[] = [
  {
    id: 'ASVS 6.2.6, 6.2.7',
    standard: asvs,
    level: 1,
    requirement:
      'A password is hidden until its owner wants to see it; pasting and password managers are not hindered.',
    run: async context => judge([...(await context.once(observeShowing)), ...(await context.once(observePasting))]),
  },
  {
    id: 'ASVS 6.4.2',
    standard: asvs,
    level: 1,
    requirement: 'No hints for a password and no secret questions.',
    run: noHints,
  },
  {
    id: 'ASVS 7.4.4',
    standard: asvs,
    level: 2,
    requirement: 'Signing out is in sight on every page of somebody who is signed in.',
    run: context =>
      context.withPage(async page => {
        const { driver } = context;
        const pages = pagesOf(driver);
        const { account, client } = await join(context);
        const { link } = await resetLink(driver, account.email);
        await carryCookies(page, client, driver.url);
        const seen = [];
        for (const path of [pages.account, '/', link, '/no-such-page']) {
          await page.goto(path);
          await settle(page);
          const button = page.getByRole('button', { name: /^(log|sign) ?out$/i }).first();
          const isThere = await button.waitFor({ timeout: 3000 }).then(
            () => true,
            () => false,
          );
          seen.push(finding(isThere, `${new URL(page.url()).pathname}: ${isThere ? 'there' : 'missing'}`));
        }
        return judge(seen);
      }),
  },
  {
    id: 'ASVS 3.7.2',
    standard: asvs,
    level: 2,
    requirement: 'No address of ours leads on to a foreign one that somebody put into it.',
    async run(context) {
      const { driver } = context;
      const pages = pagesOf(driver);
      const name = need(driver.nextParameter, 'a parameter that says where to go');
      const { account, client } = await join(context);
      const landed: string[] = [];
      // Somebody who is signed in is led on at once; once by signing in as well.
      await context.withPage(async page => {
        await page.route(isForeign, route => route.fulfill({ body: 'attacker' }));
        await logIn(
          page,
          `${pages.login}?${name}=${encodeURIComponent(FOREIGN[1] ?? '')}`,
          account.email,
          account.password,
        );
        landed.push(new URL(page.url()).host);
      });
      await context.withPage(async page => {
        await page.route(isForeign, route => route.fulfill({ body: 'attacker' }));
        await carryCookies(page, client, driver.url);
        for (const target of FOREIGN) {
          await page.goto(`${pages.login}?${name}=${encodeURIComponent(target)}`);
          await page.waitForURL(url => url.pathname !== pages.login, { timeout: 2000 }).catch(() => {});
          landed.push(new URL(page.url()).host);
        }
      });
      const own = new URL(driver.url).host;
      return verdict(
        landed.every(host => host === own),
        `${landed.length} ways to name a foreign address, all of them lead to: ${[...new Set(landed)].join(', ')}`,
      );
    },
  },
  {
    id: 'ASVS 14.3.3',
    standard: asvs,
    level: 2,
    requirement: "What the browser's storage keeps holds no secret.",
    run: context =>
      context.withPage(async (page, tab) => {
        const { driver } = context;
        const pages = pagesOf(driver);
        const { account } = await join(context);
        await logIn(page, pages.login, account.email, account.password);
        await settle(page);
        const kept = await page.evaluate(async () => {
          const databases = 'databases' in indexedDB ? (await indexedDB.databases()).map(({ name }) => name) : [];
          return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, databases, document.cookie]);
        });
        // What is shorter, such as the language of the pages, is no secret.
        const values = (await tab.cookies()).map(({ value }) => value).filter(({ length }) => length >= SECRET_LENGTH);
        const secrets = [account.password, ...values];
        const found = secrets.filter(secret => kept.includes(secret)).length;
        return verdict(
          found === 0,
          `localStorage, sessionStorage, IndexedDB and document.cookie: ${kept.length > 120 ? `${kept.length} characters` : kept}, ${found} of ${secrets.length} secrets in them`,
        );
      }),
  },
];
