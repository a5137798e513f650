/**
 * What our mails say, as parts; letter-layout makes text and HTML of them. A letter to an address that is not proved
 * holds nothing that its asker typed.
 */
import type { Letter } from './letter-layout.tsx';

type LinkLetter = { appName: string; url: string; expiresAtMs: number };

const IGNORE_REQUEST = 'If you did not make this request then simply ignore this email and no changes will be made.';

/** Somebody asked to register with this address, and it has no account. */
export const registrationLetter = ({ appName, url, expiresAtMs }: LinkLetter): Letter => ({
  subject: `Finish signing up for ${appName}`,
  heading: 'Finish signing up',
  paragraphs: ['To choose your username and password, visit the following link:'],
  link: { url, label: 'Finish signing up', expiresAtMs },
  closing: [IGNORE_REQUEST],
});

/** Somebody asked to register with this address, and it has an account already. */
export const accountExistsLetter = ({ appName, url, expiresAtMs }: LinkLetter): Letter => ({
  subject: `You already have a ${appName} account`,
  heading: 'You have an account already',
  paragraphs: [
    `Somebody asked to sign up for ${appName} with this address, which has an account already. If it was you, just log in.`,
    'If you forgot your password, visit the following link to reset it:',
  ],
  link: { url, label: 'Reset password', expiresAtMs },
  closing: [IGNORE_REQUEST],
});

/** Somebody asked for a reset of this address's account. */
export const resetLetter = ({ url, expiresAtMs }: LinkLetter): Letter => ({
  subject: 'Password Reset Request',
  heading: 'Reset your password',
  paragraphs: ['To reset your password, visit the following link:'],
  link: { url, label: 'Reset password', expiresAtMs },
  closing: [IGNORE_REQUEST],
});

/** Somebody asked for a reset, and this address has no account. */
export const noAccountLetter = ({ appName, url, expiresAtMs }: LinkLetter): Letter => ({
  subject: `No ${appName} account with this address`,
  heading: 'There is no account here',
  paragraphs: [
    'There is no account with that email. You must register first.',
    'If you asked to reset a password, you may have signed up with another address. To make an account with this one, visit the following link:',
  ],
  link: { url, label: 'Create an account', expiresAtMs },
  closing: [IGNORE_REQUEST],
});

/** The password was reset: told to the owner, who may not be the one who did it. */
export const passwordResetNotice = (notice: { appName: string; url: string; happenedAtMs: number }): Letter => ({
  subject: 'Your password was reset',
  heading: 'Your password was reset',
  paragraphs: [
    `The password of your ${notice.appName} account was reset through a link in a mail to this address. Every browser that was signed in has been signed out.`,
    'If it was you, there is nothing to do. If it was not you, somebody can read your mail: secure your mailbox first, then set a new password here:',
  ],
  happenedAtMs: notice.happenedAtMs,
  link: { url: notice.url, label: 'Set a new password' },
  closing: [],
});
