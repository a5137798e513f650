/** The fields that people fill in: what page and Worker both take, and what they say to the rest. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { emailField, usernameField } from '../../worker/contract/field-schemas.ts';
import { brokenEmailRule, brokenPasswordRule, brokenUsernameRule } from '../../worker/contract/fields.ts';

type Field = typeof emailField | typeof usernameField;
/** What the Worker's schema says, and for text what the page's own check says: they never differ. */
const messagesOf = (field: Field, value: unknown): string[] => {
  const parsed = v.safeParse(field, value, { abortPipeEarly: true });
  const messages = parsed.success ? [] : parsed.issues.map(issue => issue.message);
  if (typeof value === 'string') {
    const broken = field === emailField ? brokenEmailRule(value) : brokenUsernameRule(value);
    expect(broken).toBe(messages[0] ?? null);
  }
  return messages;
};

describe('an email address', () => {
  test.each([
    'name@example.com',
    'Name@Example.COM',
    'a@b',
    'user+tag@example.com',
    'first.last@sub.domain.example',
    "!#$%&'*+/=?^_`{|}~-@example.com",
    '.dots..everywhere.@example.com',
    '1@2.3',
    `a@${'l'.repeat(63)}.com`,
    'a@x--y.com',
    'a@xn--bcher-kva.example',
    'root@localhost',
  ])('is %s, as the HTML standard has it', email => {
    expect(v.parse(emailField, email)).toBe(email);
    expect(messagesOf(emailField, email)).toEqual([]);
  });

  test.each([
    'plain',
    '@example.com',
    'name@',
    'a@b@c.com',
    'a b@example.com',
    'a@exa mple.com',
    'a@.com',
    'a@com.',
    'a@b..c',
    'a@-b.com',
    'a@b-.com',
    'a@b_c.com',
    `a@${'l'.repeat(64)}.com`,
    '"quoted"@example.com',
    'a@[127.0.0.1]',
    'a(comment)@example.com',
    'Name <name@example.com>',
    'a@example.com,b@example.com',
    'a@example.com;b@example.com',
    'ü@example.com',
    'a@bücher.example',
    // A Kelvin sign lowercases to a plain k.
    '\u212aing@example.com',
    'a@example.com\r\nBcc: eve@example.com',
    'a\n@example.com',
    'a@example.com\0',
    'a@example.com\u200b',
    'mailto:a@example.com',
    'a\\@example.com',
  ])('is not %j', email => {
    expect(messagesOf(emailField, email)).toEqual(['email_not_an_address']);
  });

  test('loses the space around it, line ends too', () => {
    expect(v.parse(emailField, ' \t\u00a0name@example.com \r\n')).toBe('name@example.com');
  });

  test('has at most 254 characters, not counting the space around it', () => {
    const longest = `${'a'.repeat(242)}@example.com`;
    expect(longest).toHaveLength(254);
    expect(v.parse(emailField, `  ${longest}  `)).toBe(longest);
    expect(messagesOf(emailField, `a${longest}`)).toEqual(['email_too_long']);
  });

  test('is asked for where there is none', () => {
    for (const empty of ['', '   ', '\n']) expect(messagesOf(emailField, empty)).toEqual(['email_empty']);
  });

  test('of a megabyte is judged at once', () => {
    expect(messagesOf(emailField, `${'a@'.repeat(500_000)}!`)).toHaveLength(1);
    expect(messagesOf(emailField, `a@${'a-'.repeat(120)}`)).toHaveLength(1);
  });
});

describe('a username', () => {
  test.each(['ab', 'Ada', 'ada.lovelace', 'a_d-a.1', '..', '0123456789', 'x'.repeat(20)])('is %s', username => {
    expect(v.parse(usernameField, username)).toBe(username);
    expect(messagesOf(usernameField, username)).toEqual([]);
  });

  const letters = 'username_characters';
  test.each([
    ['', 'username_empty'],
    ['a', 'username_too_short'],
    ['x'.repeat(21), 'username_too_long'],
    [' ada', letters],
    ['ada ', letters],
    ['a da', letters],
    ['ada\n', letters],
    ['ädä', letters],
    ['аda', letters],
    ['\u212aate', letters],
    ['ﬁona', letters],
    ['ａｄａ', letters],
    ['ada\u200b', letters],
    ['\u202eada', letters],
    ['ada\0', letters],
    ['ada@example', letters],
    ['<b>', letters],
    ["' or 1=1", letters],
    ['ada🔒', letters],
    ['٣٣', letters],
  ])('is not %j: %s', (username, message) => {
    expect(messagesOf(usernameField, username)).toEqual([message]);
  });
});

const NO_TEXT: unknown[] = [null, undefined, 7, true, [], {}, ['a@example.com'], { toString: 'a@example.com' }];
test.each(NO_TEXT.map(value => [value]))(
  'a field that is %j is no text, and is said to be none without being repeated',
  value => {
    expect(messagesOf(emailField, value)).toEqual(['not_text']);
    expect(messagesOf(usernameField, value)).toEqual(['not_text']);
  },
);

test('no message repeats what was entered', () => {
  for (const value of ['sentinel', 'sentinel sentinel', `sentinel${'x'.repeat(300)}`, `sentinel@${'x'.repeat(300)}`]) {
    for (const field of [emailField, usernameField]) {
      expect(messagesOf(field, value).join(' ')).not.toContain('sentinel');
    }
    expect(brokenPasswordRule(value, 400)).not.toContain('sentinel');
  }
});
