/** What the page says of a failure. Loaded by name: the page is a program of its own, with globals that its build writes. */
import { expect, test, vi } from 'vitest';

vi.stubGlobal('__APP_NAME__', 'Rekey');
vi.stubGlobal('__PASSWORD_MIN_LENGTH__', 15);

type Failure = { code: string; detail: string; errors: []; retryAfterSeconds: number };
type Module = { waitText: (seconds: number) => string; problemText: (failure: Failure) => string };

const MODULE = '../../web/problem-text.ts';
const { waitText, problemText } = (await import(/* @vite-ignore */ MODULE)) as Module;

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

test("the API's own sentence is what a person reads", () => {
  expect(problemText(failure({}))).toBe('The sentence of the API.');
  expect(problemText(failure({ code: 'too_many_requests' }))).toBe('The sentence of the API.');
});

test('a limit that says when it ends is said with its time', () => {
  const text = problemText(failure({ code: 'too_many_requests', retryAfterSeconds: 90 }));
  expect(text).toBe('Too many tries. You can try again in 1 minute 30 seconds.');
});

test('where nobody answered, the page says so and what to do', () => {
  const text = problemText(failure({ code: 'no_answer', detail: '' }));
  expect(text).toMatch(/^We could not reach Rekey\. Check your connection and try again\./);
});
