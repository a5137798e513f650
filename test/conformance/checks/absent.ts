/** Rows about what a system may not have at all: a second factor, mailed codes, recovery codes, administrators. */
import { type Check, notApplicable, notTested } from '../check.ts';
import type { Feature } from '../driver.ts';

const WITHOUT: Record<Feature, string> = {
  'second factor': 'It has no second factor.',
  'mailed codes': 'It mails links only, no codes to type.',
  'recovery codes': 'It has no saved recovery codes: the mailbox is the way back.',
  administrators: 'It has no administrators: nobody makes, resets or ends the accounts of others.',
};

/** The suite knows no way to use these yet, and says so where one is there. */
const about = (feature: Feature, row: Omit<Check, 'run'>): Check => ({
  ...row,
  async run({ driver }) {
    if (driver.offers?.includes(feature)) return notTested(`The suite does not know how to use its ${feature} yet.`);
    return notApplicable(WITHOUT[feature]);
  },
});

const asvs = 'OWASP ASVS 5.0';
const nist = 'NIST SP 800-63-4';

export const absentAuthenticationRows: readonly Check[] = [
  about('administrators', {
    id: 'ASVS 6.4.1',
    standard: asvs,
    level: 1,
    requirement:
      'First passwords and activation codes that somebody else hands out are random, live shortly and are replaced at once.',
  }),
  about('second factor', {
    id: 'ASVS 6.4.3',
    standard: asvs,
    level: 2,
    requirement: 'A reset of the password does not get around a second factor.',
  }),
  about('second factor', {
    id: 'ASVS 6.4.4',
    standard: asvs,
    level: 2,
    requirement: 'Who has lost the second factor proves as much as when it was set up.',
  }),
  about('recovery codes', {
    id: 'ASVS 6.4.5',
    standard: asvs,
    level: 3,
    requirement: 'People are reminded in time before a means of signing in runs out.',
  }),
  about('administrators', {
    id: 'ASVS 6.4.6',
    standard: asvs,
    level: 3,
    requirement: 'Administrators can start a reset for somebody, and neither choose nor see the password.',
  }),
  about('mailed codes', {
    id: 'ASVS 6.5.1 to 6.5.5',
    standard: asvs,
    level: 2,
    requirement: 'Codes to type are good once and for ten minutes, come from a safe source and are stored hashed.',
  }),
  about('mailed codes', {
    id: 'ASVS 6.6.2, 6.6.3',
    standard: asvs,
    level: 2,
    requirement: 'A code to type is bound to the request that it came for, and cannot be guessed at for long.',
  }),
];

export const absentSessionRows: readonly Check[] = [
  about('administrators', {
    id: 'ASVS 7.4.5',
    standard: asvs,
    level: 2,
    requirement: "Administrators can end one person's sessions or everybody's.",
  }),
];

export const absentNistRows: readonly Check[] = [
  about('recovery codes', {
    id: 'NIST 800-63B 4.2.1.1',
    standard: nist,
    requirement:
      'Saved recovery codes have 64 bits, are stored hashed, are good once and are then replaced, with a notice.',
  }),
  about('mailed codes', {
    id: 'NIST 800-63B 4.2.1 (codes)',
    standard: nist,
    requirement: 'Recovery codes that are sent have six digits or more and live ten minutes by text, a day by mail.',
  }),
  about('second factor', {
    id: 'NIST 800-63B 4.2.2.2',
    standard: nist,
    requirement:
      'An account with two factors is recovered with a code and one of its factors, or with two kinds of codes.',
  }),
];

export const absentOwaspRows: readonly Check[] = [
  about('mailed codes', {
    id: 'OWASP FP-13',
    standard: 'OWASP cheat sheets',
    requirement:
      'A reset by a code has 6 to 12 digits and leads to a session that can do nothing but set the password.',
  }),
];

export const absentRfcRows: readonly Check[] = [
  about('second factor', {
    id: 'RFC 6238',
    standard: 'RFC 8725 and other RFCs',
    requirement: 'One-time passwords by time: steps of 30 seconds, each good once, with little drift.',
  }),
];
