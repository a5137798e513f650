/**
 * The room for the slow work: a Durable Object that hashes one password at a time. Its objects form lanes, so a flood of
 * sign-ins never stands before a recovery or a browser that is known, and a lane that is full refuses before it hashes.
 */
import { DurableObject } from 'cloudflare:workers';
import { Unavailable } from '../unavailable.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';
import type { ScryptCost } from './scrypt-cost.ts';

export type Lane = 'sign-in' | 'known-browser' | 'registration' | 'recovery';

/** Objects of each lane. Fixed names: a pool of objects that are there already beats a cold one for each call. */
const LANE_OBJECTS: Record<Lane, number> = { 'sign-in': 8, 'known-browser': 4, registration: 4, recovery: 8 };

/** Passwords that may wait in one object: 12 at 0.25 s each are 3 s, about what a person waits for a form. */
const MAX_WAITING = 12;

export type LaneFull = { kind: 'lane_full'; retryAfterSeconds: number };
export type Hashed = { kind: 'hashed'; phc: string } | LaneFull;
export type Verified = { kind: 'verified'; matches: boolean } | LaneFull;

/** What the rest of the Worker sees of it. All throw `Unavailable` when the object does not answer. */
export type Hasher = {
  hash(lane: Lane, password: string, cost: ScryptCost): Promise<Hashed>;
  /** `phc` null: hashes all the same, and does not match. */
  verify(lane: Lane, password: string, phc: string | null, cost: ScryptCost): Promise<Verified>;
};

export class PasswordHasher extends DurableObject {
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  async hash(password: string, cost: ScryptCost): Promise<Hashed> {
    return this.#inTurn(() => ({ kind: 'hashed', phc: hashPassword(password, cost) }));
  }

  async verify(password: string, phc: string | null, cost: ScryptCost): Promise<Verified> {
    return this.#inTurn(() => ({ kind: 'verified', matches: verifyPassword(password, phc, cost) }));
  }

  async #inTurn<Done>(work: () => Done): Promise<Done | LaneFull> {
    if (this.#waiting >= MAX_WAITING) return { kind: 'lane_full', retryAfterSeconds: 5 };
    this.#waiting += 1;
    // A turn of the event loop before each hash lets the calls that arrived meanwhile be counted, and refused.
    const turn = this.#last.then(() => new Promise(resolve => setTimeout(resolve))).then(work);
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }
}

export const createHasher = (objects: DurableObjectNamespace<PasswordHasher>): Hasher => {
  const pick = (lane: Lane) => objects.getByName(`${lane}-${Math.floor(Math.random() * LANE_OBJECTS[lane])}`);
  const answering = <Answer>(call: Promise<Answer>): Promise<Answer> =>
    call.catch(error => {
      throw new Unavailable('hasher', error);
    });
  return {
    hash: (lane, password, cost) => answering<Hashed>(pick(lane).hash(password, cost)),
    verify: (lane, password, phc, cost) => answering<Verified>(pick(lane).verify(password, phc, cost)),
  };
};
