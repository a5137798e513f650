/** NIST, OWASP and the HTML standard: the rows that need a browser. */
import { type Check, finding, judge, pagesOf } from '../check.ts';
import { noHints } from '../observations/no-hints.ts';
import { settle, surveyPages } from '../observations/survey.ts';
import { logIn, observePasting, observeShowing } from '../observations/using-pages.ts';
import { join, resetLink } from '../visits.ts';

export const otherPageRows: readonly Check[] = [
  {
    id: 'NIST 800-63B 3.1.1.2 (7, 8)',
    standard: 'NIST SP 800-63-4',
    requirement: 'No hints that others could read, and no questions about oneself.',
    run: noHints,
  },
  {
    id: 'NIST 800-63B 3.1.1.2 (managers)',
    standard: 'NIST SP 800-63-4',
    requirement: 'Password managers can fill in, pasting works, and a password can be shown.',
    run: context =>
      context.withPage(async page => {
        const pages = pagesOf(context.driver);
        const { account } = await join(context);
        await logIn(page, pages.login, account.email, account.password);
        return judge([
          finding(true, 'filled in by a script, the form signs in'),
          ...(await context.once(observePasting)),
          ...(await context.once(observeShowing)),
        ]);
      }),
  },
  {
    id: 'OWASP FP-6',
    standard: 'OWASP cheat sheets',
    requirement: 'The page of a reset link tells no other site its address: nothing of it leaves.',
    run: context =>
      context.withPage(async page => {
        const { driver } = context;
        pagesOf(driver);
        const { account } = await join(context);
        const { link, token } = await resetLink(driver, account.email);
        const requests: { url: string; referrer: string }[] = [];
        page.on(
          'request',
          request => void requests.push({ url: request.url(), referrer: request.headers().referer ?? '' }),
        );
        const answer = await page.goto(link);
        await settle(page);
        const policy = (await answer?.allHeaders())?.['referrer-policy'] ?? 'none';
        const foreign = requests.filter(
          ({ url }) => /^https?:/.test(url) && new URL(url).origin !== new URL(driver.url).origin,
        );
        const telling = requests.filter(
          ({ url, referrer }) => url.split('#')[0]?.includes(token) || referrer.includes(token),
        );
        const isInBar = page.url().includes(token);
        return judge([
          finding(policy === 'no-referrer', `Referrer-Policy: ${policy}`),
          finding(foreign.length === 0, `${foreign.length} of ${requests.length} requests go elsewhere`),
          finding(telling.length === 0, `${telling.length} with the token in their address or Referer`),
          finding(!isInBar, isInBar ? 'the token stays in the address bar' : 'the token is gone from the address bar'),
        ]);
      }),
  },
  {
    id: 'HTML autofill',
    standard: 'Web platform',
    requirement:
      'Fields say what they are: username on the address, current-password and new-password, and an address beside every password.',
    async run(context) {
      const pages = await context.once(surveyPages);
      const of = (name: string) => pages.find(page => page.name === name)?.fields ?? [];
      const words = (name: string) =>
        of(name)
          .map(({ autocomplete }) => autocomplete)
          .join(' ');
      const account = of('account').map(({ autocomplete }) => autocomplete);
      return judge([
        finding(words('login') === 'username current-password', `log in: ${words('login')}`),
        finding(/^(username|email)$/.test(words('register')), `register: ${words('register')}`),
        finding(/^(username|email)$/.test(words('forgotPassword')), `forgotten: ${words('forgotPassword')}`),
        finding(words('reset') === 'username new-password new-password', `reset: ${words('reset')}`),
        finding(
          account.includes('current-password') && account.includes('new-password'),
          `account: ${account.join(' ')}`,
        ),
      ]);
    },
  },
];
