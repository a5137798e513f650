/**
 * Door 1, fetch. What every request passes stands in the order of the contract's error table, so the first row that holds
 * wins; the routes are chained, so the page's client is typed by them.
 */
import { Hono } from 'hono';
import type { AppContext, AppEnv } from './http/app-env.ts';
import { knownRoute, ownOrigin, rightHost, smallJsonBody } from './http/guards.ts';
import { setHeaders } from './http/headers.ts';
import { clientLimit } from './http/limits.ts';
import { measureAnswer } from './http/measure-answer.ts';
import { onError } from './http/on-error.ts';
import { problem } from './http/problem.ts';
import { account } from './routes/account.ts';
import { accountEmail } from './routes/account-email.ts';
import { accountPassword } from './routes/account-password.ts';
import { accountSecure } from './routes/account-secure.ts';
import { accountActivity, accountSessions } from './routes/account-sessions.ts';
import { health } from './routes/health.ts';
import { mailEvents } from './routes/mail-events.ts';
import { openapi } from './routes/openapi.ts';
import { passwordResets } from './routes/password-resets.ts';
import { registrations } from './routes/registrations.ts';
import { session } from './routes/session.ts';
import { wellKnown } from './routes/well-known.ts';
import type { OpenServices } from './services.ts';

export const createApp = (openServices: OpenServices) => {
  const app = new Hono<AppEnv>();
  app.onError(onError);

  const forApi = [rightHost, knownRoute(app)];
  // A mail provider is no browser and no client: its requests are large, many, and proved by themselves.
  const forClients = [...forApi, ownOrigin, smallJsonBody, clientLimit];
  const guardsOf = (path: string) => {
    if (path !== '/api' && !path.startsWith('/api/')) return [];
    return path.startsWith('/api/mail-events/') ? forApi : forClients;
  };
  const refusalOf = async (c: AppContext): Promise<Response | null> => {
    const services = openServices(c.env);
    if (!services) return problem(c, 'misconfigured');
    c.set('services', services);
    c.set('startedAtMs', services.clock.now());
    for (const guard of guardsOf(c.req.path)) {
      const refusal = await guard(c);
      if (refusal) return refusal;
    }
    return null;
  };
  app.use(async (c, next) => {
    c.set('requestId', crypto.randomUUID());
    await next();
    setHeaders(c);
    measureAnswer(c);
  });
  // One middleware for all guards: each of its own would cost every request a closure, a promise and a match of its path.
  app.use(async (c, next) => (await refusalOf(c)) ?? next());

  return app
    .route('/api/registrations', registrations)
    .route('/api/password-resets', passwordResets)
    .route('/api/session', session)
    .route('/api/account', account)
    .route('/api/account/password', accountPassword)
    .route('/api/account/email', accountEmail)
    .route('/api/account/secure', accountSecure)
    .route('/api/account/sessions', accountSessions)
    .route('/api/account/activity', accountActivity)
    .route('/api/mail-events', mailEvents)
    .route('/api/health', health)
    .route('/api/openapi.json', openapi)
    .route('/', wellKnown);
};

export type App = ReturnType<typeof createApp>;
