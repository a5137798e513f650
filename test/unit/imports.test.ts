/** The rules of who may import whom hold for all of the code, and each of them can fail. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { IMPORT_RULES } from './import-rules.ts';
import { graphOf, reachOf, readGraph } from './module-graph.ts';

const graph = readGraph(join(import.meta.dirname, '../..'), ['worker', 'web', 'test', 'scripts']);

describe('in all of the code', () => {
  test.each(IMPORT_RULES)('$rule', ({ broken, reason }) => {
    expect(broken(graph), `The reason: ${reason}.`).toEqual([]);
  });

  test('every file was read, and every import of our own leads to a file that is there', () => {
    for (const path of ['worker/index.ts', 'worker/mail/letter-layout.ts', 'web/main.tsx', 'vitest.config.ts']) {
      expect(graph.has(path), path).toBe(true);
    }
    const lost = [...graph.values()].flatMap(({ path, imports }) =>
      imports.filter(({ to }) => /\.tsx?$/.test(to) && !graph.has(to)).map(({ to }) => `${path} -> ${to}`),
    );
    expect(lost).toEqual([]);
    expect([...reachOf(graph, 'worker/index.ts', one => !one.isType).keys()]).toContain('worker/store/users.ts');
  });
});

describe('of a module, what counts', () => {
  const importsOf = (source: string) => graphOf({ 'worker/mail/a.ts': source }).get('worker/mail/a.ts')?.imports;

  test.each([
    ["import { b } from './b.ts'", './b.ts', false],
    ["import b from './b.ts'", './b.ts', false],
    ["import * as b from './b.ts'", './b.ts', false],
    ["import './b.ts'", './b.ts', false],
    ["import { b, type B } from './b.ts'", './b.ts', false],
    ["import { type B } from './b.ts'", './b.ts', false],
    ["export { b } from './b.ts'", './b.ts', false],
    ["export * from './b.ts'", './b.ts', false],
    ["export * as b from './b.ts'", './b.ts', false],
    ["const b = await import('./b.ts')", './b.ts', false],
    ["import type { B } from './b.ts'", './b.ts', true],
    ["export type { B } from './b.ts'", './b.ts', true],
    ["export type * from './b.ts'", './b.ts', true],
    ["let b: import('./b.ts').B", './b.ts', true],
    ["let b: typeof import('./b.ts')", './b.ts', true],
  ])('is %s', (source, to, isType) => {
    expect(importsOf(source)).toEqual([{ to: to.replace('./', 'worker/mail/'), isType }]);
  });

  test('is not what stands in a comment, a text or a pattern', () => {
    expect(
      importsOf(
        `// import './b.ts'\nexport const b = "import './b.ts'", c = /import '.\\/b.ts'/, d = \`import('./b')\``,
      ),
    ).toEqual([]);
  });
});

/** For each rule a few small worlds that break it, and how the breach is told. */
const BREACHES: [string, Record<string, string>, string][] = [
  ['has its floor', { 'worker/attic/a.ts': 'export {}' }, 'worker/attic/a.ts'],
  ['has its floor', { 'worker/stray.ts': 'export {}' }, 'worker/stray.ts'],
  [
    'imports run one way',
    { 'worker/store/users.ts': "import { a } from '../services.ts'" },
    'worker/store/users.ts -> worker/services.ts',
  ],
  [
    'imports run one way',
    { 'worker/account/sign-in.ts': "import type { A } from '../http/app-env.ts'" },
    'worker/account/sign-in.ts -> worker/http/app-env.ts',
  ],
  [
    'imports run one way',
    { 'worker/routes/a.ts': "export const a = () => import('../mail-consumer.ts')" },
    'worker/routes/a.ts -> worker/mail-consumer.ts',
  ],
  [
    'at hand everywhere',
    { 'worker/visitor.ts': "import { visitorOf } from './http/visitor.ts'" },
    'worker/visitor.ts -> worker/http/visitor.ts',
  ],
  ['at hand everywhere', { 'worker/log.ts': "import { a } from './config.ts'" }, 'worker/log.ts -> worker/config.ts'],
  ['the contract imports', { 'worker/contract/a.ts': "import 'hono'" }, 'worker/contract/a.ts -> hono'],
  [
    'the contract imports',
    { 'worker/contract/a.ts': "import type { A } from '../log.ts'" },
    'worker/contract/a.ts -> worker/log.ts',
  ],
  [
    'do not import each other',
    { 'worker/reset/a.ts': "import { b } from '../registration/b.ts'" },
    'worker/reset/a.ts -> worker/registration/b.ts',
  ],
  [
    'do not import each other',
    { 'worker/registration/a.ts': "import type { B } from '../reset/b.ts'" },
    'worker/registration/a.ts -> worker/reset/b.ts',
  ],
  [
    'reaches nothing in store/',
    {
      'worker/reset/request-reset.ts': "import { a } from '../mail/a.ts'",
      'worker/registration/request-registration.ts': 'export {}',
      'worker/mail/a.ts': "import type { B } from '../mail/b.ts'",
      'worker/mail/b.ts': "export { c } from '../store/users.ts'",
    },
    'worker/reset/request-reset.ts -> worker/mail/a.ts -> worker/mail/b.ts -> worker/store/users.ts',
  ],
  [
    'reaches nothing in store/',
    { 'worker/reset/request-reset.ts': 'export {}' },
    'worker/registration/request-registration.ts is missing',
  ],
  ['nothing of the page', { 'worker/a.ts': "import { a } from '../web/api.ts'" }, 'worker/a.ts -> web/api.ts'],
  [
    'nothing of the page',
    { 'worker/a.ts': "import type { A } from '../test/support/harness.ts'" },
    'worker/a.ts -> test/support/harness.ts',
  ],
  ['the page takes values', { 'web/a.tsx': "import { log } from '../worker/log.ts'" }, 'web/a.tsx -> worker/log.ts'],
  ['the page takes values', { 'web/a.tsx': "import { App } from '../worker/app.ts'" }, 'web/a.tsx -> worker/app.ts'],
  [
    'the page takes values',
    { 'web/a.tsx': "import { type App } from '../worker/app.ts'; export const a = <b />" },
    'web/a.tsx -> worker/app.ts',
  ],
  [
    'the page takes values',
    { 'web/a.tsx': "import type { Config } from '../worker/config.ts'" },
    'web/a.tsx -> worker/config.ts',
  ],
  [
    'knows where the words are',
    { 'web/a.ts': "import words from '../words/en/home.json'" },
    'web/a.ts -> words/en/home.json',
  ],
  [
    'knows where the words are',
    { 'worker/http/a.ts': "import words from '../../words/en/home.json'" },
    'worker/http/a.ts -> words/en/home.json',
  ],
  ['its home', { 'worker/account/a.ts': "import { jwtVerify } from 'jose'" }, 'worker/account/a.ts -> jose'],
  [
    'its home',
    { 'worker/http/a.ts': "import type { SQL } from 'drizzle-orm/sqlite-core'" },
    'worker/http/a.ts -> drizzle-orm/sqlite-core',
  ],
  [
    'nothing of the page',
    { 'worker/mail/a.ts': "import words from '../../words/en/letters.json'; export const a = words" },
    'worker/mail/a.ts -> words/en/letters.json',
  ],
  ['its home', { 'worker/http/a.ts': "import { html } from 'hono/html'" }, 'worker/http/a.ts -> hono/html'],
  ['its home', { 'worker/routes/a.ts': "import Bowser from 'bowser'" }, 'worker/routes/a.ts -> bowser'],
  [
    'its home',
    { 'worker/routes/a.ts': "import { getCookie } from 'hono/cookie'" },
    'worker/routes/a.ts -> hono/cookie',
  ],
  ['its home', { 'worker/http/a.ts': "import leftPad from 'left-pad'" }, 'worker/http/a.ts -> left-pad'],
  ['its home', { 'worker/store/a.ts': "import { Buffer } from 'node:buffer'" }, 'worker/store/a.ts -> node:buffer'],
  ['plain text', { 'worker/http/a.ts': 'export const a = (b: string) => import(b)' }, 'worker/http/a.ts -> (computed)'],
  [
    'no circle',
    {
      'worker/mail/a.ts': "import { b } from './b.ts'",
      'worker/mail/b.ts': "import { c } from '../store/c.ts'",
      'worker/store/c.ts': "export { a } from '../mail/a.ts'",
    },
    'worker/mail/a.ts -> worker/mail/b.ts -> worker/store/c.ts -> worker/mail/a.ts',
  ],
  ['no circle', { 'worker/mail/a.ts': "import './a.ts'" }, 'worker/mail/a.ts -> worker/mail/a.ts'],
  ['only passes on', { 'worker/mail/index.ts': "export * from './a.ts'" }, 'worker/mail/index.ts'],
  ['only passes on', { 'web/a.ts': "import { a } from './b.ts'; export { a }" }, 'web/a.ts'],
  ['only passes on', { 'web/a.ts': "export type { A } from './b.ts'" }, 'web/a.ts'],
  ['named for being useful', { 'worker/mail/utils.ts': 'export {}' }, 'worker/mail/utils.ts'],
  ['named for being useful', { 'web/helpers/date.ts': 'export const a = 1' }, 'web/helpers/date.ts'],
  ['named for being useful', { 'test/unit/test-helpers.ts': 'export const a = 1' }, 'test/unit/test-helpers.ts'],
  ['no default exports', { 'worker/routes/a.ts': 'export default 1' }, 'worker/routes/a.ts'],
  ['no default exports', { 'web/a.ts': 'const a = 1; export { a as default }' }, 'web/a.ts'],
];

