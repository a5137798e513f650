/** `/api/registrations`: ask for a link, look at it, finish with it. */
import { Hono } from 'hono';
import { addressRequest, completeRegistrationRequest, linkRequest } from '../contract/requests.ts';
import { type GoodLink, MESSAGES, type User } from '../contract/responses.ts';
import type { AppEnv } from '../http/app-env.ts';
import { badLink } from '../http/bad-link.ts';
import { rememberBrowser } from '../http/browser-cookie.ts';
import { readSessionHash, writeSessionCookie } from '../http/cookies.ts';
import { asUser } from '../http/current-session.ts';
import { fieldError } from '../http/field-errors.ts';
import { jsonBody } from '../http/json-body.ts';
import { askedBy, languageOf } from '../http/language.ts';
import { problem, unavailable } from '../http/problem.ts';
import { visitorOf } from '../http/visitor.ts';
import { log } from '../log.ts';
import { completeRegistration, verifyRegistrationLink } from '../registration/complete-registration.ts';
import { requestRegistration } from '../registration/request-registration.ts';

export const registrations = new Hono<AppEnv>()
  .post('/', jsonBody(addressRequest), async c => {
    const { mailQueue, clock, hasAccount } = c.var.services;
    const { email } = c.req.valid('json');
    if (hasAccount && (await hasAccount(email))) {
      return problem(c, 'invalid_input', { errors: [fieldError(c, 'email', 'email_taken')] });
    }
    await requestRegistration(mailQueue, clock, email, askedBy(c));
    return c.json({ message: MESSAGES.registrationAsked as string }, 202);
  })

  .post('/check', jsonBody(linkRequest), async c => {
    const link = await verifyRegistrationLink(c.var.services, c.req.valid('json').token);
    if (link.kind === 'bad_link') return badLink(c, 'register', link.reason);
    const answer: GoodLink = { email: link.email, expiresAt: new Date(link.expiresAtMs).toISOString() };
    return c.json(answer, 200);
  })

  .post('/complete', jsonBody(completeRegistrationRequest), async c => {
    const browser = { visitor: visitorOf(c), previousSecretHash: await readSessionHash(c) };
    const given = c.req.valid('json');
    const language = given.language ?? languageOf(c);
    const outcome = await completeRegistration(c.var.services, { ...given, language }, browser);
    switch (outcome.kind) {
      case 'registered': {
        writeSessionCookie(c, outcome.cookie);
        await rememberBrowser(c, outcome.user);
        log('info', 'registered', { requestId: c.var.requestId, userId: outcome.user.id });
        const answer: { user: User } = { user: asUser(outcome.user) };
        return c.json(answer, 200);
      }
      case 'bad_link':
        return badLink(c, 'register', outcome.reason);
      case 'refused_fields':
        return problem(c, 'invalid_input', {
          errors: outcome.broken.map(({ field, rule }) => fieldError(c, field, rule, given.password)),
        });
      case 'username_taken':
        return problem(c, 'username_taken');
      case 'lane_full':
        return unavailable(c, outcome.retryAfterSeconds);
    }
  });
