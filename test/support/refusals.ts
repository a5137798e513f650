/** What holds for every answer of the API, whatever was sent: the properties that the fuzz tests look for. */
import { PROBLEMS, type ProblemCode } from '../../worker/contract/problems.ts';
import type { Answer } from './people.ts';

const FIELDS = ['type', 'title', 'status', 'detail', 'code', 'reason', 'errors'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SAFE_HEADERS = [
  'Content-Security-Policy',
  'Strict-Transport-Security',
  'X-Content-Type-Options',
  'Referrer-Policy',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Resource-Policy',
  'Permissions-Policy',
];

/** What is wrong with the headers that every answer of the API has. */
const headerFaults = ({ headers }: Answer): string[] => [
  ...SAFE_HEADERS.filter(name => !headers.has(name)).map(name => `${name} is missing`),
  ...(UUID.test(headers.get('X-Request-Id') ?? '') ? [] : ['X-Request-Id is missing']),
  ...(headers.get('Cache-Control') === 'no-store' ? [] : ['it may be kept']),
  ...[...headers.keys()].filter(name => name.startsWith('access-control-')).map(name => `${name} lets others read it`),
];

/** What is wrong with a refusal as a problem of RFC 9457. A HEAD's has no body to look at. */
const problemFaults = ({ status, headers, text, body }: Answer, isHead: boolean): string[] => {
  if (headers.get('Content-Type') !== 'application/problem+json') return [`it is ${headers.get('Content-Type')}`];
  if (isHead) return text === '' ? [] : ['HEAD has a body'];
  const known = Object.hasOwn(PROBLEMS, String(body.code)) ? PROBLEMS[body.code as ProblemCode] : null;
  return [
    ...(known?.[0] === status && body.status === status ? [] : [`${body.code} under ${status}`]),
    ...Object.keys(body)
      .filter(name => !FIELDS.includes(name))
      .map(name => `an odd field ${name}`),
    ...(status === 405 && !headers.has('Allow') ? ['Allow is missing'] : []),
    ...([429, 503].includes(status) && !(Number(headers.get('Retry-After')) > 0) ? ['Retry-After is missing'] : []),
  ];
};

/**
 * Everything that is wrong with an answer of the API, in words. `marker` is what the request held and a refusal must not
 * repeat; `mayBeFull` is for calls that hash, whose lane can be full.
 */
export const faultsOf = (
  answer: Answer,
  { marker, isHead = false, mayBeFull = false }: { marker: string; isHead?: boolean; mayBeFull?: boolean },
): string[] => {
  const faults = headerFaults(answer);
  if (answer.status < 400) return faults;
  const isFull = answer.status === 503 && mayBeFull;
  if (answer.status >= 500 && !isFull) faults.push(`it is a ${answer.status}`);
  const whole = `${[...answer.headers].join('\n')}\n${answer.text}`;
  if (whole.toLowerCase().includes(marker.toLowerCase())) faults.push('it repeats what was sent');
  return [...faults, ...problemFaults(answer, isHead)];
};
