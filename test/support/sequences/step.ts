/** What a step of the fuzzed sequences is, and what several of them do. */
import { expect } from 'vitest';
import type { Answer } from '../people.ts';
import { type Link, type Model, PASSWORDS, type Real } from './model.ts';

/** What a step may choose from. */
export type Choice = { browser: number; password: number; link: number; isRight: boolean };
/** Sends something, says what must be answered, and moves the model along. */
export type Step = (model: Model, real: Real, choice: Choice) => Promise<void>;

export const expectAnswer = ({ status, body }: Answer, expected: number | string): void => {
  expect(body.code ?? status).toBe(expected);
};

/** One of the links of a kind that were ever mailed, 0 being the latest, with its token. */
export const pick = (model: Model, real: Real, kind: Link['kind'], { link }: Choice) => {
  const all = [...model.links.entries()].filter(([, one]) => one.kind === kind);
  const [at, chosen] = all[all.length - 1 - (link % all.length)] ?? [];
  return at === undefined || !chosen ? null : { link: chosen, token: real.tokens[at] ?? '' };
};

export const addLink = (model: Model, real: Real, link: Link, token: string): void => {
  model.links.push(link);
  real.tokens.push(token);
};

export const signIn = (model: Model, browser: number): void => {
  model.browsers[browser] = { isSignedIn: true, wrong: 0 };
};

/** The current password, or another. */
export const currentPassword = (model: Model, { isRight }: Choice): string => {
  const right = model.account?.password ?? PASSWORDS[0];
  return isRight ? right : `not ${right}`;
};
/** What is refused before anything else, and what a wrong password does to the session. */
export const refusedFirst = (model: Model, { browser, isRight }: Choice): string | null => {
  const one = model.browsers[browser];
  if (!one?.isSignedIn) return 'not_signed_in';
  if (isRight) {
    one.wrong = 0;
    return null;
  }
  one.wrong += 1;
  if (one.wrong === 5) one.isSignedIn = false;
  return 'wrong_password';
};

/** The person at a browser. */
export const at = ({ browsers }: Real, browser: number) => {
  const person = browsers[browser];
  if (!person) throw new Error(`there is no browser ${browser}`);
  return person;
};
