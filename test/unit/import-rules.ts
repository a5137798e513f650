/** The rules of who may import whom, each with its reason. A rule answers what breaks it, as `importer -> imported`. */
import { COMPUTED, type Graph, type Import, type Module, reachOf } from './module-graph.ts';

export type ImportRule = { rule: string; reason: string; broken: (graph: Graph) => string[] };

/** The rooms of the Worker, from the ground up. Those of one floor may use each other. */
const FLOORS = [
  ['contract'],
  ['config', 'store', 'mail', 'credentials'],
  ['services'],
  ['registration', 'reset', 'account'],
  ['http'],
  ['routes'],
  ['app', 'mail-consumer', 'cleanup', 'service', 'index'],
];
/** At hand in every room. */
const AT_HAND = [
  'worker/clock.ts',
  'worker/log.ts',
  'worker/metrics.ts',
  'worker/unavailable.ts',
  'worker/bindings.ts',
  'worker/visitor.ts',
];

/** Where each library lives: files, or folders with a slash at their end. */
const HOMES: Record<string, string[]> = {
  jose: ['worker/credentials/link-token.ts'],
  '@noble/hashes': ['worker/credentials/scrypt-engine.ts', 'worker/credentials/foreign-hash.ts'],
  'node:crypto': ['worker/credentials/scrypt-engine.ts', 'worker/credentials/firebase-scrypt.ts'],
  aws4fetch: ['worker/mail/providers/ses.ts'],
  'drizzle-orm': ['worker/store/'],
  'drizzle-kit': ['drizzle.config.ts'],
  hono: ['worker/app.ts', 'worker/routes/', 'worker/http/'],
  'hono/cookie': ['worker/http/'],
  'hono/html': ['worker/mail/letter-layout.ts'],
  'hono/client': ['web/api.ts'],
  valibot: ['worker/contract/', 'worker/credentials/link-token.ts', 'worker/http/json-body.ts', 'worker/mail/job.ts'],
  'solid-js': ['web/'],
  '@solidjs/router': ['web/'],
  'cloudflare:workers': ['worker/credentials/password-hasher.ts', 'worker/service.ts'],
};

const isIn = (path: string, ...places: string[]) =>
  places.some(place => path === place || (place.endsWith('/') && path.startsWith(place)));
const isOwnFile = (to: string) => /\.(tsx?|json|css)$/.test(to) && !to.startsWith('@');

/** The parts of a Worker file's path below `worker/`: `mail/job.ts` is of `mail`, `config.ts` of `config`. */
const roomOf = (path: string) => (path.split('/')[1] ?? '').replace(/\.tsx?$/, '');
const floorOf = (path: string) => FLOORS.findIndex(rooms => rooms.includes(roomOf(path)));

/** All imports of these places that are as asked. */
const find = (graph: Graph, places: string[], isWrong: (one: Import, by: Module) => boolean): string[] =>
  [...graph.values()]
    .filter(({ path }) => isIn(path, ...places))
    .flatMap(by => by.imports.filter(one => isWrong(one, by)).map(({ to }) => `${by.path} -> ${to}`));

const findFiles = (graph: Graph, isWrong: (one: Module) => boolean): string[] =>
  [...graph.values()].filter(isWrong).map(({ path }) => path);

/** The most exact name that a home is given for: `drizzle-orm/d1` falls to `drizzle-orm`, `hono/html` does not to `hono`. */
const libraryOf = (to: string): string | undefined =>
  Object.keys(HOMES)
    .filter(name => to === name || to.startsWith(`${name}/`))
    .sort((a, b) => b.length - a.length)[0];

const cyclesOf = (graph: Graph): string[] => {
  const cycles = [...graph.keys()].flatMap(path => {
    const reach = reachOf(graph, path, one => !one.isType);
    const back = [...reach].find(([, chain]) =>
      graph.get(chain.at(-1) ?? '')?.imports.some(one => !one.isType && one.to === path),
    );
    const isItself = graph.get(path)?.imports.some(one => !one.isType && one.to === path);
    return back ? [back[1]] : isItself ? [[path]] : [];
  });
  // Each circle once, told from its first file by name.
  return cycles.filter(chain => chain[0] === [...chain].sort()[0]).map(chain => [...chain, chain[0]].join(' -> '));
};

/** Their tools find them by it. */
const DEFAULT_EXPORTS = [
  'worker/index.ts',
  'test/support/entries/',
  'test/browser/search-log.ts',
  'test/conformance/better-auth/worker.ts',
  'test/bench/workers/',
];

