/**
 * Which module imports which, read by Vite's own parser (oxc), so types and JSX need no stripping and every form counts:
 * import, export from, import(), and import() in a type. `import { type A }` counts as a value: under
 * verbatimModuleSyntax the import itself stays in what is emitted. `import type` and `export type` vanish: types.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync, Visitor } from 'vite';

/** `to`: a path from the repository's root, or a package as it is named. */
export type Import = { to: string; isType: boolean };
export type Module = { path: string; imports: Import[]; hasDefault: boolean; isBarrel: boolean };
export type Graph = ReadonlyMap<string, Module>;

export const COMPUTED = '(computed)';

const readModule = (path: string, source: string): Module => {
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const imports: Import[] = [];
  let hasDefault = false;
  const add = (specifier: string, isType: boolean) => {
    const isOwn = specifier.startsWith('.');
    imports.push({ to: isOwn ? posix.join(posix.dirname(path), specifier) : specifier, isType });
  };
  new Visitor({
    ImportDeclaration: node => add(node.source.value, node.importKind === 'type'),
    ExportAllDeclaration: node => add(node.source.value, node.exportKind === 'type'),
    ExportNamedDeclaration: node => {
      if (node.source) add(node.source.value, node.exportKind === 'type');
      hasDefault ||= node.specifiers.some(({ exported }) => 'name' in exported && exported.name === 'default');
    },
    ExportDefaultDeclaration: () => {
      hasDefault = true;
    },
    ImportExpression: ({ source: asked }) => {
      const isText = asked.type === 'Literal' && typeof asked.value === 'string';
      add(isText ? String(asked.value) : COMPUTED, false);
    },
    TSImportType: node => add(String(node.source.value), true),
  }).visit(program);

  const passesOn = program.body.filter(
    node => node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && !node.declaration),
  );
  const imported = program.body.filter(node => node.type === 'ImportDeclaration');
  const isBarrel = passesOn.length > 0 && passesOn.length + imported.length === program.body.length;
  return { path, imports, hasDefault, isBarrel };
};

export const graphOf = (sources: Record<string, string>): Graph =>
  new Map(Object.entries(sources).map(([path, source]) => [path, readModule(path, source)]));

/** Every TypeScript file of these folders, and those that lie at the root itself. */
export const readGraph = (root: string, folders: string[]): Graph => {
  const isCode = (name: string) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts');
  const paths = folders.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(name => posix.join(folder, name)),
  );
  const files = [...paths, ...readdirSync(root)].filter(isCode);
  return graphOf(Object.fromEntries(files.map(path => [path, readFileSync(join(root, path), 'utf8')])));
};

/** All that a module imports, and what that imports, with the first chain that leads there. */
export const reachOf = (graph: Graph, from: string, follows: (one: Import) => boolean): Map<string, string[]> => {
  const chains = new Map<string, string[]>([[from, [from]]]);
  for (const [path, chain] of chains) {
    for (const one of graph.get(path)?.imports ?? []) {
      if (follows(one) && !chains.has(one.to)) chains.set(one.to, [...chain, one.to]);
    }
  }
  chains.delete(from);
  return chains;
};
