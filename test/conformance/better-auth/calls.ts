/** better-auth's calls, as its own client sends them from a page of the same origin. */
import type { Calls, Sent } from '../driver.ts';

/** What `authClient` is given in its documentation: a path of the application, which answers nothing here. */
const RESET_PAGE = '/reset-password';

const POST = (origin: string, path: string, json: unknown): Sent => ({
  method: 'POST',
  path: `/api/auth${path}`,
  headers: { Origin: origin, 'Content-Type': 'application/json' },
  body: JSON.stringify(json),
});
const GET = (path: string): Sent => ({ method: 'GET', path: `/api/auth${path}` });

export const signUp = (origin: string, given: { email: string; name: string; password: string }): Sent =>
  POST(origin, '/sign-up/email', given);

export const callsOf = (origin: string): Calls => {
  const post = (path: string, json: unknown = {}) => POST(origin, path, json);
  return {
    askRegistration: null,
    signIn: given => post('/sign-in/email', given),
    signOut: () => post('/sign-out'),
    whoAmI: () => GET('/get-session'),
    askReset: email => post('/request-password-reset', { email, redirectTo: RESET_PAGE }),
    completeReset: ({ token, password }) => post('/reset-password', { token, newPassword: password }),
    // Its documentation ends the other sessions in its example; the call's own default would not.
    changePassword: ({ currentPassword, password }) =>
      post('/change-password', { currentPassword, newPassword: password, revokeOtherSessions: true }),
    // It asks for no password, only for a session that began within a day.
    askEmailChange: ({ email }) => post('/change-email', { newEmail: email }),
    confirmEmailChange: token => GET(`/verify-email?token=${encodeURIComponent(token)}`),
    listSessions: () => GET('/list-sessions'),
    endOtherSessions: () => post('/revoke-other-sessions'),
  };
};
