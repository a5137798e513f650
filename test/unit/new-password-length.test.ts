/** The rules for a new password by itself, which page and Worker share: its length, and how that is counted. */
import { describe, expect, test } from 'vitest';
import {
  newPasswordProblem,
  normalizePassword,
  PASSWORD_MAX_LENGTH,
  passwordLength,
} from '../../worker/contract/fields.ts';

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
    expect(newPasswordProblem(password, 15)).toBeNull();
  });

  test.each([
    ['nothing', '', 'Choose a password.'],
    ['one too short', 'a'.repeat(14), 'Use at least 15 characters. This has 14.'],
    ['too short after NFC', 'e\u0301'.repeat(14), 'Use at least 15 characters. This has 14.'],
    ['too short in code points though not in UTF-16', '🔒'.repeat(14), 'Use at least 15 characters. This has 14.'],
    ['one too long', '🔒'.repeat(257), `Use at most ${PASSWORD_MAX_LENGTH} characters. This has 257.`],
    ['a lone high surrogate', `${'a'.repeat(15)}\ud83d`, 'This holds a broken character. Type it again.'],
    ['a lone low surrogate', `\udd12${'a'.repeat(15)}`, 'This holds a broken character. Type it again.'],
  ])('is refused with %s', (_what, password, message) => {
    expect(newPasswordProblem(password, 15)).toBe(message);
  });

  test('has the least length that the settings say', () => {
    expect(newPasswordProblem('12345678', 8)).toBeNull();
    expect(newPasswordProblem('1234567', 8)).toBe('Use at least 8 characters. This has 7.');
  });
});
