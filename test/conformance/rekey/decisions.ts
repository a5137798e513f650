/** What Rekey deliberately does otherwise than a row asks, and why. SECURITY.md says the same at more length. */
import type { Decision } from '../driver.ts';

const noPepper = {
  why: 'No pepper: the stored hashes stand on the cost of scrypt alone.',
  seen: /^the stored form names no key: \$scrypt/,
};

export const DECISIONS: Readonly<Record<string, Decision>> = {
  'ASVS 3.4.7': {
    why:
      'A page has no inline script and loads nothing from elsewhere, so there is little to report, and a report would send ' +
      'what people visit to one more place.',
    seen: /^on \d+ of \d+ kinds of answers: .*default-src/,
  },
  'ASVS 7.5.2': {
    why: 'Ending sessions only takes access away: asking for a password would slow down the owner, not a thief.',
    seen: /^ending the others without a password: 204, and they ended$/,
  },
  'NIST 800-63B 3.1.1.2 (keyed step)': noPepper,
  'NIST 800-63B 3.2.2': {
    why:
      'A day without a wrong password forgets those before it, below a hundred: else an owner who mistypes now and then ' +
      'would end up with a reset after years. Four guesses a day find no password of 15 characters.',
    seen: /^after four wrong ones a day for \d+ days the right password: 200$/,
  },
  'NIST 800-63B 4.2.1 (two addresses)': {
    why: 'An account has one mailbox: a second one for recovery would be a second way in, and most often the weaker one.',
    seen: /^there is no call for it/,
  },
  'OWASP PS-3': noPepper,
  'OWASP FP-7': {
    why:
      'Only each network is limited. A link carries a 256-bit MAC, which nobody guesses, and a counter over all networks ' +
      'would be a weapon against owners.',
    seen: /^from \d+ networks: not held back$/,
  },
  'OWASP AU-3': {
    why:
      'Who has lost the old mailbox must be able to leave it: the new mailbox and the signed-in person agree, the old one is ' +
      'told and can undo the change for 7 days.',
    seen: /^the new mailbox alone is enough$/,
  },
};
