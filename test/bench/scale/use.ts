/**
 * What is assumed, each figure under a name: how people use Rekey, and what the platform's documentation leaves open.
 * Change one and run `npm run scale`: docs/scale.md follows.
 */

/** How the people of one operator use it. Rates are means over all users, those that never come included. */
export const USE = Object.freeze({
  activeShare: 0.1,
  sessionChecksPerActiveDay: 10,
  pageLoadsPerActiveDay: 1,
  hoursPerActiveDay: 3,
  signInsPerActiveDay: 0.3,
  newBrowserShare: 0.1,
  wrongPasswordsPerSignIn: 0.2,
  signOutsPerSignIn: 0.3,
  sessionDays: 18,
  registrationsPerUserMonth: 0.03,
  asksPerRegistration: 1.5,
  resetsPerUserYear: 0.5,
  asksPerReset: 1.3,
  strangersAsksPerReset: 0.2,
  accountVisitsPerUserYear: 2,
  passwordChangesPerUserYear: 0.1,
  emailChangesPerUserYear: 0.03,
  deletionsPerUserYear: 0.02,
  mailEventsPerMail: 1,
  peakFactor: 10,
  peakHourFactor: 3,
});

export const USE_WORDS: Readonly<Record<keyof Use, string>> = {
  activeShare: 'of all users, those that are there on a day',
  sessionChecksPerActiveDay: 'times that the operator\'s own pages ask "who is this?", per active user and day',
  pageLoadsPerActiveDay: "of Rekey's own pages, per active user and day; each asks once, too",
  hoursPerActiveDay: 'different hours in which an active user is there: each writes "last seen" once',
  signInsPerActiveDay: 'per active user and day: most have "Remember Me" and come three days in a month',
  newBrowserShare: 'of sign-ins, those from a browser that the account does not know: each is a mail',
  wrongPasswordsPerSignIn: 'to one sign-in that succeeds',
  signOutsPerSignIn: '',
  sessionDays: 'that a session lasts: until it is signed out, unused for 14 days, or 30 days old',
  registrationsPerUserMonth: 'to each user that there is',
  asksPerRegistration: 'mails asked for to one registration that is finished',
  resetsPerUserYear: 'finished',
  asksPerReset: 'mails asked for to one reset that is finished',
  strangersAsksPerReset: 'resets asked for with an address that has no account, to one that is finished',
  accountVisitsPerUserYear: 'of the account page: who, sessions and activity',
  passwordChangesPerUserYear: 'by the current one',
  emailChangesPerUserYear: '',
  deletionsPerUserYear: '',
  mailEventsPerMail: 'requests of the mail provider that tell what became of it',
  peakFactor: 'the busiest second against the mean one',
  peakHourFactor: 'the busiest hour against the mean one',
};

/** What nobody documents, and a deployment would show. */
export const ASSUMED = Object.freeze({
  readMs: 1,
  writeMs: 5,
  hashMs: 250,
  busyAtMost: 0.7,
  mailMs: 1000,
  cpuMsPerRequest: 3,
  cpuMsPerMail: 10,
  logEventBytes: 1500,
  rowsReadPerDeletion: 4,
});

export const ASSUMED_WORDS: Readonly<Record<keyof Assumed, string>> = {
  readMs:
    'of one database, for a round trip that only reads: "less than a millisecond" where an index answers, says the documentation',
  writeMs: 'the same for an operation that writes, in each of its round trips: "several milliseconds", it says',
  hashMs: 'of one object, for scrypt at `ln=14,r=8,p=5`: what a local workerd takes',
  busyAtMost: 'of the time at the peak, for a database or an object: beyond it waits grow fast',
  mailMs: 'from a message of the queue to the answer of the mail provider',
  cpuMsPerRequest: '',
  cpuMsPerMail: 'prepare, sign, render, send',
  logEventBytes: 'of Workers Logs, as they are billed',
  rowsReadPerDeletion: 'of the clean-up, as a local D1 counts them; it counts 1 as written',
};

export type Use = { readonly [Name in keyof typeof USE]: number };
export type Assumed = { readonly [Name in keyof typeof ASSUMED]: number };

export const USER_COUNTS = [10_000, 1_000_000, 50_000_000] as const;
