/**
 * The room for the slow work: a Durable Object that hashes one password at a time. Its objects form lanes, so a flood of
 * sign-ins never stands before a recovery or a browser that is known, and a lane that is full refuses before it hashes.
 */
import { DurableObject } from 'cloudflare:workers';
import { Unavailable } from '../unavailable.ts';
import type { Means } from './foreign-hash.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';
import type { ScryptCost } from './scrypt-cost.ts';
import type { ScryptEngine } from './scrypt-engine.ts';

export type Lane = 'sign-in' | 'known-browser' | 'registration' | 'recovery';

/** Objects of each lane. Fixed names: a pool of objects that are there already beats a cold one for each call. */
const LANE_OBJECTS: Record<Lane, number> = { 'sign-in': 8, 'known-browser': 16, registration: 4, recovery: 8 };

/** Passwords that may wait in one object: 12 at 0.25 s each are 3 s, about what a person waits for a form. */
const MAX_WAITING = 12;
/** Of these, for one account in a lane where accounts are told apart: as many as a session has tries. */
const MAX_WAITING_OF_ONE = 5;

/**
 * Where to wait. With `accountId` always in the same object, and only a few at a time: whoever has an account of his own
 * fills a place or two beside the others', and not their lane.
 */
export type Place = { lane: Exclude<Lane, 'known-browser'> } | { lane: 'known-browser'; accountId: string };

export type LaneFull = { kind: 'lane_full'; retryAfterSeconds: number };
export type Hashed = { kind: 'hashed'; phc: string } | LaneFull;
export type Verified = { kind: 'verified'; matches: boolean } | LaneFull;

/** What the rest of the Worker sees of it. All throw `Unavailable` when the object does not answer. */
export type Hasher = {
  hash(place: Place, password: string, cost: ScryptCost): Promise<Hashed>;
  /** `phc` null: hashes all the same, and does not match. */
  verify(place: Place, password: string, phc: string | null, cost: ScryptCost): Promise<Verified>;
};

export class PasswordHasher extends DurableObject {
  /** One entry a password that waits: the account's id, empty where accounts are not told apart. */
  #waiting: string[] = [];
  #last: Promise<unknown> = Promise.resolve();

  async hash(accountId: string, password: string, cost: ScryptCost, engine: ScryptEngine): Promise<Hashed> {
    return this.#inTurn(accountId, () => ({ kind: 'hashed', phc: hashPassword(password, cost, engine) }));
  }

  async verify(
    accountId: string,
    password: string,
    phc: string | null,
    cost: ScryptCost,
    engine: ScryptEngine,
    firebaseKey: Uint8Array | null = null,
  ): Promise<Verified> {
    const matches = () => verifyPassword(password, phc, cost, engine, firebaseKey);
    return this.#inTurn(accountId, () => ({ kind: 'verified', matches: matches() }));
  }

  async #inTurn<Done>(accountId: string, work: () => Done): Promise<Done | LaneFull> {
    const ofOne = accountId === '' ? 0 : this.#waiting.filter(one => one === accountId).length;
    if (this.#waiting.length >= MAX_WAITING || ofOne >= MAX_WAITING_OF_ONE) {
      return { kind: 'lane_full', retryAfterSeconds: 5 };
    }
    this.#waiting.push(accountId);
    // A turn of the event loop before each hash lets the calls that arrived meanwhile be counted, and refused.
    const turn = this.#last.then(() => new Promise(resolve => setTimeout(resolve))).then(work);
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting.splice(this.#waiting.indexOf(accountId), 1);
    }
  }
}

/** The means go along with each call, as the cost does: an object reads no settings of its own. */
export const createHasher = (
  objects: DurableObjectNamespace<PasswordHasher>,
  { engine, firebaseKey }: Means,
): Hasher => {
  const pick = (place: Place) => {
    const count = LANE_OBJECTS[place.lane];
    const index = 'accountId' in place ? spread(place.accountId) % count : Math.floor(Math.random() * count);
    return objects.getByName(`${place.lane}-${index}`);
  };
  const accountOf = (place: Place) => ('accountId' in place ? place.accountId : '');
  const answering = <Answer>(call: Promise<Answer>): Promise<Answer> =>
    call.catch(error => {
      throw new Unavailable('hasher', error);
    });
  return {
    hash: (place, password, cost) => answering<Hashed>(pick(place).hash(accountOf(place), password, cost, engine)),
    verify: (place, password, phc, cost) =>
      answering<Verified>(pick(place).verify(accountOf(place), password, phc, cost, engine, firebaseKey)),
  };
};

/** A number of 32 bits from an id. Ids are random and known to their owners alone, so nobody aims at another's object. */
const spread = (id: string): number =>
  [...id].reduce((sum, char) => (Math.imul(sum, 31) + char.charCodeAt(0)) >>> 0, 0);
