/** Whether a password is fit to be set: the words that are tried first. Leaked ones: breached-password. */
import { describe, expect, test } from 'vitest';
import { refusedByRules } from '../../worker/credentials/new-password.ts';
import { configWith } from './settings.ts';

const ADA = { email: 'Ada.Lovelace@example.com', username: 'countess' };
const config = configWith({ APP_NAME: 'Analytical' });

describe('the rules', () => {
  test.each([
    'correct horse battery staple',
    'my ada.lovelace and a horse',
    'the countess of somewhere',
    'Analytical engines weave',
    '🔒🗝️ four keys and locks here',
    '              .',
    '123456789012345678',
    'Ada Lovelace wrote notes',
    'analyticalcountess',
  ])('let %j pass', password => {
    expect(refusedByRules(config, password, ADA)).toBeNull();
  });

  test('come after the length, which says more', () => {
    expect(refusedByRules(config, 'countess', ADA)).toBe('password_too_short');
  });

  test.each([
    ['the address', 'ada.lovelace@example.com', 'password_like_email'],
    ['the address in another case', 'ADA.LOVELACE@EXAMPLE.COM', 'password_like_email'],
    ['the address and a year', 'ada.lovelace@example.com2026', 'password_like_email'],
    ['the part before the @, padded', 'ada.lovelace2026!', 'password_like_email'],
    ['the part before the @, twice', 'Ada.LovelaceAda.Lovelace', 'password_like_email'],
    ['the username, padded at the end', 'countess1234567', 'password_like_username'],
    ['the username, padded at both ends', '!!!countess!!!!', 'password_like_username'],
    ['the username, again and again', 'countess-Countess-COUNTESS', 'password_like_username'],
    ['the username among spaces', '  countess     ', 'password_like_username'],
    ["the application's name, padded", 'Analytical12345', 'password_like_app'],
    ["the application's name in another case", '___aNALYTICAL___', 'password_like_app'],
  ])('refuse %s', (_what, password, rule) => {
    expect(refusedByRules(config, password, ADA)).toBe(rule);
  });

  test.each([
    ['composed', 'composed', 'Caf\u00e9 Ren\u00e9', 'Caf\u00e9 Ren\u00e9 2026!!'],
    ['composed', 'decomposed', 'Caf\u00e9 Ren\u00e9', 'Cafe\u0301 Rene\u0301 2026!!'],
    ['decomposed', 'composed', 'Cafe\u0301 Rene\u0301', 'Caf\u00e9 Ren\u00e9 2026!!'],
    ['decomposed', 'decomposed', 'Cafe\u0301 Rene\u0301', 'Cafe\u0301 Rene\u0301 2026!!'],
  ])('find a %s name in a %s password', (_name, _password, appName, password) => {
    const refusal = refusedByRules(configWith({ APP_NAME: appName }), password, ADA);
    expect(refusal).toBe('password_like_app');
  });

  test('take names for what they are, not for patterns', () => {
    expect(refusedByRules(configWith({ APP_NAME: 'C++ (.*) $&' }), 'c++ (.*) $&1234', ADA)).toBe('password_like_app');
    expect(refusedByRules(configWith({ APP_NAME: '.*' }), 'anything that is long', ADA)).toBeNull();
  });
});
