/** `/api/session`: sign in, who am I, sign out. */
import { Hono } from 'hono';
import { noteRefusal, signIn, upgradePasswordHash } from '../account/sign-in.ts';
import { waitMs } from '../clock.ts';
import { signInRequest } from '../contract/requests.ts';
import type { User } from '../contract/responses.ts';
import type { AppContext, AppEnv } from '../http/app-env.ts';
import { readBrowser, rememberBrowser } from '../http/browser-cookie.ts';
import { clearSessionCookie, readSessionHash, writeSessionCookie } from '../http/cookies.ts';
import { asUser, currentUser } from '../http/current-session.ts';
import { jsonBody } from '../http/json-body.ts';
import { askedBy } from '../http/language.ts';
import { later } from '../http/later.ts';
import { problem, unavailable } from '../http/problem.ts';
import { visitorOf } from '../http/visitor.ts';
import { log } from '../log.ts';
import { queueNotice } from '../mail/queue-notice.ts';
import { requestReset } from '../reset/request-reset.ts';
import { deleteSession } from '../store/sessions.ts';

/** Where no waiting helps, the header still asks for a day of quiet. */
const NO_SOONER_SECONDS = 24 * 3600;

/** At once, without the floor: nothing was hashed, and whether there is an account makes no difference. */
const tooManyGuesses = (c: AppContext, retryAfterSeconds: number | null) =>
  problem(c, 'too_many_requests', {
    reason: retryAfterSeconds === null ? 'guessed_too_often' : 'guessed_often',
    detail:
      retryAfterSeconds === null
        ? 'There were too many wrong passwords for this address. Reset your password, or log in from a browser that you have used before.'
        : `There were too many wrong passwords for this address. Try again in ${retryAfterSeconds} s, or reset your password.`,
    headers: { 'Retry-After': String(retryAfterSeconds ?? NO_SOONER_SECONDS) },
  });

export const session = new Hono<AppEnv>()
  .get('/', async c => {
    const user = await currentUser(c);
    const answer: { user: User | null } = { user: user && asUser(user) };
    return c.json(answer, 200);
  })

  .post('/', jsonBody(signInRequest), async c => {
    const { services, requestId } = c.var;
    const { config, clock } = services;
    const startedAtMs = clock.now();
    const { email, password, remember } = c.req.valid('json');
    const previousSecretHash = await readSessionHash(c);
    const [browser, visitor] = [await readBrowser(c), visitorOf(c)];
    const given = { email, password, remember, previousSecretHash, browser, visitor };
    const outcome = await signIn(services, given);
    switch (outcome.kind) {
      case 'signed_in': {
        writeSessionCookie(c, outcome.cookie);
        await rememberBrowser(c, outcome.user);
        if (outcome.notice) later(c, 'queue_notice', queueNotice(services, outcome.notice));
        log('info', 'signed_in', { requestId, userId: outcome.user.id });
        later(c, 'upgrade_password_hash', upgradePasswordHash(services, outcome.user, password));
        const answer: { user: User } = { user: asUser(outcome.user) };
        return c.json(answer, 200);
      }
      case 'refused':
        log('info', 'sign_in_refused', { requestId });
        await waitMs(startedAtMs + config.refusalFloorMs - clock.now());
        // For everybody: where there is no account it notes nothing, and the answer does not leave sooner or later for it.
        later(c, 'note_refusal', noteRefusal(services, outcome.userId ?? '', visitor));
        return problem(c, 'invalid_credentials');
      case 'suspended':
      case 'reset_required': {
        const { id: userId, email: address } = outcome.user;
        log('info', 'sign_in_refused', { requestId, userId, reason: outcome.kind });
        later(c, 'note_refusal', noteRefusal(services, userId, visitor));
        // By the job and the limits of everybody who asks; before the answer, which says that there is a mail.
        if (outcome.kind === 'reset_required') await requestReset(services.mailQueue, clock, address, askedBy(c));
        return problem(c, outcome.kind);
      }
      case 'too_many_guesses':
        log('info', 'sign_in_held_back', { requestId });
        return tooManyGuesses(c, outcome.retryAfterSeconds);
      case 'lane_full':
        return unavailable(c, outcome.retryAfterSeconds);
    }
  })

  .delete('/', async c => {
    const secretHash = await readSessionHash(c);
    if (secretHash !== null) await deleteSession(c.get('services').db, secretHash);
    clearSessionCookie(c);
    // "cookies" would wipe the whole domain's, and "cache" keeps Chromium from answering for seconds.
    return c.body(null, 204, { 'Clear-Site-Data': '"storage"' });
  });
