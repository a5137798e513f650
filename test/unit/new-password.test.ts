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
    expect(refusedByRules(config, 'countess', ADA)).toBe('Use at least 15 characters. This has 8.');
  });

  test.each([
    ['the address', 'ada.lovelace@example.com', 'email address'],
    ['the address in another case', 'ADA.LOVELACE@EXAMPLE.COM', 'email address'],
    ['the address and a year', 'ada.lovelace@example.com2026', 'email address'],
    ['the part before the @, padded', 'ada.lovelace2026!', 'email address'],
    ['the part before the @, twice', 'Ada.LovelaceAda.Lovelace', 'email address'],
    ['the username, padded at the end', 'countess1234567', 'username'],
    ['the username, padded at both ends', '!!!countess!!!!', 'username'],
    ['the username, again and again', 'countess-Countess-COUNTESS', 'username'],
    ['the username among spaces', '  countess     ', 'username'],
    ["the application's name, padded", 'Analytical12345', 'name Analytical'],
    ["the application's name in another case", '___aNALYTICAL___', 'name Analytical'],
  ])('refuse %s', (_what, password, word) => {
    expect(refusedByRules(config, password, ADA)).toMatch(
      new RegExp(`^This is little more than (your|the) ${word}\\. Choose something that others would not guess\\.$`),
    );
  });

  test.each([
    ['composed', 'composed', 'Caf\u00e9 Ren\u00e9', 'Caf\u00e9 Ren\u00e9 2026!!'],
    ['composed', 'decomposed', 'Caf\u00e9 Ren\u00e9', 'Cafe\u0301 Rene\u0301 2026!!'],
    ['decomposed', 'composed', 'Cafe\u0301 Rene\u0301', 'Caf\u00e9 Ren\u00e9 2026!!'],
    ['decomposed', 'decomposed', 'Cafe\u0301 Rene\u0301', 'Cafe\u0301 Rene\u0301 2026!!'],
  ])('find a %s name in a %s password', (_name, _password, appName, password) => {
    const refusal = refusedByRules(configWith({ APP_NAME: appName }), password, ADA);
    expect(refusal).toEqual(expect.stringContaining('little more than the name'));
  });

  test('take names for what they are, not for patterns', () => {
    expect(refusedByRules(configWith({ APP_NAME: 'C++ (.*) $&' }), 'c++ (.*) $&1234', ADA)).toContain('the name C++');
    expect(refusedByRules(configWith({ APP_NAME: '.*' }), 'anything that is long', ADA)).toBeNull();
  });
});
