/**
 * Writes what a deployment has learnt into wrangler.toml: one line each, so that its comments and everything else stay as
 * they are. Wrangler reads the file again before it is kept.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { DeployError } from './deploy-error.ts';
import { readWranglerConfig, type WranglerConfig } from './read-config.ts';

export type Edit = {
  /** As in `[vars]`; '' for what stands above all tables. */
  table: string;
  key: string;
  value: string;
  /** For `[[d1_databases]]` and its like: the one with this binding. */
  binding?: string;
};

const HEADER = /^\s*\[/;
const ENTRY = /^\s*[\w-]+\s*=/;
/** A key, a string on one line, and a comment. */
const assignmentOf = (key: string) =>
  new RegExp(`^(\\s*${key}\\s*=\\s*)(?:"(?:[^"\\\\]|\\\\.)*"|'[^']*')(\\s*(?:#.*)?)$`);

/** Sets a string, in place where the key is there. Null where there is no such table, or the key holds something else. */
export const setInToml = (text: string, { table, key, value, binding }: Edit): string | null => {
  // Of a file that a Windows editor wrote each line ends in \r, which stays.
  const lines = text.split('\n');
  const bare = lines.map(line => line.replace(/\r$/, ''));
  const starts = table === '' ? [-1] : bare.flatMap((line, at) => (isHeaderOf(line, table) ? [at] : []));
  for (const start of starts) {
    const next = lines.findIndex((line, at) => at > start && HEADER.test(line));
    const end = next < 0 ? lines.length : next;
    const block = bare.slice(start + 1, end);
    if (binding && !block.some(line => bindingIn(line) === binding)) continue;
    // A basic string of TOML takes JSON's escapes.
    const written = JSON.stringify(value);
    const found = block.findIndex(line => new RegExp(`^\\s*${key}\\s*=`).test(line));
    const last = block.findLastIndex(line => ENTRY.test(line));
    const ending = text.includes('\r\n') ? '\r' : '';
    if (found < 0) lines.splice(start + 2 + last, 0, `${key} = ${written}${ending}`);
    else {
      const line = block[found] ?? '';
      if (!assignmentOf(key).test(line)) return null;
      const changed = line.replace(assignmentOf(key), (_, before, after) => before + written + after);
      lines[start + 1 + found] = lines[start + 1 + found]?.endsWith('\r') ? `${changed}\r` : changed;
    }
    return lines.join('\n');
  }
  return null;
};

const isHeaderOf = (line: string, table: string): boolean => {
  const name = line.replace(/#.*$/, '').replace(/\s/g, '');
  return name === `[${table}]` || name === `[[${table}]]`;
};

const bindingIn = (line: string) => /^\s*binding\s*=\s*["']([^"']*)["']/.exec(line)?.[1];

/** Makes the edits in the file. `isSo` judges what wrangler then reads; where that is not so, nothing is written. */
export const editConfig = (
  path: string,
  env: string,
  edits: Edit[],
  isSo: (config: WranglerConfig) => boolean,
): void => {
  const text = edits.reduce<string | null>(
    (soFar, edit) => soFar && setInToml(soFar, { ...edit, table: tableOf(edit.table, env) }),
    readFileSync(path, 'utf8'),
  );
  // Beside it, so that paths in it mean the same, and the change happens at once or not at all.
  const draft = path.replace(/\.toml$/, '.draft.toml');
  if (text !== null) {
    writeFileSync(draft, text);
    try {
      if (isSo(readWranglerConfig(draft, env))) {
        renameSync(draft, path);
        return;
      }
    } catch (error) {
      // It was the change that wrangler cannot read, not the file.
      if (!(error instanceof DeployError)) throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
  const wanted = edits.map(({ table, key, value }) => `  [${tableOf(table, env)}] ${key} = ${JSON.stringify(value)}`);
  throw new DeployError('wrangler.toml could not be changed.', `Write it yourself:\n${wanted.join('\n')}`);
};

const tableOf = (table: string, env: string): string =>
  env === '' ? table : ['env', env, table].filter(Boolean).join('.');
