/** The rules for a new password by itself, which page and Worker share: its length, and how that is counted. */
import { describe, expect, test } from 'vitest';
import { brokenPasswordRule, normalizePassword, passwordLength } from '../../worker/contract/fields.ts';

describe("a password's length", () => {
  test.each([
    ['plain', 5],
    ['', 0],
    [' ', 1],
    ['Café', 4],
    ['Cafe\u0301', 4],
    ['각', 1],
    ['\u1100\u1161\u11a8', 1],
    ['🔒', 1],
    ['👨‍👩‍👧', 5],
    ['ﬁ', 1],
    ['q\u0323\u0307', 3],
    ['\ud800', 1],
    ['\0', 1],
  ])('of %j is %i code points after NFC', (password, length) => {
    expect(passwordLength(password)).toBe(length);
  });

  test('is all that NFC changes: nothing is trimmed, folded or replaced', () => {
    expect(normalizePassword(' Straße \t')).toBe(' Straße \t');
    expect(normalizePassword('\u212b')).toBe('Å');
    expect(normalizePassword('ﬁ ²')).toBe('ﬁ ²');
  });
});

describe('a new password', () => {
  test.each([
    ['of exactly the least length', 'a'.repeat(15)],
    ['of exactly the greatest length', '🔒'.repeat(256)],
    ['of one letter only: there are no composition rules', 'aaaaaaaaaaaaaaaaaaaa'],
    ['with spaces at both ends', '  four words in here  '],
    ['of control characters', '\t'.repeat(20)],
    ['that is long before NFC and short enough after it', 'e\u0301'.repeat(256)],
  ])('%s passes', (_what, password) => {
    expect(brokenPasswordRule(password, 15)).toBeNull();
  });

  test.each([
    ['nothing', '', 'password_empty'],
    ['one too short', 'a'.repeat(14), 'password_too_short'],
    ['too short after NFC', 'e\u0301'.repeat(14), 'password_too_short'],
    ['too short in code points though not in UTF-16', '🔒'.repeat(14), 'password_too_short'],
    ['one too long', '🔒'.repeat(257), 'password_too_long'],
    ['a lone high surrogate', `${'a'.repeat(15)}\ud83d`, 'password_broken_character'],
    ['a lone low surrogate', `\udd12${'a'.repeat(15)}`, 'password_broken_character'],
  ])('is refused with %s', (_what, password, rule) => {
    expect(brokenPasswordRule(password, 15)).toBe(rule);
  });

  test('has the least length that the settings say', () => {
    expect(brokenPasswordRule('12345678', 8)).toBeNull();
    expect(brokenPasswordRule('1234567', 8)).toBe('password_too_short');
  });
});
