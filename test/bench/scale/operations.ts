/** Rekey's operations as an operator's users do them: how often each, and what of it stays in the database. */
import type { Use } from './use.ts';

/** One operation as the bench counted it (test/bench/counts.json). */
export type Counts = Readonly<{
  /** Of the database, before the answer and after it. */
  roundTrips: number;
  laterRoundTrips: number;
  rowsRead: number;
  rowsWritten: number;
  mails: number;
  queueMessages: number;
  hashes: number;
}>;

export type Lane = 'sign-in' | 'known-browser' | 'registration' | 'recovery';

type Operation = Readonly<{
  /** How often a user does it on a day, in the mean. `mails`: how many mails all of it comes to, for a user and day. */
  perUserDay: (use: Use, mails: number) => number;
  /** Where it hashes. */
  lane?: Lane;
  /** Rows that it leaves behind. Those of `mails` follow from the counts. */
  leaves?: Readonly<{ sessions?: number; activity?: number; guesses?: number; reset_mails?: number }>;
  /** Its mail goes to an address without an account: the budget for those counts it. */
  isStrangers?: true;
  /** It goes along with another's request. */
  isPart?: true;
  /** The client limit counts it, apart from those of recovery. */
  isChanging?: true;
}>;

const perYear = (times: number) => times / 365;
const perMonth = (times: number) => (times * 12) / 365;
const signIns = (use: Use) => use.activeShare * use.signInsPerActiveDay;
const registrations = (use: Use) => perMonth(use.registrationsPerUserMonth);
const resets = (use: Use) => perYear(use.resetsPerUserYear);
const accountVisits = (use: Use) => perYear(use.accountVisitsPerUserYear);
const passwordChanges = (use: Use) => perYear(use.passwordChangesPerUserYear);
const emailChanges = (use: Use) => perYear(use.emailChangesPerUserYear);

/** By the names of counts.json. */
export const OPERATIONS = {
  'session check': {
    perUserDay: use => use.activeShare * (use.sessionChecksPerActiveDay + use.pageLoadsPerActiveDay),
  },
  'last seen': { perUserDay: use => use.activeShare * use.hoursPerActiveDay, isPart: true },
  'sign-in': {
    isChanging: true,
    perUserDay: use => signIns(use) * (1 - use.newBrowserShare),
    lane: 'known-browser',
    leaves: { sessions: 1, activity: 1 },
  },
  'sign-in, new browser': {
    isChanging: true,
    perUserDay: use => signIns(use) * use.newBrowserShare,
    lane: 'sign-in',
    leaves: { sessions: 1, activity: 1 },
  },
  'sign-in, refused': {
    isChanging: true,
    perUserDay: use => signIns(use) * use.wrongPasswordsPerSignIn,
    lane: 'known-browser',
    leaves: { activity: 1 },
  },
  'sign-out': { isChanging: true, perUserDay: use => signIns(use) * use.signOutsPerSignIn, leaves: { sessions: -1 } },
  'ask for a registration': {
    isChanging: true,
    perUserDay: use => registrations(use) * use.asksPerRegistration,
    isStrangers: true,
  },
  'check a registration': { isChanging: true, perUserDay: registrations },
  'finish a registration': {
    isChanging: true,
    perUserDay: registrations,
    lane: 'registration',
    leaves: { sessions: 1, activity: 1 },
  },
  'ask for a reset': {
    perUserDay: use => resets(use) * use.asksPerReset,
    leaves: { activity: 1, reset_mails: 1 },
  },
  'ask for a reset, no account': {
    perUserDay: use => resets(use) * use.strangersAsksPerReset,
    isStrangers: true,
  },
  'check a reset': { perUserDay: resets },
  'finish a reset': { perUserDay: resets, lane: 'recovery', leaves: { activity: 1 } },
  account: { perUserDay: accountVisits },
  sessions: { perUserDay: accountVisits },
  activity: { perUserDay: accountVisits },
  'change the password': {
    isChanging: true,
    perUserDay: passwordChanges,
    lane: 'known-browser',
    leaves: { activity: 1 },
  },
  'ask for a change of address': {
    isChanging: true,
    perUserDay: emailChanges,
    lane: 'known-browser',
    leaves: { activity: 1 },
  },
  'finish a change of address': { isChanging: true, perUserDay: emailChanges, leaves: { activity: 1 } },
  'delete the account': {
    isChanging: true,
    perUserDay: use => perYear(use.deletionsPerUserYear),
    lane: 'known-browser',
  },
  'mail event': { perUserDay: (use, mails) => mails * use.mailEventsPerMail },
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationName = keyof typeof OPERATIONS;
export type AllCounts = Readonly<Record<OperationName, Counts>>;

export const operationOf = (name: OperationName): Operation => OPERATIONS[name];
export const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[];

/** Of a parsed counts.json, what the model needs. Throws and names what is missing. */
export const pickCounts = (counted: Readonly<Record<string, Counts>>): AllCounts => {
  const missing = OPERATION_NAMES.filter(name => !Object.hasOwn(counted, name));
  if (missing.length > 0) throw new Error(`counts.json does not have: ${missing.join(', ')}`);
  return Object.fromEntries(OPERATION_NAMES.map(name => [name, counted[name]])) as AllCounts;
};
