/** The configuration: every setting's default and bounds, and what an operator reads when one is wrong. */
import { describe, expect, test } from 'vitest';
import type { SettingName, Settings } from '../../worker/bindings.ts';
import { type Config, readConfig } from '../../worker/config.ts';
import { configWith, GOOD, SECRET_A, SECRET_C } from './settings.ts';

const LOCAL: Settings = { TOKEN_SECRET: SECRET_A, LOOKUP_SECRET: SECRET_C, MAIL_API_KEY: 'local' };

const problemsOf = (given: Settings, base = GOOD): string[] => {
  const outcome = readConfig({ ...base, ...given });
  return outcome.kind === 'bad' ? outcome.problems : [];
};

describe('with nothing but its secrets', () => {
  test('it is set up for the machine at hand, by the defaults of the manual', () => {
    const outcome = readConfig(LOCAL);
    expect(outcome).toEqual({
      kind: 'good',
      config: {
        appUrl: 'http://localhost:8787',
        isHttps: false,
        appName: 'Rekey',
        tokenSecrets: [new Uint8Array(32)],
        lookupSecret: expect.any(Uint8Array),
        resetTokenTtlSeconds: 1800,
        linkTokenTtlSeconds: 86_400,
        sessionTtlSeconds: 2_592_000,
        scrypt: { ln: 14, r: 8, p: 5 },
        scryptEngine: 'noble',
        firebaseKey: null,
        passwordMinLength: 15,
        mail: {
          provider: 'resend',
          apiUrl: null,
          apiKey: 'local',
          from: 'Rekey <noreply@demo.com>',
          region: '',
          account: '',
          webhookSecret: null,
        },
        fallbackMail: null,
        strangerMailsPerHour: 500,
        accountDisclosure: 'private',
        breachApiUrl: 'https://api.pwnedpasswords.com',
        refusalFloorMs: 1000,
      },
    });
  });

  test('nobody can change what was read', () => {
    expect(Object.isFrozen(configWith())).toBe(true);
  });
});

const numbers: [SettingName, keyof Config, number, number][] = [
  ['RESET_TOKEN_TTL', 'resetTokenTtlSeconds', 10, 86_400],
  ['LINK_TOKEN_TTL', 'linkTokenTtlSeconds', 10, 604_800],
  ['SESSION_TTL', 'sessionTtlSeconds', 60, 34_560_000],
  ['PASSWORD_MIN_LENGTH', 'passwordMinLength', 8, 64],
  ['STRANGER_MAILS_PER_HOUR', 'strangerMailsPerHour', 0, 1_000_000],
  ['REFUSAL_FLOOR_MS', 'refusalFloorMs', 0, 10_000],
];

describe.each(numbers)('%s', (name, field, min, max) => {
  test(`takes ${min} to ${max}`, () => {
    expect(configWith({ [name]: String(min) })[field]).toBe(min);
    expect(configWith({ [name]: String(max) })[field]).toBe(max);
  });

  test.each([
    String(min - 1),
    String(max + 1),
    '',
    ' ',
    '-1',
    '1.5',
    '1e3',
    '0x20',
    '1,000',
    `${min} `,
    '9'.repeat(400),
    '٣٠',
    'NaN',
  ])('refuses %j', value => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(`^${name} should hold a whole number of `)]);
    expect(problemsOf({ [name]: value })[0]).toContain(`${min} to ${max}`);
  });
});

/** Name, value, and what of the configuration it becomes. */
const taken: [SettingName, string, Partial<Record<keyof Config, unknown>>][] = [
  ['APP_URL', 'https://app.example.com/', { appUrl: 'https://app.example.com', isHttps: true }],
  ['APP_URL', 'https://APP.example.com:443', { appUrl: 'https://app.example.com' }],
  ['APP_URL', 'https://app.example.com:8443', { appUrl: 'https://app.example.com:8443' }],
  ['APP_URL', 'http://127.0.0.1:8787', { appUrl: 'http://127.0.0.1:8787', isHttps: false }],
  ['APP_URL', 'http://[::1]:8787', { appUrl: 'http://[::1]:8787', isHttps: false }],
  ['APP_URL', 'https://localhost:8787', { isHttps: true }],
  ['APP_NAME', '  Café & Söhne ', { appName: 'Café & Söhne' }],
  ['APP_NAME', 'x'.repeat(60), { appName: 'x'.repeat(60) }],
  ['SCRYPT', 'ln=15,r=8,p=3', { scrypt: { ln: 15, r: 8, p: 3 } }],
  ['SCRYPT_ENGINE', 'noble', { scryptEngine: 'noble' }],
  ['SCRYPT_ENGINE', 'native', { scryptEngine: 'native' }],
  ['FIREBASE_SIGNER_KEY', '', { firebaseKey: null }],
  ['FIREBASE_SIGNER_KEY', `${'A'.repeat(86)}==`, { firebaseKey: new Uint8Array(64) }],
  ['MAIL_API_URL', '', { mail: expect.objectContaining({ apiUrl: null }) }],
  [
    'MAIL_API_URL',
    'https://mail.example.com/',
    { mail: expect.objectContaining({ apiUrl: 'https://mail.example.com' }) },
  ],
  [
    'MAIL_API_URL',
    'https://example.com/mail',
    { mail: expect.objectContaining({ apiUrl: 'https://example.com/mail' }) },
  ],
  ['MAIL_FROM', 'noreply@example.com', { mail: expect.objectContaining({ from: 'noreply@example.com' }) }],
  [
    'MAIL_FROM',
    'A & B <no@mail.example.com>',
    { mail: expect.objectContaining({ from: 'A & B <no@mail.example.com>' }) },
  ],
  ['MAIL_FROM', 'Demo <no@demo.community>', { mail: expect.objectContaining({ from: 'Demo <no@demo.community>' }) }],
  [
    'MAIL_FROM',
    `${'🔒'.repeat(70)} <a@example.com>`,
    { mail: expect.objectContaining({ from: `${'🔒'.repeat(70)} <a@example.com>` }) },
  ],
  ['MAIL_PROVIDER', 'resend', { mail: expect.objectContaining({ provider: 'resend' }) }],
  ['BREACH_API_URL', '', { breachApiUrl: null }],
  ['BREACH_API_URL', 'https://range.example.com/v1/', { breachApiUrl: 'https://range.example.com/v1' }],
  ['ACCOUNT_DISCLOSURE', 'private', { accountDisclosure: 'private' }],
  ['ACCOUNT_DISCLOSURE', 'helpful', { accountDisclosure: 'helpful' }],
];

