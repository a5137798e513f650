/** One data point an answer: its route as it is written in the code, never the path that was asked for. */
import { matchedRoutes } from 'hono/route';
import type { AppContext } from './app-env.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS'];

/** Where the settings are wrong there is nobody to tell. */
export const measureAnswer = (c: AppContext): void => {
  const services = c.get('services') as AppContext['var']['services'] | undefined;
  if (!services?.metrics) return;
  const method = METHODS.includes(c.req.method) ? c.req.method : 'another method';
  services.metrics.write({
    event: 'answer',
    what: `${method} ${routeOf(c)}`,
    // A page that is not there is no problem of the API's, and yet not good.
    outcome: c.get('problemCode') ?? (c.res.status < 400 ? 'good' : 'not_found'),
    number: c.res.status,
    ms: services.clock.now() - c.get('startedAtMs'),
  });
};

/** Of all that matched, what is no middleware. */
const routeOf = (c: AppContext): string =>
  matchedRoutes(c).findLast(({ path }) => !path.endsWith('*'))?.path ?? 'unknown';
