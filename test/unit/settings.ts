/** The settings that unit tests start from: complete and good, for a deployment, with secrets that are nobody's. */
import type { Settings } from '../../worker/bindings.ts';
import { type Config, readConfig } from '../../worker/config.ts';

export const SECRET_A = 'A'.repeat(43);
export const SECRET_B = 'B'.repeat(42).concat('A');
export const SECRET_C = 'C'.repeat(42).concat('A');

export const GOOD: Settings = {
  APP_URL: 'https://app.example.com',
  TOKEN_SECRET: SECRET_A,
  LOOKUP_SECRET: SECRET_C,
  MAIL_API_KEY: 're_123',
  MAIL_FROM: 'Rekey <noreply@example.com>',
};

/** The good settings and what is given, as the Worker reads them. Throws where that is a wrong configuration. */
export const configWith = (given: Settings = {}): Config => {
  const outcome = readConfig({ ...GOOD, ...given });
  if (outcome.kind === 'bad') throw new Error(outcome.problems.join('; '));
  return outcome.config;
};
