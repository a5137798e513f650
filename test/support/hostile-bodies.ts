/** Bodies that nobody's page sends: good ones with something wrong in them, as data, so that a failure can be read. */
import fc from 'fast-check';

export type Twist =
  | { kind: 'keep' }
  | { kind: 'drop'; field: number }
  | { kind: 'put'; field: number; value: unknown }
  /** A value that is good elsewhere: somebody's name or address, a link of another purpose, a password. */
  | { kind: 'borrow'; field: number; from: number }
  | { kind: 'add'; name: string; value: unknown }
  | { kind: 'twice'; field: number; value: unknown }
  /** A value that only JSON's text can have, such as 1e999. */
  | { kind: 'raw value'; field: number; text: string }
  | { kind: 'wrap'; before: string; after: string }
  | { kind: 'nest'; depth: number }
  | { kind: 'cut'; at: number }
  | { kind: 'bytes'; at: number; bytes: number[] }
  | { kind: 'instead'; text: string }
  | { kind: 'utf-16' };

const ODD_STRINGS = [
  '',
  ' ',
  '\0',
  '\r\nSet-Cookie: a=b',
  '\ud800',
  'x\udfffy',
  '\u202e',
  'e\u0301',
  '\u{1f600}',
  "' OR 1=1 --",
  '"; DROP TABLE users; --',
  '%00',
  '../../etc/passwd',
  '{{7*7}}',
  '<script>alert(1)</script>',
  'null',
  'true',
  '0',
  'ada@example.com\n',
  ' ada@example.com\t',
  'ADA@EXAMPLE.COM',
  'ada@example.com\0',
  'ada@[127.0.0.1]',
  'ada@ex\u00e4mple.com',
  'a@b',
  '\ufeffada@example.com',
  `${'a'.repeat(245)}@b.example`,
  'eyJhbGciOiJub25lIn0.e30.',
  'a.b.c',
  '..',
  'a.'.repeat(2000),
  'x'.repeat(256),
  'x'.repeat(257),
  'é'.repeat(256),
  'x'.repeat(8000),
  'x'.repeat(20_000),
];
const ODD_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '',
  'Email',
  'email ',
  'admin',
  'id',
  'errors',
  '\0',
  '0',
  'length',
];
const RAW_VALUES = [
  '1e999',
  '-1e999',
  '-0',
  '1E+400',
  'NaN',
  'Infinity',
  '0x10',
  '01',
  '9007199254740993',
  '.5',
  '1.',
  'undefined',
  "'x'",
  '"\\x"',
  '"\\ud800"',
  '"\\u0000"',
  '"a\tb"',
  '{"__proto__":{"x":1}}',
  '[[[[]]]]',
  '',
];
const ODD_TEXTS = [
  '',
  ' ',
  'null',
  '""',
  '0',
  '{',
  '}',
  '{}{}',
  '[]',
  '[{}]',
  '{"":""}',
  '{,}',
  '{"a":1,}',
  '// {}',
  '{}\0',
  'email=ada@example.com',
  '<?xml version="1.0"?><a/>',
  ")]}',\n{}",
  '\u2028{}',
];
const ODD_BYTES = [
  [0xff],
  [0xc3],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0x00],
  [0xef, 0xbb, 0xbf],
  [0x1f, 0x8b],
];

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD_STRINGS) },
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ maxLength: 40 }),
  fc.emailAddress(),
);
const value = fc.oneof(
  { weight: 3, arbitrary: text },
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, true, false, 0, -1, 1e308, [], {}, [[]]),
);
const name = fc.oneof(fc.constantFrom(...ODD_NAMES), fc.string({ maxLength: 20 }));
const field = fc.nat({ max: 3 });
/** Evenly: `fc.double` prefers its ends. */
const place = fc.nat({ max: 999 }).map(n => n / 1000);

const twist: fc.Arbitrary<Twist> = fc.oneof(
  fc.constant({ kind: 'keep' } as const),
  fc.record({ kind: fc.constant('drop' as const), field }),
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), field, value }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('borrow' as const),
      field,
      from: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 40 })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('add' as const), name, value }) },
  fc.record({ kind: fc.constant('twice' as const), field, value }),
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('raw value' as const), field, text: fc.constantFrom(...RAW_VALUES) }),
  },
  fc.record({
    kind: fc.constant('wrap' as const),
    before: fc.constantFrom('[', '', '\ufeff', ' \n\t', '\u00a0', '/**/', ")]}'\n", '\0'),
    after: fc.constantFrom(']', '', ' ', '{}', ',', '\0', ';'),
  }),
  fc.record({ kind: fc.constant('nest' as const), depth: fc.integer({ min: 1, max: 9000 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: place }),
  fc.record({ kind: fc.constant('bytes' as const), at: place, bytes: fc.constantFrom(...ODD_BYTES) }),
  fc.record({
    kind: fc.constant('instead' as const),
    text: fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.json({ maxDepth: 3 }), text),
  }),
  fc.constant({ kind: 'utf-16' } as const),
);

/** One or two things wrong with a body, or none. */
export const twists: fc.Arbitrary<Twist[]> = fc.array(twist, { minLength: 1, maxLength: 2 });
