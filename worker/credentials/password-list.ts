/**
 * Is this one of the first passwords that an attacker tries (ASVS 5.0 6.2.4, NIST SP 800-63B-4 3.1.1.2)? The list is a
 * static asset that only the Worker reads: it is too large for the bundle. scripts/password-list.ts makes it.
 */
import { errorClasses, log } from '../log.ts';
import { Unavailable } from '../unavailable.ts';

export type CommonPasswords = {
  /** Whether it is listed, whole and in any case. Throws `Unavailable` where the list cannot be read. */
  has(password: string): Promise<boolean>;
};

/** Of the ASSETS binding, what is used. Which host it is asked for is all the same to it. */
type Assets = { fetch(url: string): Promise<Response> };
const LIST_URL = 'https://assets.local/api/common-passwords.txt';

/** What ASVS 6.2.4 asks for. A shorter answer is something else, such as a page in place of a missing file. */
const LEAST_ENTRIES = 3000;

/** Reads the list at the first question and keeps it as long as the isolate lives. */
export const createCommonPasswords = (assets: Assets): CommonPasswords => {
  let list: ReadonlySet<string> | null = null;
  return {
    async has(password) {
      // Only what was read is shared, not the reading: that ends with the request that began it, if its client hangs up.
      list ??= await readList(assets);
      return list.has(folded(password));
    },
  };
};

const readList = async (assets: Assets): Promise<ReadonlySet<string>> => {
  let status: number | null = null;
  try {
    const response = await assets.fetch(LIST_URL);
    status = response.status;
    const text = await response.text();
    if (!response.ok) throw new Error('not ok');
    const list = new Set(text.trimEnd().split('\n'));
    if (list.size < LEAST_ENTRIES) throw new Error('not the list');
    return list;
  } catch (error) {
    log('error', 'password_list_unreadable', { status, error: errorClasses(error) });
    throw new Unavailable('password list', error);
  }
};

const folded = (password: string): string => password.normalize('NFC').toLowerCase();

/** A unit of so many code points, again and again, is no better than the unit. */
const LONGEST_UNIT = 4;

/**
 * Whether the whole password, in any case, is up to four characters again and again or a straight run of the alphabet or
 * of the digits, up or down and around the end. No list holds all of these. Beyond the standard, which asks for a list.
 */
export const isSimplePattern = (password: string): boolean => {
  const points = [...folded(password)].map(character => character.codePointAt(0) ?? 0);
  const isRepeated = (unit: number) =>
    points.length > unit && points.every((p, at) => at < unit || p === points[at - unit]);
  const isRun = (step: 1 | -1) => points.every((p, at) => at === 0 || p === following(points[at - 1] ?? 0, step));
  return Array.from({ length: LONGEST_UNIT }, (_, at) => at + 1).some(isRepeated) || isRun(1) || isRun(-1);
};

const RINGS = ['0123456789', 'abcdefghijklmnopqrstuvwxyz'];

/** The code point one step on; from 9 to 0 and from z to a. */
const following = (point: number, step: 1 | -1): number => {
  const character = String.fromCodePoint(point);
  const ring = RINGS.find(letters => letters.includes(character));
  return ring ? (ring.at((ring.indexOf(character) + step) % ring.length)?.codePointAt(0) ?? 0) : point + step;
};
