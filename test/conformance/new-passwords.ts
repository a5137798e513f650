/** The ways to a new password, each tried with the same one: signing up, changing it, resetting it. */
import { type Finding, finding } from './check.ts';
import type { Context } from './context.ts';
import type { Answer } from './driver.ts';
import {
  completeReset,
  isGood,
  isRefused,
  join,
  type Person,
  registerWith,
  resetLink,
  signInElsewhere,
} from './visits.ts';

export type Tried = { route: 'sign-up' | 'change' | 'reset'; answer: Answer };

/** Somebody who tries new passwords: signed in, and with a reset link at hand that a refused try leaves good. */
export const createChooser = async (context: Context) => {
  const { driver } = context;
  const person = await join(context);
  let link = await resetLink(driver, person.account.email);

  const change = async (password: string): Promise<Tried[]> => {
    const { changePassword } = driver.calls;
    if (!changePassword) return [];
    const currentPassword = person.account.password;
    const answer = await person.client.send(changePassword({ currentPassword, password }));
    if (isGood(answer)) await startAnew(password);
    return [{ route: 'change', answer }];
  };
  const reset = async (password: string): Promise<Tried[]> => {
    const answer = await completeReset(driver, link.token, password);
    if (isGood(answer)) await startAnew(password);
    return [{ route: 'reset', answer }];
  };
  /** What is taken is the password from then on, and has ended the session and the link. */
  const startAnew = async (password: string) => {
    person.account.password = password;
    person.client = await signInElsewhere(driver, person.account);
    link = await resetLink(driver, person.account.email);
  };

  return {
    person: person as Person,
    tryEverywhere: async (password: string): Promise<Tried[]> => [
      { route: 'sign-up', answer: await registerWith(context, password) },
      ...(await change(password)),
      ...(await reset(password)),
    ],
    /** Without signing up: for passwords that are about this one account. */
    tryOnOwn: async (password: string): Promise<Tried[]> => [...(await change(password)), ...(await reset(password))],
  };
};

/** Whether all the routes refused it. Being refused for haste or for want of a session says nothing about a password. */
export const refusedBy = (what: string, tried: readonly Tried[]): Finding =>
  finding(
    tried.every(({ answer }) => isRefused(answer) && ![401, 403, 429].includes(answer.status)),
    `${what}: ${tried.map(({ route, answer }) => `${route} ${answer.status}`).join(', ')}`,
  );

export const takenBy = (what: string, tried: readonly Tried[]): Finding =>
  finding(
    tried.every(({ answer }) => isGood(answer)),
    `${what}: ${tried.map(({ route, answer }) => `${route} ${answer.status}`).join(', ')}`,
  );

/** A code point that is on no list, so many times over but never the same twice. */
export const codePoints = (count: number, first = 0x4e00): string =>
  Array.from({ length: count }, (_, i) => String.fromCodePoint(first + ((i * 37) % 4000))).join('');

/** Small letters and spaces, so many characters, without a pattern. */
export const letters = (count: number): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  return [...bytes].map(byte => String.fromCharCode(97 + (byte % 26))).join('');
};
