/** ASVS 5.0, 3.4: the headers of every answer. */
import { type Check, verdict } from '../check.ts';
import type { Context } from '../context.ts';
import type { Answer } from '../driver.ts';
import { join, signIn } from '../visits.ts';

const standard = 'OWASP ASVS 5.0';
const YEAR_SECONDS = 31_536_000;
const FOREIGN = 'https://attacker.example';
/** One answer of each kind: good, refused, failed, missing, and the pages. */
const observeAnswers = async (context: Context): Promise<[string, Answer][]> => {
  const { driver } = context;
  const { calls, pages } = driver;
  const { account, client } = await join(context);
  const get = (path: string) => driver.createClient().send({ method: 'GET', path });
  return [
    ['who am I', await client.send(calls.whoAmI())],
    ['a refused sign-in', await signIn(driver, driver.createClient(), account, 'not the password at all')],
    ['a malformed one', await driver.createClient().send({ ...calls.signIn(account), body: '{' })],
    ['asking for a reset', await driver.createClient().send(calls.askReset(account.email))],
    ['no such call', await get(`${calls.whoAmI().path}/no/such/call`)],
    ['no such page', await get('/no-such-page')],
    ...(await Promise.all(Object.values(pages ?? {}).map(async path => [path, await get(path)] as [string, Answer]))),
    ['signing out', await client.send(calls.signOut())],
  ];
};

/** A row about one header of all answers. */
const everyAnswer = (
  id: string,
  level: 1 | 2 | 3,
  requirement: string,
  name: string,
  isRight: (value: string) => boolean,
): Check => ({
  id,
  standard,
  level,
  requirement,
  async run(context) {
    const answers = await context.once(observeAnswers);
    const wrong = answers.filter(([, { headers }]) => !isRight(headers.get(name) ?? ''));
    const values = new Map(
      (wrong.length > 0 ? wrong : answers).map(([what, { headers }]) => [headers.get(name) ?? 'none', what]),
    );
    const told = [...values].map(([value, what]) => (values.size > 1 ? `${what}: ${value}` : value)).join('; or ');
    return verdict(
      wrong.length === 0,
      `on ${wrong.length > 0 ? `${wrong.length} of ` : ''}${answers.length} kinds of answers: ${told.slice(0, 300)}`,
    );
  },
});

const directives = (policy: string): Map<string, string> =>
  new Map(
    policy
      .split(';')
      .map(part => part.trim().split(/\s+/))
      .map(([name = '', ...sources]) => [name, sources.join(' ')]),
  );

export const headerRows: readonly Check[] = [
  everyAnswer(
    'ASVS 3.4.1',
    1,
    'Every answer says that only https is to be used, for a year or more.',
    'Strict-Transport-Security',
    value => Number(/max-age=(\d+)/.exec(value)?.[1] ?? 0) >= YEAR_SECONDS,
  ),
  {
    id: 'ASVS 3.4.2',
    standard,
    level: 1,
    requirement: 'Which other sites may read answers is a fixed list, not whoever asks.',
    async run({ driver }) {
      const { calls } = driver;
      const headers = (sent: { headers?: Record<string, string> }) => ({ ...sent.headers, Origin: FOREIGN });
      const asked = [calls.whoAmI(), calls.signIn({ email: 'nobody@example.com', password: 'nothing at all here' })];
      const answers = await Promise.all([
        ...asked.map(sent => driver.createClient().send({ ...sent, headers: headers(sent) })),
        ...asked.map(({ path, method }) =>
          driver
            .createClient()
            .send({ method: 'OPTIONS', path, headers: { Origin: FOREIGN, 'Access-Control-Request-Method': method } }),
        ),
      ]);
      const allowed = answers
        .map(answer => answer.headers.get('Access-Control-Allow-Origin'))
        .filter(value => value === '*' || value === FOREIGN);
      return verdict(
        allowed.length === 0,
        `asked from ${FOREIGN}: ${allowed.length} of ${answers.length} answers allow it`,
      );
    },
  },
  everyAnswer(
    'ASVS 3.4.3',
    2,
    "A content policy forbids plugins (object-src 'none') and another base (base-uri 'none'), and scripts from elsewhere or inline.",
    'Content-Security-Policy',
    value => {
      const policy = directives(value);
      const scripts = policy.get('script-src') ?? policy.get('default-src') ?? 'unsafe';
      return (
        policy.get('object-src') === "'none'" &&
        policy.get('base-uri') === "'none'" &&
        !/unsafe|\*|https?:/.test(scripts)
      );
    },
  ),
  everyAnswer(
    'ASVS 3.4.4',
    2,
    'Browsers do not guess the type of an answer.',
    'X-Content-Type-Options',
    value => value === 'nosniff',
  ),
  everyAnswer('ASVS 3.4.5', 2, 'Browsers do not tell other sites where somebody came from.', 'Referrer-Policy', value =>
    /^(no-referrer|same-origin|strict-origin|origin)$/.test(value),
  ),
  everyAnswer('ASVS 3.4.6', 2, 'No other site shows the pages in a frame.', 'Content-Security-Policy', value =>
    /^'(none|self)'$/.test(directives(value).get('frame-ancestors') ?? ''),
  ),
  everyAnswer(
    'ASVS 3.4.7',
    3,
    'Browsers are told where to report what the content policy stopped.',
    'Content-Security-Policy',
    value => /report-(uri|to) \S/.test(value),
  ),
  everyAnswer('ASVS 3.4.8', 3, 'Windows of other sites get no hold of ours.', 'Cross-Origin-Opener-Policy', value =>
    /^same-origin(-allow-popups)?$/.test(value),
  ),
];
