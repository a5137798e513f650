/** The log: one line of JSON for each event, and of what was thrown the class alone. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { errorClasses, log } from '../../worker/log.ts';
import { Unavailable } from '../../worker/unavailable.ts';

afterEach(() => vi.restoreAllMocks());

test.each(['info', 'warn', 'error'] as const)('an event is one line of JSON, written at its level: %s', level => {
  const write = vi.spyOn(console, level).mockReturnValue();
  log(level, 'mail_accepted', { jobId: 'a\nb', attempts: 2, problems: ['x'], reason: null });
  expect(write).toHaveBeenCalledExactlyOnceWith(
    `{"level":"${level}","event":"mail_accepted","jobId":"a\\nb","attempts":2,"problems":["x"],"reason":null}`,
  );
});

describe('of what was thrown', () => {
  class DatabaseError extends Error {}

  test.each([
    ['its class', new TypeError('sentinel'), 'TypeError'],
    ['a class of our own', new DatabaseError('sentinel'), 'DatabaseError'],
    [
      'the classes of its causes',
      new Unavailable('database', new DatabaseError('sentinel')),
      'Unavailable < DatabaseError',
    ],
    ['no name that it gives itself', Object.assign(new Error('sentinel'), { name: 'sentinel' }), 'Error'],
    ['what a system error is, without its path', Object.assign(new Error('sentinel'), { code: 'ENOENT' }), 'Error'],
    ['what was aborted', AbortSignal.abort().reason, 'DOMException'],
    ['the kind of what is no error', 'sentinel', 'string'],
    ['the kind of an object', { message: 'sentinel' }, 'object'],
    ['nothing of nothing', undefined, 'undefined'],
    ['no text among its causes', new Error('sentinel', { cause: 'sentinel' }), 'Error'],
  ])('the log learns %s', (_what, thrown, classes) => {
    expect(errorClasses(thrown)).toBe(classes);
  });

  test('a chain of causes that is long or runs in a circle ends', () => {
    const circle = new Error('sentinel');
    circle.cause = new TypeError('sentinel', { cause: circle });
    expect(errorClasses(circle)).toBe('Error < TypeError < Error < TypeError < Error');
  });
});
