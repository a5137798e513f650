/** What a person should know of a test that passed, such as how often it tried: `npm test` prints these lines at its end. */
import { appendFileSync } from 'node:fs';

export const note = (line: string): void => {
  const file = process.env.REKEY_TEST_NOTES;
  if (file) appendFileSync(file, `${line}\n`);
};
