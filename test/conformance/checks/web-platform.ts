/** What browsers and password managers rely on: W3C's well-known address, and status codes that tell the truth. */
import { type Check, finding, judge } from '../check.ts';

const standard = 'Web platform';
const NONE_SUCH = '/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200';

export const webPlatformRows: readonly Check[] = [
  {
    id: 'W3C change-password',
    standard,
    requirement: '/.well-known/change-password leads, for now and not for good, to the page that changes the password.',
    async run({ driver }) {
      const get = (path: string) => driver.createClient().send({ method: 'GET', path });
      const answer = await get('/.well-known/change-password');
      const location = answer.headers.get('Location') ?? '';
      const target = URL.canParse(location, driver.url) ? new URL(location, driver.url) : null;
      const isOwn = location !== '' && target?.origin === driver.url;
      const page = isOwn && target ? await get(target.pathname + target.search) : null;
      return judge([
        finding([302, 303, 307].includes(answer.status) && isOwn, `${answer.status} ${location}`),
        finding(page !== null && page.status < 400, `there: ${page?.status ?? 'nothing'}`),
      ]);
    },
  },
  {
    id: 'W3C response-code reliability',
    standard,
    requirement: 'An address that cannot exist is not found: no page stands in for it.',
    async run({ driver }) {
      const answers = await Promise.all(
        [NONE_SUCH, '/no/such/page'].map(path => driver.createClient().send({ method: 'GET', path })),
      );
      return judge(
        answers.map(({ status }, i) =>
          finding(status === 404, `${i === 0 ? 'the address of the test' : 'any other'}: ${status}`),
        ),
      );
    },
  },
];
