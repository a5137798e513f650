/**
 * What goes wrong on purpose, and the record of every attempt to send. A fault for one address leaves all others alone,
 * so tests that run at the same time do not meet.
 */
import * as v from 'valibot';
import { bareAddress } from './mail-store.ts';

const ATTEMPTS_MAX = 5000;

const wholeNumber = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

export const faultSchema = v.strictObject({
  /** Only mails to this address; without it, every mail that no fault of its own address applies to. */
  to: v.optional(v.string()),
  /** How often it happens; without it, until it is replaced or cleared. */
  times: v.optional(wholeNumber(1, 1_000_000)),
  /** Waits before anything else. */
  delayMs: v.optional(wholeNumber(0, 600_000)),
  /** Delivers the mail first, so that only the answer is lost. */
  accept: v.optional(v.boolean()),
  /** Closes the connection without an answer. */
  hangUp: v.optional(v.boolean()),
  /** Answers this status, with an error in the provider's shape. Without it and `hangUp`, the mail goes its way. */
  status: v.optional(wholeNumber(200, 599)),
  /** The error's name; by default the provider's for that status. */
  name: v.optional(v.string()),
  /** A `Retry-After` header, in seconds. */
  retryAfter: v.optional(wholeNumber(0, 86_400)),
});

export type Fault = v.InferOutput<typeof faultSchema>;

export type Attempt = {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Bare addresses; empty when the body could not be read. */
  readonly to: readonly string[];
  readonly idempotencyKey: string | null;
  /** Hexadecimal. Two attempts with the same one were the same bytes. */
  readonly bodySha256: string;
  /** The status answered, `hang_up`, or null while it is under way. */
  outcome: number | 'hang_up' | null;
};

export type Faults = ReturnType<typeof createFaults>;

const scopeOf = (fault: Fault): string | null => (fault.to === undefined ? null : bareAddress(fault.to));

/** Makes an empty list of faults. They apply in order: the first one of an address is used up before its second. */
export function createFaults() {
  let faults: Fault[] = [];

  return {
    all: (): readonly Fault[] => faults,

    /** Replaces the faults of the addresses that the list names, and only of those. */
    set: (list: readonly Fault[]): void => {
      const scopes = new Set(list.map(scopeOf));
      faults = [...faults.filter(fault => !scopes.has(scopeOf(fault))), ...list];
    },

    /** Forgets the faults of one address, or all. */
    clear: (to?: string): void => {
      faults = to === undefined ? [] : faults.filter(fault => scopeOf(fault) !== bareAddress(to));
    },

    /** The fault that meets a mail to these bare addresses, counted down, or null. */
    take: (recipients: readonly string[]): Fault | null => {
      const applies = (fault: Fault) => {
        const scope = scopeOf(fault);
        return scope !== null && recipients.includes(scope);
      };
      const fault = faults.find(applies) ?? faults.find(candidate => candidate.to === undefined);
      if (!fault) return null;
      if (fault.times !== undefined) {
        const left = fault.times - 1;
        faults = faults.flatMap(other => (other !== fault ? other : left > 0 ? { ...fault, times: left } : []));
      }
      return fault;
    },
  };
}

/** Makes an empty record of attempts, newest first. */
export function createAttempts() {
  let attempts: Attempt[] = [];
  return {
    add: (attempt: Attempt): void => {
      attempts = [attempt, ...attempts].slice(0, ATTEMPTS_MAX);
    },
    to: (address?: string): Attempt[] =>
      attempts.filter(attempt => address === undefined || attempt.to.includes(bareAddress(address))),
    clear: (): void => {
      attempts = [];
    },
  };
}
