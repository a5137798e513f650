/** ASVS 5.0, 14 and 16: what is kept by whom, what is logged, and what errors tell. */
import { type Check, finding, judge, need, verdict } from '../check.ts';
import { completeReset, join, registerWith, resetLink, signIn } from '../visits.ts';

const standard = 'OWASP ASVS 5.0';

export const dataRows: readonly Check[] = [
  {
    id: 'ASVS 14.2.1',
    standard,
    level: 1,
    requirement: 'No secret stands in the part of an address that servers see and log.',
    async run(context) {
      const { driver } = context;
      const { account } = await join(context);
      const { link, token } = await resetLink(driver, account.email);
      const url = new URL(link);
      const seen = url.pathname + url.search;
      const isSeen = seen.includes(token) || seen.includes(encodeURIComponent(token));
      return verdict(
        !isSeen,
        isSeen
          ? 'the token of a mailed link is in its path or query'
          : `the token of a mailed link is in its fragment (${url.pathname}#...)`,
      );
    },
  },
  {
    id: 'ASVS 14.3.1',
    standard,
    level: 1,
    requirement: 'When a session ends, the browser forgets what it kept for it.',
    async run(context) {
      const { driver } = context;
      const { client } = await join(context);
      const answer = await client.send(driver.calls.signOut());
      const header = answer.headers.get('Clear-Site-Data');
      return verdict(header !== null, `Clear-Site-Data at sign-out: ${header ?? 'none'}`);
    },
  },
  {
    id: 'ASVS 14.3.2',
    standard,
    level: 2,
    requirement: 'Answers with personal data are kept by no cache.',
    async run(context) {
      const { driver } = context;
      const { account, client } = await join(context);
      const answers = {
        'who am I': await client.send(driver.calls.whoAmI()),
        'signing in': await signIn(driver, driver.createClient(), account),
        'a refused sign-in': await signIn(driver, driver.createClient(), account, 'something else entirely'),
        'asking for a reset': await driver.createClient().send(driver.calls.askReset(account.email)),
      };
      return judge(
        Object.entries(answers).map(([what, { headers }]) => {
          const value = headers.get('Cache-Control');
          return finding(/no-store/.test(value ?? ''), `${what}: ${value ?? 'no Cache-Control'}`);
        }),
      );
    },
  },
  {
    id: 'ASVS 16.2.5, 16.3.1, 16.3.3',
    standard,
    level: 2,
    requirement: 'Sign-ins, refusals and resets are logged, and the log holds no password, token, hash or cookie.',
    async run(context) {
      const { driver } = context;
      const readLog = need(driver.log?.bind(driver), 'a look at the log');
      const { account, client } = await join(context);
      const cookies = [...client.cookies.values()];
      const steps = ['signing in', 'a refused sign-in', 'a reset', 'a dead link', 'signing out'] as const;
      const { token } = await resetLink(driver, account.email);
      const next = `${account.password} anew`;
      const work: Record<(typeof steps)[number], () => Promise<unknown>> = {
        'signing in': () => signIn(driver, client, account),
        'a refused sign-in': () => signIn(driver, driver.createClient(), account, 'a secret mistake of mine'),
        'a reset': () => completeReset(driver, token, next),
        'a dead link': () => completeReset(driver, token, next),
        'signing out': () => client.send(driver.calls.signOut()),
      };
      for (const step of steps) await work[step]();
      cookies.push(...client.cookies.values());
      await new Promise(resolve => setTimeout(resolve, 300));
      const log = await readLog();
      const stored = await driver.storedPassword?.(account.email);
      const secrets = [
        account.password,
        next,
        'a secret mistake of mine',
        token,
        ...cookies,
        ...(stored ? [stored] : []),
      ];
      const leaked = secrets.filter(secret => secret.length > 8 && log.includes(secret));
      const wanted = { 'sign-ins': /sign.?ed.?in|sign.?in/i, refusals: /refused|invalid|failed/i, resets: /reset/i };
      return judge([
        ...Object.entries(wanted).map(([what, words]) =>
          finding(words.test(log), `${what} ${words.test(log) ? 'are' : 'are not'} in the log`),
        ),
        finding(leaked.length === 0, `${leaked.length} of ${secrets.length} secrets in it`),
      ]);
    },
  },
  {
    id: 'ASVS 16.5.1',
    standard,
    level: 2,
    requirement: 'An error says nothing about how the system is made, and repeats nothing that was sent.',
    async run(context) {
      const { driver } = context;
      const marker = 'marker-5f2c';
      const sent = driver.calls.signIn({ email: `${marker}@example.com`, password: marker });
      const bodies = [
        '{',
        '[]',
        'null',
        `{"email":${JSON.stringify(marker)}`,
        `{"email":{"$gt":"${marker}"},"password":["${marker}"]}`,
        `${'['.repeat(4000)}`,
      ];
      const answers = await Promise.all([
        ...bodies.map(body => driver.createClient().send({ ...sent, body })),
        driver.createClient().send({ ...sent, path: `${sent.path}/${marker}` }),
        driver
          .createClient()
          .send(driver.calls.completeReset({ token: `${marker}.${marker}.${marker}`, password: marker })),
        registerWith(context, `short${marker}`.slice(0, 11)),
      ]);
      const telling = answers.filter(({ text }) =>
        /\bat \S+ \(|\.[jt]s:\d+|node_modules|SQLITE|SELECT |D1_ERROR|stack/i.test(text),
      );
      const echoing = answers.filter(({ text }) => text.includes(marker));
      const broken = answers.filter(({ status }) => status >= 500);
      return judge([
        finding(
          broken.length === 0,
          `${answers.length} malformed requests: ${answers.map(({ status }) => status).join(' ')}`,
        ),
        finding(telling.length === 0, `${telling.length} with a stack or a query`),
        finding(echoing.length === 0, `${echoing.length} with what was sent`),
      ]);
    },
  },
];