describe('each rule can fail', () => {
  test.each(BREACHES)('%s: %j', (part, sources, told) => {
    const rules = IMPORT_RULES.filter(({ rule }) => rule.includes(part));
    expect(rules).toHaveLength(1);
    expect(rules[0]?.broken(graphOf(sources))).toContainEqual(told);
  });

  test('and every one has been seen to', () => {
    const unseen = IMPORT_RULES.filter(({ rule }) => !BREACHES.some(([part]) => rule.includes(part)));
    expect(unseen.map(({ rule }) => rule)).toEqual([]);
  });

  test('while a sound little world breaks none', () => {
    const sound = graphOf({
      'worker/contract/fields.ts': "import * as v from 'valibot'; export const a = v.string()",
      'worker/mail/job.ts':
        "import * as v from 'valibot'; import { log } from '../log.ts'; export const b = v.string()",
      'worker/log.ts': "import type { Bindings } from './bindings.ts'; export const log = 1",
      'worker/bindings.ts': "import type { Job } from './mail/job.ts'; export type Bindings = Job",
      'worker/reset/request-reset.ts': "import { b } from '../mail/job.ts'; export const c = b",
      'worker/registration/request-registration.ts': "import type { B } from '../mail/job.ts'; export type D = B",
      'worker/index.ts': "import { createApp } from './app.ts'; export default createApp",
      'worker/app.ts': "import { Hono } from 'hono'; export const createApp = () => new Hono()",
      'web/api.ts':
        "import { hc } from 'hono/client'; import type { App } from '../worker/app.ts'; export const d = hc<App>('/')",
      'web/a.tsx':
        "import { a } from '../worker/contract/fields.ts'; import './a.css'; export const E = () => <p>{a}</p>",
    });
    expect(IMPORT_RULES.flatMap(({ broken }) => broken(sound))).toEqual([]);
  });
});
