/**
 * The guards of what only a signed-in person may do: 401 before anything is said of the body. Where the body asks for
 * the current password, its try is counted in the same round trip that finds the session.
 */
import type { MiddlewareHandler } from 'hono';
import { countPasswordTry } from '../store/password-tries.ts';
import { findSession } from '../store/sessions.ts';
import type { AppContext, AppEnv } from './app-env.ts';
import { clearSessionCookie, readSessionHash } from './cookies.ts';
import { noteUse } from './current-session.ts';
import { type BodySchema, type BodyTypes, parseBody } from './json-body.ts';
import { problem } from './problem.ts';

type Find = typeof findSession;

/** 401. The cookie that came along is dead and goes. */
export const notSignedIn = (c: AppContext, secretHash: string | null) => {
  if (secretHash !== null) clearSessionCookie(c);
  return problem(c, 'not_signed_in');
};

/** Lets the signed-in person in, or answers 401. */
const enter = async (c: AppContext, find: Find): Promise<Response | null> => {
  const secretHash = await readSessionHash(c);
  const { db, clock } = c.get('services');
  const found = secretHash && (await find(db, secretHash, clock.now()));
  if (!found) return notSignedIn(c, secretHash);
  noteUse(c, found);
  c.set('signedIn', found);
  return null;
};

/** Without a body. */
export const signedIn: MiddlewareHandler<AppEnv> = async (c, next) => (await enter(c, findSession)) ?? next();

const withBody =
  <Schema extends BodySchema>(
    schema: Schema,
    findForGoodBody: Find,
  ): MiddlewareHandler<AppEnv, string, BodyTypes<Schema>> =>
  async (c, next) => {
    const body = parseBody(c, schema);
    const refused = await enter(c, body.kind === 'good' ? findForGoodBody : findSession);
    if (refused) return refused;
    if (body.kind === 'bad') return body.answer();
    c.req.addValidatedData('json', body.output);
    return next();
  };

/** With a body. */
export const signedInWith = <Schema extends BodySchema>(schema: Schema) => withBody(schema, findSession);

/** With a body that holds the current password. */
export const askingPassword = <Schema extends BodySchema>(schema: Schema) => withBody(schema, countPasswordTry);
