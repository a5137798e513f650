/** What the page says of a failure. Loaded by name: the page is a program of its own, with globals that its build writes. */
import { afterEach, expect, test, vi } from 'vitest';

vi.stubGlobal('__APP_NAME__', 'Rekey');
vi.stubGlobal('__PASSWORD_MIN_LENGTH__', 15);
vi.stubGlobal('__MAIL_FROM__', 'Rekey <noreply@demo.com>');
vi.stubGlobal('__LOGO_SRC__', '/favicon.svg');
vi.stubGlobal('__LOGO_WIDTH__', 28);
vi.stubGlobal('__LOGO_IS_NAME__', false);

type Failure = { code: string; reason?: string; detail: string; errors: []; retryAfterSeconds: number };
type FieldError = { field: string; rule: string; message: string };
type Module = {
  waitText: (seconds: number) => string;
  problemText: (failure: Failure) => string;
  fieldErrorText: (error: FieldError) => string;
};
type WordsModule = { needWords: (groups: string[]) => Promise<void>; speak: (language: string) => Promise<boolean> };

vi.stubGlobal('document', { documentElement: {} });

const MODULE = '../../web/problem-text.ts';
const { waitText, problemText, fieldErrorText } = (await import(/* @vite-ignore */ MODULE)) as Module;
const WORDS = '../../web/words.ts';
const { needWords, speak } = (await import(/* @vite-ignore */ WORDS)) as WordsModule;
await needWords(['every-page', 'choosing']);

const failure = (given: Partial<Failure>): Failure => ({
  code: 'unavailable',
  detail: 'The sentence of the API.',
  errors: [],
  retryAfterSeconds: 0,
  ...given,
});

test.each([
  [0, '0 seconds'],
  [1, '1 second'],
  [45, '45 seconds'],
  [60, '1 minute'],
  [61, '1 minute 1 second'],
  [120, '2 minutes'],
  [905, '15 minutes 5 seconds'],
])('a wait of %i is %j', (seconds, text) => {
  expect(waitText(seconds)).toBe(text);
});

afterEach(() => speak('en'));

test('a wait is said in the language of the page', async () => {
  await speak('de');
  expect(waitText(3661)).toMatch(/^1 Stunde,? 1 Minute$/);
  expect(waitText(0)).toBe('0 Sekunden');
});

test('a problem is said in our words for its reason, else for its code, in the language of the page', async () => {
  const forbidden = failure({ code: 'wrong_password' });
  expect(problemText(forbidden)).toBe('That is not your current password.');
  expect(problemText({ ...forbidden, reason: 'logged_out_here' })).toMatch(/you were logged out here/);
  expect(problemText({ ...forbidden, reason: 'something_new' })).toBe('That is not your current password.');
  await speak('de');
  expect(problemText(forbidden)).toMatch(/Passwort/);
});

test("what this page has no words for, a newer Worker's problem or rule, is said in the API's own sentence", () => {
  expect(problemText(failure({ code: 'something_new' }))).toBe('The sentence of the API.');
  const error = { field: 'username', message: 'The sentence of the API.' };
  expect(fieldErrorText({ ...error, rule: 'username_too_new' })).toBe('The sentence of the API.');
  expect(fieldErrorText({ ...error, rule: 'username_empty' })).toBe('Choose a username.');
});

test('a rule that speaks of a number which only the API knows is said in its own sentence', () => {
  const error = { field: 'password', rule: 'password_too_short', message: 'Use at least 20 characters. This has 16.' };
  expect(fieldErrorText(error)).toBe(error.message);
});

test('a limit that says when it ends is said with its time', () => {
  const text = problemText(failure({ code: 'too_many_requests', retryAfterSeconds: 90 }));
  expect(text).toBe('Too many tries. You can try again in 1 minute 30 seconds.');
});

test('where nobody answered, the page says so and what to do', () => {
  const text = problemText(failure({ code: 'no_answer', detail: '' }));
  expect(text).toMatch(/^We could not reach Rekey\. Check your connection and try again\./);
});
