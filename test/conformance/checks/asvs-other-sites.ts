/** ASVS 5.0, 3.5: requests that other sites cause, and looking, which changes nothing. */
import { type Check, finding, judge, need, verdict } from '../check.ts';
import type { Answer } from '../driver.ts';
import { isRefused, join, resetLink, signInElsewhere } from '../visits.ts';

const standard = 'OWASP ASVS 5.0';
const FOREIGN = 'https://attacker.example';

export const otherSiteRows: readonly Check[] = [
  {
    id: 'ASVS 3.5.1, 3.5.2',
    standard,
    level: 1,
    requirement: "A request that another site sends in somebody's browser changes nothing.",
    async run(context) {
      const { driver } = context;
      const { account, client } = await join(context);
      const { signOut, askEmailChange, changePassword } = driver.calls;
      const next = context.someone().email;
      const changing = [
        ...(changePassword
          ? [changePassword({ currentPassword: account.password, password: `${account.password} anew` })]
          : []),
        ...(askEmailChange ? [askEmailChange({ email: next, currentPassword: account.password })] : []),
        signOut(),
      ];
      const foreign: Record<string, string>[] = [
        { Origin: FOREIGN },
        { Origin: 'null' },
        { Origin: FOREIGN, 'Content-Type': 'text/plain' },
      ];
      const answers: Answer[] = [];
      for (const sent of changing) {
        for (const headers of foreign)
          answers.push(await client.send({ ...sent, headers: { ...sent.headers, ...headers } }));
        // What a form of another site sends where the browser names no origin.
        const { Origin: _, ...rest } = sent.headers ?? {};
        answers.push(
          await client.send({
            ...sent,
            headers: {
              ...rest,
              'Sec-Fetch-Site': 'cross-site',
              'Sec-Fetch-Mode': 'navigate',
              'Sec-Fetch-Dest': 'document',
            },
          }),
        );
      }
      const who = await driver.whoAmI(client);
      return judge([
        finding(
          answers.every(isRefused),
          `${answers.length} requests as if from other sites: ${answers.map(({ status }) => status).join(' ')}`,
        ),
        finding(who === account.email, who ? 'still signed in afterwards' : 'signed out by another site'),
      ]);
    },
  },
  {
    id: 'ASVS 3.5.3',
    standard,
    level: 1,
    requirement: 'Looking (GET, HEAD) changes nothing, whatever is looked at.',
    alone: true,
    async run(context) {
      const { driver } = context;
      const snapshot = need(driver.snapshot?.bind(driver), 'a look at what is stored');
      const { account, client } = await join(context);
      const { link } = await resetLink(driver, account.email);
      await signInElsewhere(driver, account);
      await new Promise(resolve => setTimeout(resolve, 1000));
      const { calls } = driver;
      const paths = [
        ...Object.values(calls).flatMap(call => {
          try {
            return call
              ? [
                  (call as (given: never) => { path: string })({
                    email: 'x',
                    password: 'x',
                    token: 'x',
                    username: 'x',
                    currentPassword: 'x',
                  } as never).path,
                ]
              : [];
          } catch {
            return [];
          }
        }),
        ...Object.values(driver.pages ?? {}),
        new URL(link).pathname + new URL(link).search,
      ];
      const before = await snapshot();
      const statuses = new Set<number>();
      for (const path of new Set(paths)) {
        for (const method of ['GET', 'HEAD']) statuses.add((await client.send({ method, path })).status);
      }
      await new Promise(resolve => setTimeout(resolve, 500));
      const isSame = before === (await snapshot());
      return verdict(
        isSame && statuses.size > 0,
        `GET and HEAD of ${new Set(paths).size} addresses, a mailed link among them (${[...statuses].join(' ')}): what is stored ${isSame ? 'is the same' : 'is another'}`,
      );
    },
  },
];