test.each(taken)('%s takes %j', (name, value, config) => {
  expect(problemsOf({ [name]: value })).toEqual([]);
  expect(configWith({ [name]: value })).toMatchObject(config);
});

const refused: [SettingName, string[]][] = [
  [
    'APP_URL',
    [
      '',
      'app.example.com',
      'http://app.example.com',
      'http://localhost.example.com',
      'http://127.0.0.1.example.com',
      'http://10.0.0.1',
      'ftp://app.example.com',
      'javascript:alert(1)',
      'https://app.example.com/path',
      'https://app.example.com/?a=b',
      'https://app.example.com/#a',
      'https://me@app.example.com',
      'https://a.example.com,https://b.example.com',
    ],
  ],
  ['APP_NAME', ['', '   ', 'x'.repeat(61), 'two\nlines', 'two\u2028lines', '<b>', 'say "x"', 'nul\0', 'rtl\u202e']],
  ['FIREBASE_SIGNER_KEY', ['key', 'A'.repeat(20), 'A'.repeat(87), `${'-'.repeat(86)}==`, `${'A'.repeat(86)}===`]],
  ['SCRYPT_ENGINE', ['', 'node', 'Native', 'native ', 'noble,native', 'toString']],
  ['SCRYPT', ['', 'ln=17,r=8,p=1', '16384,8,5', 'ln=14,r=8,p=4', 'ln=16,r=8,p=1', 'ln=4,r=8,p=1']],
  ['MAIL_PROVIDER', ['', 'sendmail', 'Resend']],
  ['MAIL_API_URL', ['mail.example.com', 'ftp://mail.example.com', 'http://mail.example.com', 'http://localhost:8025']],
  [
    'MAIL_API_URL',
    ['https://me:pw@mail.example.com', 'https://:pw@mail.example.com', 'https://mail.example.com/?key=pw'],
  ],
  ['MAIL_API_KEY', ['', ' ', 'two words', 'line\n', 'schlüssel']],
  [
    'MAIL_FROM',
    ['', 'Rekey', 'Rekey <noreply>', 'a@b@c', 'Rekey <a@example.com>, Eve <e@example.com>', '"A" <a@example.com>'],
  ],
  ['MAIL_FROM', ['Rekey <a@example.com>\r\nBcc: e@example.com', 'Rekey\n <a@example.com>', '<a@example.com']],
  ['MAIL_FROM', ['Rekey <noreply@demo.com>', 'noreply@demo.com', 'Rekey <noreply@DEMO.com>']],
  ['MAIL_FROM', [`${'x'.repeat(71)} <a@example.com>`]],
  ['ACCOUNT_DISCLOSURE', ['', 'Private', 'Helpful', 'helpful ', 'private,helpful', 'secret', 'true']],
  ['BREACH_API_URL', ['off', 'ftp://range.example.com', 'https://:pw@range.example.com']],
];

test.each(refused.flatMap(([name, values]) => values.map(value => [name, value] as const)))(
  '%s refuses %j in a deployment',
  (name, value) => {
    expect(problemsOf({ [name]: value })).toContainEqual(expect.stringMatching(`^${name} should hold .`));
  },
);

describe('what only a deployment asks for', () => {
  test('on http a hash may be cheap, the sender is the demonstration, and the mailbox is near', () => {
    const cheap = { APP_URL: 'http://localhost:8787', SCRYPT: 'ln=4,r=8,p=1', MAIL_API_URL: 'http://localhost:8025' };
    expect(problemsOf(cheap, LOCAL)).toEqual([]);
    expect(configWith({ ...cheap, MAIL_FROM: 'Rekey <noreply@demo.com>' }).scrypt).toEqual({ ln: 4, r: 8, p: 1 });
  });

  test('on https a hash costs an OWASP minimum, and there is a sender of our own', () => {
    const { MAIL_FROM: _, ...withoutSender } = GOOD;
    expect(problemsOf({ SCRYPT: 'ln=13,r=8,p=5' }, withoutSender)).toEqual([
      "SCRYPT should hold one of OWASP's minima or more where APP_URL is https, such as ln=14,r=8,p=5",
      expect.stringMatching(/^MAIL_FROM should hold a sender of a domain that is yours, such as /),
    ]);
  });

  test('mails leave by https unless the application itself is on loopback', () => {
    expect(problemsOf({ MAIL_API_URL: 'http://127.0.0.1:8025' })).toHaveLength(1);
    expect(problemsOf({ APP_URL: 'https://localhost:8787', MAIL_API_URL: 'http://127.0.0.1:8025' })).toEqual([]);
  });
});
