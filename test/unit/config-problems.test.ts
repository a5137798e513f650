/** What an operator reads when the configuration is wrong: every variable and what it should hold, and never its value. */
import { describe, expect, test } from 'vitest';
import type { SettingName, Settings } from '../../worker/bindings.ts';
import { readConfig } from '../../worker/config.ts';
import { MAIL_PROVIDERS } from '../../worker/mail/mail-account.ts';
import { configWith, GOOD, SECRET_A, SECRET_B, SECRET_C } from './settings.ts';

const problemsOf = (given: Settings, base = GOOD): string[] => {
  const outcome = readConfig({ ...base, ...given });
  return outcome.kind === 'bad' ? outcome.problems : [];
};

describe('secrets', () => {
  test('TOKEN_SECRET takes several, in their order, with space around the commas', () => {
    const { tokenSecrets } = configWith({ TOKEN_SECRET: `${SECRET_A}, ${SECRET_B} ,${SECRET_C}` });
    expect(tokenSecrets.map(secret => Buffer.from(secret).toString('base64url'))).toEqual([
      SECRET_A,
      SECRET_B,
      SECRET_C,
    ]);
  });

  test('longer ones than 32 bytes are taken whole', () => {
    expect(configWith({ LOOKUP_SECRET: 'x'.repeat(86) }).lookupSecret).toHaveLength(64);
  });

  test.each([
    ['nothing', ''],
    ['a byte too few', 'A'.repeat(42)],
    ['hex of 16 bytes', '0123456789abcdef0123456789abcdef'],
    ['a length that base64url does not have', 'A'.repeat(45)],
    ['padding', `${'A'.repeat(43)}=`],
    ['standard base64', `${'A'.repeat(42)}+`],
    ['a slash', `${'A'.repeat(42)}/`],
    ['a space within', `${'A'.repeat(21)} ${'A'.repeat(22)}`],
    ['quotation marks', `"${'A'.repeat(43)}"`],
    ['letters of another script', 'Ａ'.repeat(43)],
    ['a line break within', `${'A'.repeat(30)}\n${'A'.repeat(30)}`],
  ])('are refused with %s', (_what, value) => {
    for (const name of ['TOKEN_SECRET', 'LOOKUP_SECRET'] as const) {
      expect(problemsOf({ [name]: value })).toEqual([
        `${name} should hold 32 random bytes or more in base64url (43 characters or more)`,
      ]);
    }
  });

  test.each([
    `${SECRET_A},`,
    `,${SECRET_A}`,
    `${SECRET_A},,${SECRET_B}`,
    `${SECRET_A},short`,
    `${SECRET_A};${SECRET_B}`,
  ])('TOKEN_SECRET with one that is none is wrong as a whole: %j', value => {
    expect(problemsOf({ TOKEN_SECRET: value })).toHaveLength(1);
  });
});

describe('what is wrong', () => {
  /** Those that are read whatever the provider is. */
  const all: Partial<Record<SettingName, string>> = {
    APP_URL: 'sentinel-1',
    APP_NAME: '<sentinel-2>',
    TOKEN_SECRET: 'sentinel-3,sentinel-4',
    LOOKUP_SECRET: 'sentinel-5',
    RESET_TOKEN_TTL: 'sentinel-6',
    LINK_TOKEN_TTL: 'sentinel-7',
    SESSION_TTL: 'sentinel-8',
    SCRYPT: 'sentinel-9',
    SCRYPT_ENGINE: 'sentinel-20',
    PASSWORD_MIN_LENGTH: 'sentinel-10',
    MAIL_PROVIDER: 'sentinel-11',
    MAIL_API_URL: 'sentinel-12',
    MAIL_API_KEY: 'sentinel 13',
    MAIL_FROM: 'sentinel-14',
    MAIL_FALLBACK_PROVIDER: 'sentinel-19',
    STRANGER_MAILS_PER_HOUR: 'sentinel-15',
    ACCOUNT_DISCLOSURE: 'sentinel-16',
    BREACH_API_URL: 'sentinel-17',
    REFUSAL_FLOOR_MS: 'sentinel-18',
  };

  test('is reported all at once, each variable once, with what it should hold', () => {
    const problems = problemsOf(all, {});
    expect(problems.map(problem => problem.split(' should hold ')[0]).sort()).toEqual(Object.keys(all).sort());
  });

  test('is never repeated: it may be a secret in the wrong place', () => {
    expect(problemsOf(all, {}).join('\n')).not.toMatch(/sentinel/);
  });

  test('of a choice, what can be chosen is named', () => {
    expect(problemsOf({ ACCOUNT_DISCLOSURE: 'sentinel' })).toEqual([
      'ACCOUNT_DISCLOSURE should hold "private" or "helpful"',
    ]);
    const providers = MAIL_PROVIDERS.map(name => `"${name}"`).join(' or ');
    expect(problemsOf({ MAIL_PROVIDER: 'sentinel' })).toEqual([`MAIL_PROVIDER should hold ${providers}`]);
  });

  test('a fresh deployment hears of each secret that it lacks', () => {
    const lacks = problemsOf({}, {}).map(problem => problem.split(' ')[0]);
    expect(lacks.sort()).toEqual(['LOOKUP_SECRET', 'MAIL_API_KEY', 'TOKEN_SECRET']);
  });

  // wrangler hands a var on as what TOML or JSON made of it.
  test.each(Object.keys(all) as SettingName[])(
    '%s that is no text is a problem or taken as its text, and never throws',
    name => {
      for (const value of [2048, true, ['x'], { x: 1 }] as unknown as string[]) {
        expect(readConfig({ ...GOOD, [name]: value }).kind).toMatch(/^(good|bad)$/);
      }
    },
  );
});
