/** `/api/account`: the signed-in account, its name, its data and its end. */
import { Hono } from 'hono';
import { deleteAccount } from '../account/delete-account.ts';
import { updateProfile } from '../account/update-profile.ts';
import { deleteAccountRequest, profileRequest } from '../contract/requests.ts';
import { type Account, MESSAGES, type User } from '../contract/responses.ts';
import { mailAddressKey } from '../credentials/lookup-key.ts';
import type { AppContext, AppEnv } from '../http/app-env.ts';
import { clearSessionCookie, readSessionHash } from '../http/cookies.ts';
import { asUser } from '../http/current-session.ts';
import { askedBy } from '../http/language.ts';
import { later } from '../http/later.ts';
import { passwordRefused } from '../http/password-refused.ts';
import { problem } from '../http/problem.ts';
import { askingPassword, notSignedIn, signedIn, signedInWith } from '../http/signed-in.ts';
import { visitorOf } from '../http/visitor.ts';
import { log } from '../log.ts';
import { queueNotice } from '../mail/queue-notice.ts';
import { requestReset } from '../reset/request-reset.ts';
import { findSessionAndAllData } from '../store/activity.ts';
import { findSuppression } from '../store/suppressions.ts';
import { exportOf } from './account-export.ts';

export const account = new Hono<AppEnv>()
  .get('/', signedIn, async c => {
    const { user } = c.var.signedIn;
    const answer: Account = { user: asUser(user), mail: (await suppressionOf(c, user)) ? 'bouncing' : 'ok' };
    return c.json(answer, 200);
  })

  .patch('/', signedInWith(profileRequest), async c => {
    const { services, signedIn } = c.var;
    const user = await updateProfile(services, signedIn.user, c.req.valid('json'), visitorOf(c));
    if (!user) return problem(c, 'username_taken');
    const answer: { user: User } = { user: asUser(user) };
    return c.json(answer, 200);
  })

  .delete('/', askingPassword(deleteAccountRequest), async c => {
    const { services, signedIn, requestId } = c.var;
    const outcome = await deleteAccount(services, signedIn, c.req.valid('json').currentPassword, visitorOf(c));
    switch (outcome.kind) {
      case 'deleted':
        clearSessionCookie(c);
        log('info', 'account_deleted', { requestId, userId: signedIn.user.id });
        later(c, 'queue_notice', queueNotice(services, outcome.notice));
        return c.body(null, 204, { 'Clear-Site-Data': '"storage"' });
      case 'change_pending':
        return problem(c, 'change_pending');
      case 'stale':
        clearSessionCookie(c);
        return problem(c, 'not_signed_in');
      case 'wrong_password':
      case 'lane_full':
        return passwordRefused(c, outcome);
    }
  })

  .post('/reset-link', signedIn, async c => {
    const { services, signedIn } = c.var;
    await requestReset(services.mailQueue, services.clock, signedIn.user.email, askedBy(c));
    return c.json({ message: MESSAGES.resetAsked as string }, 202);
  })

  .get('/export', async c => {
    const { db, clock } = c.var.services;
    const secretHash = await readSessionHash(c);
    const found = secretHash && (await findSessionAndAllData(db, secretHash, clock.now()));
    if (!found) return notSignedIn(c, secretHash);
    const suppression = await suppressionOf(c, found.user);
    return c.json(exportOf(found, suppression, clock.now()), 200, {
      'Content-Disposition': 'attachment; filename="account.json"',
    });
  });

/** Under its key an address has no owner, so this is a question of its own. */
const suppressionOf = async (c: AppContext, { email }: { email: string }) => {
  const { config, db, clock } = c.var.services;
  return findSuppression(db, await mailAddressKey(config, email), clock.now());
};
