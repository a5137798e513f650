/**
 * What the conformance suite knows of a system: how a person uses it, and nothing of how it is made. Whatever else a
 * check needs, it finds out over HTTP or in a browser. Write one of these to point the suite at another system.
 */

/** An answer as it came. `headers` holds one entry a header; `setCookies` every Set-Cookie line, in order. */
export type Answer = { status: number; headers: Headers; setCookies: string[]; text: string };

export type Sent = {
  method: string;
  /** A path below the system's own origin, or an absolute address. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
};

/** One browser: a cookie jar and a client address of its own. */
export type Client = {
  /** The cookies that it sends, by name. A check may read, add and take away. */
  cookies: Map<string, string>;
  /** Sends a request with the jar's cookies and keeps what comes back. Follows no redirect. */
  send(request: Sent): Promise<Answer>;
};

export type Account = { email: string; username: string; password: string };

export type Mail = {
  subject: string;
  to: string;
  from: string;
  text: string;
  html: string;
  headers: Record<string, string>;
};

/** A request as the system's own page would send it: a check may change it before it goes out. */
export type Calls = {
  /** Starts a registration; the rest may need a mail. Null where signing up is one call with the password. */
  askRegistration: ((email: string) => Sent) | null;
  signIn(given: { email: string; password: string }): Sent;
  signOut(): Sent;
  whoAmI(): Sent;
  askReset(email: string): Sent;
  completeReset(given: { token: string; password: string }): Sent;
  /** Null where a system has no such call. */
  changePassword: ((given: { currentPassword: string; password: string }) => Sent) | null;
  askEmailChange: ((given: { email: string; currentPassword: string }) => Sent) | null;

  // What a system may offer besides: a check that needs one of these is not tested where it is left out.

  completeRegistration?(given: { token: string; username: string; password: string }): Sent;
  confirmEmailChange?(token: string): Sent;
  /** "This was not me": the link of a notice is used. */
  disown?(token: string): Sent;
  deleteAccount?(given: { currentPassword: string }): Sent;
  listSessions?(): Sent;
  endOtherSessions?(): Sent;
};

/** A token that must open nothing, made to be taken for a reset link of a given account. */
export type Forgery = {
  kind:
    | 'unsigned'
    | 'other algorithm'
    | 'foreign key'
    | 'tampered'
    | 'key header'
    | 'other purpose'
    | 'wrong claims'
    | 'ended';
  what: string;
  token: string;
};

/** Parts of what the standards ask for that not every system has. */
export type Feature = 'second factor' | 'mailed codes' | 'recovery codes' | 'administrators';

/** Where a person meets the system; null where it has no such page of its own. */
export type Pages = { login: string; register: string; forgotPassword: string; account: string } | null;

/** `seen` is all that is to be seen of it: where a check finds anything else wrong, its row failed like any other. */
export type Decision = { why: string; seen: RegExp };

export interface Driver {
  readonly name: string;
  readonly version: string;
  /** How it was set up for the run, in a sentence for the report. */
  readonly setUp?: string;
  /** Its origin: scheme, host and port. */
  readonly url: string;
  readonly pages: Pages;
  readonly calls: Calls;
  /** A browser that was never here, in a network of its own where the system can be told apart by one. */
  createClient(): Client;
  /** The whole of a registration, mailbox included. Answers the last answer; the client is signed in where it succeeded. */
  register(client: Client, account: Account): Promise<Answer>;
  /** Who the system takes this browser for: the address of the account, or null. */
  whoAmI(client: Client): Promise<string | null>;
  /** The mails that came to an address, newest first. */
  mailsTo(email: string): Promise<Mail[]>;
  /** The link in a mail that leads to a new password, and the token in it; null where the mail has none. */
  resetLinkOf(mail: Mail): { link: string; token: string } | null;
  /** Stops what `start` began. */
  stop(): Promise<void>;

  /** Which of these it has; without the list, none. */
  readonly offers?: readonly Feature[];
  /** What it deliberately does otherwise than a row asks, by the row's id. */
  readonly decisions?: Readonly<Record<string, Decision>>;
  /** What is up to whoever builds with it, by the row's id, and why: for a library that serves no pages of its own. */
  readonly leavesToOthers?: Readonly<Record<string, string>>;
  /** For the browser that visits its pages, such as where a name leads. */
  readonly browserArgs?: readonly string[];
  /** The query parameter of the log-in page that says where to go afterwards. */
  readonly nextParameter?: string;
  /** A password that its list of leaked passwords holds and no list of common ones. */
  readonly breachedPassword?: string;
  /** The token in the link of a mail that finishes a registration, changes an address, disowns what a notice told of. */
  registrationTokenOf?(mail: Mail): string | null;
  emailChangeTokenOf?(mail: Mail): string | null;
  disownTokenOf?(mail: Mail): string | null;
  /** What its makers have written about its limits, sessions and ways in. */
  documents?(): Promise<string>;

  // What a system on a test bench may offer besides; a check that needs one which is not there is not tested.

  /** Moves the system's clock so far ahead of the real one. */
  moveClock?(aheadMs: number): Promise<void>;
  /** The stored form of an account's password. */
  storedPassword?(email: string): Promise<string>;
  /** All that it has logged so far. */
  log?(): Promise<string>;
  /** Every row of every table, as text: what a request must not have changed. */
  snapshot?(): Promise<string>;
  /** Tokens made to deceive it, some under its own key. */
  forgeries?(email: string): Promise<Forgery[]>;
  /** Reset tokens of an account under a signing key that was replaced but still verifies, and under one that was removed. */
  tokensOfOlderKeys?(email: string): Promise<{ replaced: string; removed: string }>;
  /** Stores the account's password anew, as a lower cost had it. */
  weakenStoredPassword?(email: string, password: string): Promise<void>;
  /** The same system as it would be deployed: on https, at the default cost. The caller stops it. */
  startDeployed?(): Promise<Driver>;
  /** How it answers when it was given a signing key that is too short or made of words. */
  answerWithPoorKey?(): Promise<Answer>;
}
