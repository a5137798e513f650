/**
 * What our mails say, as parts; letter-layout makes text and HTML of them. A letter to an address that is not proved
 * holds nothing that its asker typed.
 */
import type { Letter, NoticeLetterKind } from './letter-layout.tsx';

type LinkLetter = { appName: string; url: string; expiresAtMs: number };

const IGNORE_REQUEST = 'If you did not make this request then simply ignore this email and no changes will be made.';

/** Somebody asked to register with this address, and it has no account. */
export const registrationLetter = ({ appName, url, expiresAtMs }: LinkLetter): Letter => ({
  kind: 'registration',
  subject: `Finish signing up for ${appName}`,
  heading: 'Finish signing up',
  paragraphs: ['To choose your username and password, visit the following link:'],
  link: { url, label: 'Finish signing up', expiresAtMs },
  closing: [IGNORE_REQUEST],
});

/** Somebody asked to register with this address, and it has an account already. */
export const accountExistsLetter = ({ appName, url, expiresAtMs }: LinkLetter): Letter => ({
  kind: 'account_exists',
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
  kind: 'reset',
  subject: 'Password Reset Request',
  heading: 'Reset your password',
  paragraphs: ['To reset your password, visit the following link:'],
  link: { url, label: 'Reset password', expiresAtMs },
  closing: [IGNORE_REQUEST],
});

/** Somebody asked for a reset, and this address has no account. */
export const noAccountLetter = ({ appName, url, expiresAtMs }: LinkLetter): Letter => ({
  kind: 'no_account',
  subject: `No ${appName} account with this address`,
  heading: 'There is no account here',
  paragraphs: [
    'There is no account with that email. You must register first.',
    'If you asked to reset a password, you may have signed up with another address. To make an account with this one, visit the following link:',
  ],
  link: { url, label: 'Create an account', expiresAtMs },
  closing: [IGNORE_REQUEST],
});

/** The account's owner asked to change the address to this one, which has no account. */
export const changeEmailLetter = ({ appName, url, expiresAtMs }: LinkLetter): Letter => ({
  kind: 'change_email',
  subject: 'Confirm your new email address',
  heading: 'Confirm your new address',
  paragraphs: [
    `Somebody asked to use this address for a ${appName} account. To change it, visit the following link in a browser that is logged in to that account:`,
  ],
  link: { url, label: 'Change email', expiresAtMs },
  closing: [IGNORE_REQUEST],
});

/** Somebody asked to change their address to this one, which has an account. */
export const emailTakenLetter = ({ appName }: { appName: string }): Letter => ({
  kind: 'email_taken',
  subject: 'This address has an account already',
  heading: 'This address has an account already',
  paragraphs: [
    `Somebody asked to use this address for another ${appName} account. It has an account already, so nothing was changed.`,
    'If it was you, choose a different address there, or delete one of the two accounts first.',
  ],
  closing: [IGNORE_REQUEST],
});

/** "This was not me" was used: the owner's way back in. */
export const securedLetter = ({ appName, url, expiresAtMs }: LinkLetter): Letter => ({
  kind: 'secured',
  subject: 'Your account is secured',
  heading: 'Your account is secured',
  paragraphs: [
    `Every browser was logged out of your ${appName} account, and its password no longer works. If the address was changed in the last 7 days, it is back to this one.`,
    'To reset your password, visit the following link:',
  ],
  link: { url, label: 'Reset password', expiresAtMs },
  closing: ['If this link has ended, ask for a new one under "Forgot Password?".'],
});

/** The last mail: the account is gone. */
export const accountDeletedLetter = (told: Occasion): Letter => ({
  kind: 'account_deleted',
  subject: 'Your account was deleted',
  heading: 'Your account was deleted',
  ...occasion(told),
  paragraphs: [`Your ${told.appName} account and all that belonged to it are gone. This is the last mail about it.`],
  closing: [],
});

/** When, and from where, what a notice tells of took place. */
type Occasion = { appName: string; happenedAtMs: number; from: string | null };

const occasion = ({ happenedAtMs, from }: Occasion) => ({ happenedAtMs, ...(from !== null && { from }) });

const NOTICES: Record<NoticeLetterKind, { subject: string; says: (appName: string) => string }> = {
  password_reset: {
    subject: 'Your password was reset',
    says: appName =>
      `The password of your ${appName} account was reset through a link in a mail to this address. Every browser that was logged in has been logged out.`,
  },
  password_changed: {
    subject: 'Your password was changed',
    says: appName =>
      `The password of your ${appName} account was changed. Every other browser that was logged in has been logged out.`,
  },
  email_change_asked: {
    subject: 'A new email address was asked for',
    says: appName => `Somebody who is logged in to your ${appName} account asked to change its email address.`,
  },
  email_changed: {
    subject: 'Your email address was changed',
    says: appName => `Your ${appName} account has another email address now, and this one no longer opens it.`,
  },
  new_browser: {
    subject: 'A new browser logged in',
    says: appName => `Somebody logged in to your ${appName} account from a browser that was not known before.`,
  },
};

/** Something happened that its owner should know of. The link undoes it: "this was not me". */
export const noticeLetter = (
  kind: NoticeLetterKind,
  told: Occasion & { url: string; expiresAtMs: number },
): Letter => ({
  kind,
  subject: NOTICES[kind].subject,
  heading: NOTICES[kind].subject,
  ...occasion(told),
  paragraphs: [
    NOTICES[kind].says(told.appName),
    'If it was you, there is nothing to do. If it was not you, secure your account with the following link. It logs out every browser, makes the password unusable, puts back an address that was changed in the last 7 days, and mails you a link for a new password:',
  ],
  link: { url: told.url, label: 'This was not me', expiresAtMs: told.expiresAtMs },
  closing: [
    'Somebody who can read your mail can use such links as well: if that may be so, secure your mailbox first.',
  ],
});
