import { rememberAddress } from '../typed-address.ts';

/** What a history entry keeps of a mail that was asked for: a reload of the page that waits for it still knows. */
export type Asked = {
  what: 'reset' | 'registration';
  email: string;
  /** When the newest was asked for. */
  atMs: number;
  /** How often it was asked for. */
  times: number;
};

export type WithAsked = { asked?: Asked };

/** For the first time, and now. */
export const askedNow = (what: Asked['what'], email: string): WithAsked => ({
  asked: { what, email: email.trim(), atMs: Date.now(), times: 1 },
});

const LEFT_AT = 'left-at';
let leftAtMs = 0;

/** Whoever is here after this may be another person: shown neither the address that was typed nor what was asked for. */
export const forgetPerson = () => {
  rememberAddress('');
  leftAtMs = Date.now();
  try {
    // A reload forgets the variable, and no entry of the history.
    sessionStorage.setItem(LEFT_AT, String(leftAtMs));
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
};

/** What an entry says was asked for, unless somebody has logged out since. */
export const stillAsked = ({ asked }: WithAsked): Asked | undefined =>
  asked && asked.atMs > Math.max(leftAtMs, storedLeftAtMs()) ? asked : undefined;

const storedLeftAtMs = (): number => {
  try {
    return Number(sessionStorage.getItem(LEFT_AT));
  } catch {
    return 0;
  }
};
