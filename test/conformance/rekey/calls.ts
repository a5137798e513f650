/** Rekey's calls, as its own page sends them. */
import type { Calls, Sent } from '../driver.ts';

export const callsOf = (origin: string) => {
  const call = (method: string, path: string, json?: unknown): Sent => ({
    method,
    path,
    headers: { Origin: origin, ...(json !== undefined && { 'Content-Type': 'application/json' }) },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  return {
    askRegistration: (email: string) => call('POST', '/api/registrations', { email }),
    completeRegistration: (given: { token: string; username: string; password: string }) =>
      call('POST', '/api/registrations/complete', given),
    signIn: (given: { email: string; password: string }) => call('POST', '/api/session', given),
    signOut: () => call('DELETE', '/api/session'),
    whoAmI: () => call('GET', '/api/session'),
    askReset: (email: string) => call('POST', '/api/password-resets', { email }),
    completeReset: (given: { token: string; password: string }) => call('POST', '/api/password-resets/complete', given),
    changePassword: (given: { currentPassword: string; password: string }) =>
      call('POST', '/api/account/password', given),
    askEmailChange: (given: { email: string; currentPassword: string }) => call('POST', '/api/account/email', given),
    confirmEmailChange: (token: string) => call('POST', '/api/account/email/confirm', { token }),
    disown: (token: string) => call('POST', '/api/account/secure', { token }),
    deleteAccount: (given: { currentPassword: string }) => call('DELETE', '/api/account', given),
    listSessions: () => call('GET', '/api/account/sessions'),
    endOtherSessions: () => call('DELETE', '/api/account/sessions'),
  } satisfies Required<Calls>;
};
