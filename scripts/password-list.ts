/**
 * Makes the list of common passwords that the Worker reads, out of worker/credentials/password-list.txt. That file says
 * where its entries are from; long passwords that people share are rare in it, so the commonest forms of them are added:
 * which forms, and for how many passwords, follows what the listed long ones are made of.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** No policy goes below it (worker/config.ts), so no shorter entry is ever asked for. */
const LEAST_LENGTH = 8;
/** The least length that the listed entries alone fall short of (ASVS 5.0 6.2.4 asks for 3000 that fit the policy). */
const LONG = 15;

/** Repeated, one in 20 of them is listed. */
const REPEATED = 1000;
/** With a run of digits before or after, one in 25 to 60 of them is listed. */
const WITH_DIGITS = 300;
const DIGIT_RUNS = ['123456789', '1234567890'];

/** `file`: lines in order of frequency, comments begin with "# ". Answers each entry once, of at least 8 characters. */
export const commonPasswords = (file: string): string[] => {
  const listed = file.split('\n').filter(line => line !== '' && line !== '#' && !line.startsWith('# '));
  const parts = listed.filter(({ length }) => length < LONG).slice(0, REPEATED);
  const repeated = parts.map(part => part.repeat(Math.ceil(LONG / part.length)));
  const withDigits = parts
    .slice(0, WITH_DIGITS)
    .flatMap(part => DIGIT_RUNS.flatMap(run => [part + run, run + part]))
    .filter(({ length }) => length >= LONG);
  return [...new Set([...listed, ...repeated, ...withDigits])].filter(({ length }) => length >= LEAST_LENGTH);
};

/** Emits the list where only the Worker reads it: it answers everything below /api/, and has no such route. */
export const commonPasswordList = (options: { file: string }): Plugin => ({
  name: 'common-password-list',
  generateBundle() {
    const source = `${commonPasswords(readFileSync(options.file, 'utf8')).join('\n')}\n`;
    this.emitFile({ type: 'asset', fileName: 'api/common-passwords.txt', source });
  },
});
