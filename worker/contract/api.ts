/**
 * Every call of the API in one table: the source of GET /api/openapi.json (scripts/api-description.ts). A test holds it
 * against the routes in both directions, and every answer of a walk through the API against what it says.
 */
import { ACCOUNT_OPERATIONS } from './api-account.ts';
import type { Operation } from './operation.ts';
import {
  addressRequest,
  completeRegistrationRequest,
  completeResetRequest,
  linkRequest,
  signInRequest,
} from './requests.ts';
import { apiDescription, goodLink, health, message, signedIn, whoAmI } from './response-schemas.ts';

const OPEN_OPERATIONS: Operation[] = [
  {
    id: 'askRegistration',
    method: 'POST',
    path: '/api/registrations',
    summary: 'Ask for a link that finishes a registration',
    description:
      'To an address that has an account goes a mail that says so. The answer is the same for every address.',
    request: addressRequest,
    success: { status: 202, description: 'A mail is on its way.', response: message },
    problems: ['invalid_input'],
  },
  {
    id: 'checkRegistration',
    method: 'POST',
    path: '/api/registrations/check',
    summary: 'Is this registration link still good?',
    request: linkRequest,
    success: { status: 200, description: 'It is. Nothing was changed.', response: goodLink },
    problems: ['invalid_or_expired_token'],
  },
  {
    id: 'completeRegistration',
    method: 'POST',
    path: '/api/registrations/complete',
    summary: 'Make the account and sign in',
    description: 'Token, username and password are judged in this order. A refusal leaves the link good.',
    request: completeRegistrationRequest,
    success: { status: 200, description: 'Registered and signed in.', response: signedIn, headers: ['Set-Cookie'] },
    problems: ['invalid_or_expired_token', 'invalid_input', 'username_taken'],
  },
  {
    id: 'askPasswordReset',
    method: 'POST',
    path: '/api/password-resets',
    summary: 'Ask for a reset link',
    description: 'To an address without an account goes a mail that says so. The answer is the same for every address.',
    request: addressRequest,
    success: { status: 202, description: 'A mail is on its way.', response: message },
    problems: ['invalid_input'],
  },
  {
    id: 'checkPasswordReset',
    method: 'POST',
    path: '/api/password-resets/check',
    summary: 'Is this reset link still good?',
    request: linkRequest,
    success: { status: 200, description: 'It is. Nothing was changed.', response: goodLink },
    problems: ['invalid_or_expired_token'],
  },
  {
    id: 'completePasswordReset',
    method: 'POST',
    path: '/api/password-resets/complete',
    summary: 'Set a new password, once',
    description:
      'Ends every session and every other link of the account, and signs nobody in. Opens an account that is ' +
      '`reset_required`, and none that is `suspended`.',
    request: completeResetRequest,
    success: { status: 204, description: 'The new password holds.', headers: ['Set-Cookie'] },
    problems: ['invalid_or_expired_token', 'invalid_input'],
  },
  {
    id: 'signIn',
    method: 'POST',
    path: '/api/session',
    summary: 'Sign in',
    description:
      'The session of a cookie that came along ends. A refusal is the same, and takes as long, whether or not there is ' +
      'an account. Too many wrong passwords in a row for an address are answered with `too_many_requests`. `suspended` and ' +
      '`reset_required` are what the operator has set, told after the right password only; the latter comes with a reset ' +
      'link in the mail.',
    request: signInRequest,
    success: { status: 200, description: 'Signed in.', response: signedIn, headers: ['Set-Cookie'] },
    problems: ['invalid_credentials', 'suspended', 'reset_required', 'invalid_input'],
  },
  {
    id: 'whoAmI',
    method: 'GET',
    path: '/api/session',
    summary: 'Who am I?',
    session: 'optional',
    success: { status: 200, description: 'The user, or null.', response: whoAmI },
  },
  {
    id: 'signOut',
    method: 'DELETE',
    path: '/api/session',
    summary: 'Sign out',
    session: 'optional',
    success: { status: 204, description: 'Signed out.', headers: ['Set-Cookie', 'Clear-Site-Data'] },
  },
  {
    id: 'tellOfMails',
    method: 'POST',
    path: '/api/mail-events/{provider}',
    summary: 'What became of mails, told by a mail provider',
    description:
      "The provider's webhook, in its own shape and proved in its own way, at most 1 MiB. Only a provider that is set up " +
      'with a webhook secret has one; an event that names none of our mails changes nothing.',
    parameters: [{ name: 'provider', in: 'path', description: 'As in `MAIL_PROVIDER`.' }],
    isWebhook: true,
    success: { status: 204, description: 'Taken.' },
    problems: ['not_found', 'invalid_signature', 'malformed_request'],
  },
  {
    id: 'health',
    method: 'GET',
    path: '/api/health',
    summary: 'Does it stand, and does the database answer?',
    success: { status: 200, description: 'It does.', response: health },
  },
  {
    id: 'describeApi',
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This description',
    success: { status: 200, description: 'OpenAPI 3.1.', response: apiDescription },
    isStatic: true,
  },
  {
    id: 'changePasswordPage',
    method: 'GET',
    path: '/.well-known/change-password',
    summary: 'The way to the page that changes the password',
    description: 'W3C, A Well-Known URL for Changing Passwords.',
    success: { status: 302, description: 'There.', headers: ['Location'] },
    isStatic: true,
  },
];

export const OPERATIONS: readonly Operation[] = [...OPEN_OPERATIONS, ...ACCOUNT_OPERATIONS];