export const IMPORT_RULES: ImportRule[] = [
  {
    rule: 'every file of the Worker is in a room that has its floor',
    reason: 'a new room is given its place in FLOORS first, so that everybody knows what may lean on it',
    broken: graph =>
      findFiles(graph, ({ path }) => isIn(path, 'worker/') && !isIn(path, ...AT_HAND) && floorOf(path) < 0),
  },
  {
    rule: 'imports run one way: contract < config, store, mail, credentials < services < the twins and account < http < routes < the doors',
    reason: 'what lies below can be read, tested and moved without what lies above',
    broken: graph =>
      find(graph, ['worker/'], ({ to }, { path }) => {
        if (isIn(path, ...AT_HAND) || !isIn(to, 'worker/') || isIn(to, ...AT_HAND)) return false;
        return floorOf(to) > floorOf(path);
      }),
  },
  {
    rule: 'what is at hand everywhere imports no values',
    reason: 'every room uses these files, so whatever they pulled in would be in every room',
    broken: graph => find(graph, AT_HAND, ({ isType }) => !isType),
  },
  {
    rule: 'the contract imports valibot and itself',
    reason: 'the page loads it too: whatever it drags in, every visitor downloads',
    broken: graph => find(graph, ['worker/contract/'], ({ to }) => to !== 'valibot' && !isIn(to, 'worker/contract/')),
  },
  {
    rule: 'reset and registration do not import each other',
    reason: 'the twins are alike and independent; what both need lies in credentials or mail',
    broken: graph => [
      ...find(graph, ['worker/reset/'], ({ to }) => isIn(to, 'worker/registration/')),
      ...find(graph, ['worker/registration/'], ({ to }) => isIn(to, 'worker/reset/')),
    ],
  },
  {
    rule: 'asking for a reset or a registration reaches nothing in store/, by any chain of values or types',
    reason: 'they cannot tell who has an account because they cannot know: no answer and no time differs',
    broken: graph =>
      ['worker/reset/request-reset.ts', 'worker/registration/request-registration.ts'].flatMap(path => {
        if (!graph.has(path)) return [`${path} is missing`];
        const reach = [...reachOf(graph, path, () => true)];
        return reach
          .filter(([to]) => isIn(to, 'worker/store/') || to.startsWith('drizzle-orm'))
          .map(([, chain]) => chain.join(' -> '));
      }),
  },
  {
    rule: 'the Worker imports nothing of the page, the tests or the scripts',
    reason: 'the shipped Worker holds no test code, and no `document`',
    broken: graph =>
      find(graph, ['worker/'], ({ to, isType }) => {
        // Of the words their names, as types: the words themselves are no part of the bundle.
        if (isType && isIn(to, 'words/')) return false;
        return isOwnFile(to) && !isIn(to, 'worker/', 'package.json');
      }),
  },
  {
    rule: 'the page takes values from worker/contract/ and the type App, nothing else',
    reason: 'what the page imports is published, and the rest of the Worker is none of its business',
    broken: graph =>
      find(graph, ['web/'], ({ to, isType }) => {
        if (!isOwnFile(to) || isIn(to, 'web/', 'worker/contract/', 'words/')) return false;
        return !(isType && to === 'worker/app.ts');
      }),
  },
  {
    rule: 'only the loader knows where the words are, and words.ts their types',
    reason: 'words are loaded by language and group: whoever imported them would carry one language for everybody',
    broken: graph =>
      find(graph, ['web/', 'worker/'], ({ to, isType }, { path }) => {
        if (!isIn(to, 'words/')) return false;
        return !(path === 'web/words.ts' && isType) && !isIn(path, 'worker/mail/');
      }),
  },
  {
    rule: 'each library has its home',
    reason: 'its errors and its ways stop there, and it can be replaced there; a new one is given a home in HOMES',
    broken: graph =>
      find(graph, ['worker/', 'web/', 'drizzle.config.ts'], ({ to }, { path }) => {
        if (isOwnFile(to) || to === COMPUTED) return false;
        return !isIn(path, ...(HOMES[libraryOf(to) ?? ''] ?? []));
      }),
  },
  {
    rule: 'what is imported stands in the source as plain text',
    reason: 'an import that is computed escapes these rules',
    broken: graph => find(graph, ['worker/', 'web/'], ({ to }) => to === COMPUTED),
  },
  {
    rule: 'no circle of values',
    reason: 'in a circle nobody comes first: a module may see another half made, and none can be read alone',
    broken: cyclesOf,
  },
  {
    rule: 'no file only passes on what others export',
    reason: 'a barrel hides where things live and drags in all that it names',
    broken: graph => findFiles(graph, ({ isBarrel }) => isBarrel),
  },
  {
    rule: 'no file is named for being useful',
    reason: 'utils and helpers name nothing, so everything ends up there: name the file for what it holds',
    broken: graph => findFiles(graph, ({ path }) => /(^|[/-])(utils?|helpers?|common|misc|shared)(\.|\/|-)/.test(path)),
  },
  {
    rule: 'no default exports but where a tool asks for one',
    reason: 'a name that every importer makes up anew cannot be searched for',
    broken: graph =>
      findFiles(graph, ({ path, hasDefault }) => {
        const isAskedFor = isIn(path, ...DEFAULT_EXPORTS) || /^[\w.]+\.config\.ts$/.test(path);
        return hasDefault && !isAskedFor;
      }),
  },
];
