/**
 * What a check is: one row of a standard, in our own words, and how to find out. A check never knows its verdict
 * beforehand: what holds here has to be able to fail elsewhere.
 */
import type { Context } from './context.ts';
import type { Driver } from './driver.ts';

/** The documents that the rows come from, in the report's order. */
export const STANDARDS = [
  'OWASP ASVS 5.0',
  'NIST SP 800-63-4',
  'OWASP cheat sheets',
  'Web platform',
  'WCAG 2.2',
  'RFC 8725 and other RFCs',
] as const;
export type Standard = (typeof STANDARDS)[number];

export type Status = 'held' | 'failed' | 'deviates' | 'not applicable' | 'not tested';

/** `evidence` is what was seen, in one line; `reason` why it is not simply held or failed. */
export type Verdict = { status: Status; evidence?: string; reason?: string };

export type Check = {
  /** As the standard has it, such as `ASVS 6.2.1`. Unique. */
  id: string;
  standard: Standard;
  /** Of ASVS. */
  level?: 1 | 2 | 3;
  requirement: string;
  /** It moves the clock or measures time, so nothing else may run beside it. */
  alone?: true;
  run(context: Context): Promise<Verdict>;
};

export const held = (evidence: string): Verdict => ({ status: 'held', evidence });
export const failed = (evidence: string): Verdict => ({ status: 'failed', evidence });
export const notApplicable = (reason: string): Verdict => ({ status: 'not applicable', reason });
export const notTested = (reason: string): Verdict => ({ status: 'not tested', reason });

/** Held where the condition is, with the same evidence either way. */
export const verdict = (isHeld: boolean, evidence: string): Verdict => (isHeld ? held(evidence) : failed(evidence));

/** One thing of several that a row asks for: what was seen, and whether that is right. */
export type Finding = { isRight: boolean; saw: string };

export const finding = (isRight: boolean, saw: string): Finding => ({ isRight, saw });

/** Held where every finding is right; where one is not, only the wrong ones are told. */
export const judge = (findings: readonly Finding[]): Verdict => {
  const wrong = findings.filter(({ isRight }) => !isRight);
  const told = wrong.length > 0 ? wrong : findings;
  return verdict(
    wrong.length === 0 && findings.length > 0,
    told.map(({ saw }) => saw).join('; ') || 'nothing was seen',
  );
};

/** For a check that needs what this system or this way of running it does not offer. */
export class CannotTell extends Error {}

/** For a check about what this system does not have at all. */
export class DoesNotApply extends Error {}

/** The capability, or the end of the check with a reason. */
export const need = <Capability>(capability: Capability | null | undefined, what: string): Capability => {
  if (capability === null || capability === undefined) throw new CannotTell(`needs ${what}`);
  return capability;
};

/** The system's own pages, or the end of the check: it may be a library without any. */
export const pagesOf = ({ pages }: Driver): NonNullable<Driver['pages']> => {
  if (!pages) throw new DoesNotApply('It has no pages of its own.');
  return pages;
};
