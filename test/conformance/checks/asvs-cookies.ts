/** ASVS 5.0, 3.3: the cookie of a session. */
import { type Check, finding, judge, need, verdict } from '../check.ts';
import type { Context } from '../context.ts';
import { observeDeployed } from '../observations/deployed.ts';
import { join, sessionCookies, signIn } from '../visits.ts';

const standard = 'OWASP ASVS 5.0';
/** The Set-Cookie lines of the session, from the system as it would be deployed, where it can be had. */
const observeCookie = async (context: Context) => {
  const deployed = (await context.once(observeDeployed)) ?? null;
  const { account, client } = deployed ?? { ...(await join(context)), names: [] };
  const driver = deployed?.driver ?? context.driver;
  const names = deployed?.names ?? (await sessionCookies(driver, client));
  const answer = deployed?.answer ?? (await signIn(driver, driver.createClient(), account));
  const lines = answer.setCookies.filter(line => names.some(name => line.startsWith(`${name}=`)));
  const isHttps = driver.url.startsWith('https:');
  return {
    lines,
    isHttps,
    answer,
    shown: lines.map(line => line.replace(/=[^;]*/, '=...')).join(' and ') || 'no cookie',
  };
};

const cookieRow = (id: string, level: 1 | 2 | 3, requirement: string, isRight: (line: string) => boolean): Check => ({
  id,
  standard,
  level,
  requirement,
  async run(context) {
    const { lines, isHttps, shown } = await context.once(observeCookie);
    need(isHttps || !/secure|__host/i.test(requirement) || null, 'the system on https');
    return verdict(lines.length > 0 && lines.every(isRight), shown);
  },
});

export const cookieRows: readonly Check[] = [
  cookieRow(
    'ASVS 3.3.1',
    1,
    'Cookies are Secure and say so in their name (__Host- or __Secure-).',
    line => /;\s*secure/i.test(line) && /^__(host|secure)-/i.test(line),
  ),
  cookieRow('ASVS 3.3.2', 2, 'Cookies say by SameSite which requests of other sites they go along with.', line =>
    /;\s*samesite=(lax|strict)/i.test(line),
  ),
  cookieRow(
    'ASVS 3.3.3',
    2,
    'Cookies that no other host needs have the prefix __Host-.',
    line => line.startsWith('__Host-') && /;\s*path=\/(;|$)/i.test(line) && !/;\s*domain=/i.test(line),
  ),
  {
    id: 'ASVS 3.3.4',
    standard,
    level: 2,
    requirement: "No script can read the session's secret: it is HttpOnly and travels by Set-Cookie alone.",
    async run(context) {
      const { lines, answer, shown } = await context.once(observeCookie);
      const secrets = lines.map(line => /^[^=]+=([^;]*)/.exec(line)?.[1] ?? '').filter(Boolean);
      const isInBody = secrets.some(
        secret =>
          answer.text.includes(secret) || answer.text.includes(decodeURIComponent(secret).split('.')[0] ?? secret),
      );
      return judge([
        finding(lines.length > 0 && lines.every(line => /;\s*httponly/i.test(line)), shown),
        finding(!isInBody, isInBody ? 'the secret stands in the body too' : 'not in the body'),
      ]);
    },
  },
];
