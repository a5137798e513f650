/** What one account and two browsers should be like after any steps: the model that the fuzzed sequences are held against. */
import type { Rekey } from '../harness.ts';
import { makeToken } from '../link-tokens.ts';
import { createPerson, type Person } from '../people.ts';
import { storedUser } from '../rows.ts';

export const PASSWORDS = ['correct horse battery', 'staple violet kettle drum', 'seven quiet owls at noon'] as const;

export type Link = { kind: 'register' | 'reset' | 'change' | 'secure'; account: number; stamp: number; email: string };

export type Model = {
  account: {
    /** Which one it is, of those that were made and deleted at the same address. */
    number: number;
    /** Null where none is usable. */
    password: string | null;
    /** Moves on with every change of password or address, and kills the links made under it. */
    stamp: number;
    email: string;
    username: string;
    /** Whether its address was changed in the last days. */
    hasMoved: boolean;
    /** How often today: the password was changed, a new address asked for, the account secured. */
    changes: number;
    asked: number;
    secured: number;
  } | null;
  accounts: number;
  browsers: { isSignedIn: boolean; wrong: number }[];
  /** Wrong passwords at sign-in since all of them were forgotten. */
  guesses: number;
  links: Link[];
};

export type Real = {
  browsers: Person[];
  /** As mails would bring them, in the order of the model's links. */
  tokens: string[];
  /** Every session secret that a browser ever had. */
  secrets: Set<string>;
  firstEmail: string;
  newName(): string;
  newEmail(): string;
  makeLink: typeof makeToken;
  /** The account as it is stored: for links, which name it. */
  stored(email: string): Promise<{ id: string; security_stamp: string }>;
};

export const createModel = (): Model => ({
  account: null,
  accounts: 0,
  browsers: [
    { isSignedIn: false, wrong: 0 },
    { isSignedIn: false, wrong: 0 },
  ],
  guesses: 0,
  links: [],
});

export const createReal = (rekey: Rekey): Real => {
  const someone = createPerson(rekey, 'seq');
  return {
    browsers: [createPerson(rekey, 'seq', someone), createPerson(rekey, 'seq', someone)],
    tokens: [],
    secrets: new Set(),
    firstEmail: someone.email,
    newName: () => createPerson(rekey, 'seq').username,
    newEmail: () => createPerson(rekey, 'moved').email,
    makeLink: makeToken,
    stored: email => storedUser(rekey, { email }),
  };
};

/** Whether a link still opens something. */
export const isGood = ({ account }: Model, link: Link): boolean => {
  if (link.kind === 'register') return account === null;
  if (account?.number !== link.account) return false;
  return link.stamp === (link.kind === 'secure' ? account.secured : account.stamp);
};

/** A change of password or address: links and sessions of the old stamp are over, but for the browser that did it. */
export const moveOn = (model: Model, goesOn?: number): void => {
  if (model.account) model.account.stamp += 1;
  for (const [at, browser] of model.browsers.entries()) {
    if (at === goesOn) browser.wrong = 0;
    else browser.isSignedIn = false;
  }
};
