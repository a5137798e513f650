/** Methods and paths that lead beside the calls there are, and queries that no answer has handed out. */
import fc from 'fast-check';

/** All that Node sends and workerd takes. */
const METHODS = [
  'GET',
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PURGE',
  'PROPFIND',
  'SEARCH',
  'LOCK',
];

const ODD_PARTS = [
  '',
  '.',
  '..',
  '%2e%2e',
  '%2f',
  '%5c',
  '\\',
  '%00',
  '%zz',
  '%',
  '%c3%28',
  '%e2%80%ae',
  ';jsessionid=x',
  '*',
  ':id',
  '{id}',
  '__proto__',
  'constructor',
  'x'.repeat(3000),
  "'--",
  '$',
  '~',
  '%0d%0aX-Evil:1',
  'openapi.json',
  'queue-door.json',
];
const QUERIES = [
  '',
  '?',
  '?before=',
  '?before=0-',
  '?before=x',
  '?before=999999999999999-00000000-0000-0000-0000-000000000000',
  '?before=1-------------------------------------',
  '?before=-1-00000000-0000-0000-0000-000000000000',
  '?before=1e3-00000000-0000-0000-0000-000000000000',
  '?before=%00',
  '?before=%',
  '?before[]=x',
  '?before=x&before=y',
  '?_method=DELETE',
  '?__proto__[x]=1',
  `?${'a&'.repeat(1000)}`,
  '?before=1-00000000-0000-0000-0000-00000000000g',
  "?before=1-' OR 1=1 --",
];

const encode = (character: string) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** The path of a call, with something done to it. */
const twistedPath = (path: string): fc.Arbitrary<string> => {
  const at = fc.nat({ max: path.length - 1 });
  const part = fc.oneof(fc.constantFrom(...ODD_PARTS), fc.webSegment());
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(path) },
    at.map(i => path.slice(0, i) + encode(path[i] ?? '/') + path.slice(i + 1)),
    at.map(i => path.slice(0, i) + (path[i] ?? '').toUpperCase() + path.slice(i + 1)),
    part.map(odd => `${path}/${odd}`),
    part.map(odd => path + odd),
    fc.tuple(at, part).map(([i, odd]) => path.slice(0, i) + odd + path.slice(i)),
    fc.constant(path.replaceAll('/', '//')),
    fc.constant(`${path}/`),
    fc.constant(path.replace('/api/', '/api/./')),
    fc.constant(path.replace('/api/', '/api/x/../')),
  );
};

const query = fc.oneof(
  fc.constantFrom(...QUERIES),
  fc.webQueryParameters().map(text => `?before=${text}`),
);

/** `paths`: those of the description. */
export const hostileTargets = (paths: string[]) =>
  fc.record({
    method: fc.constantFrom(...METHODS),
    target: fc
      .constantFrom(...paths)
      .chain(path => fc.oneof(fc.uuid(), fc.constantFrom(...ODD_PARTS)).map(id => path.replace('{id}', id)))
      .chain(path => fc.tuple(twistedPath(path), query))
      .map(parts => parts.join('').replaceAll(/[^\x21-\x7e]/g, ''))
      // Without a slash at its beginning it is no target at all, and workerd says so.
      .map(target => target.replace(/^(?!\/)/, '/')),
  });
