/** Reads users out of a file, one after the other, so that its size does not matter: CSV (RFC 4180) or JSON lines. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type CastingContext, CsvError, parse } from 'csv-parse';
import { AdminError } from '../admin-error.ts';
import { isUserColumn, USER_COLUMNS, type UserFields } from './user-columns.ts';

/** A row with the line that it ends on, or what keeps it from being read as one. */
export type UserRow = { line: number } & (
  | { kind: 'read'; fields: UserFields }
  | { kind: 'unreadable'; reason: string }
);

type Options = {
  /** Columns that are known to be of no use here. */
  ignored: ReadonlySet<string>;
  /** How much of the file was read so far. */
  onBytes?: ((bytes: number) => void) | undefined;
};

const MAX_ROW_CHARACTERS = 100_000;
const NOTHING = Object.fromEntries(USER_COLUMNS.map(name => [name, ''])) as UserFields;
const KNOWN = `Known are ${USER_COLUMNS.join(', ')}.`;

/** Throws an AdminError where the file as a whole cannot be read. */
export const readUserRows = (path: string, options: Options): AsyncGenerator<UserRow> => {
  if (/\.csv$/i.test(path)) return readCsv(path, options);
  if (/\.(jsonl|ndjson)$/i.test(path)) return readJsonLines(path, options);
  throw new AdminError(`${path} should end in .csv, or in .jsonl for JSON lines.`);
};

const openFile = (path: string, { onBytes }: Options) => {
  const file = createReadStream(path);
  if (onBytes) file.on('data', () => onBytes(file.bytesRead));
  return file;
};

/** What keeps a set of names from being columns, or null. */
const wrongNames = (names: readonly string[], ignored: ReadonlySet<string>): string | null => {
  if (names.includes('password')) return 'has passwords. Rekey takes hashes (password_hash) and keeps no password.';
  const unknown = names.filter(name => !isUserColumn(name) && !ignored.has(name));
  if (unknown.length > 0) {
    return `has ${unknown.map(name => JSON.stringify(name)).join(', ')}. ${KNOWN} Leave out what is of no use here: --ignore ${unknown.join(',')}`;
  }
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  return twice === undefined ? null : `has ${twice} twice.`;
};

async function* readCsv(path: string, options: Options): AsyncGenerator<UserRow> {
  const { ignored } = options;
  const file = openFile(path, options);
  const parser = file.pipe(
    parse({
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_ROW_CHARACTERS,
    }),
  );
  file.on('error', error => parser.destroy(error));
  let header: string[] | null = null;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: CastingContext }>) {
      if (header === null) {
        header = record.map(name => name.trim());
        const wrong = wrongNames(header, ignored);
        if (wrong) throw new AdminError(`The first line of ${path} ${wrong}`);
        if (!header.includes('email'))
          throw new AdminError(`The first line of ${path} names no column email. ${KNOWN}`);
        continue;
      }
      const line = info.lines;
      if (record.length !== header.length) {
        const reason = `has ${record.length} fields, and the first line ${header.length}`;
        yield { line, kind: 'unreadable', reason };
        continue;
      }
      const named = header.map((name, at) => [name, record[at]?.trim() ?? ''] as const);
      const fields = Object.fromEntries(named.filter(([name]) => isUserColumn(name)));
      yield { line, kind: 'read', fields: { ...NOTHING, ...fields } };
    }
  } catch (error) {
    throw asAdminError(error, path);
  }
  if (header === null) throw new AdminError(`${path} is empty. Its first line names the columns. ${KNOWN}`);
}

const asAdminError = (error: unknown, path: string): unknown => {
  if (error instanceof CsvError) return new AdminError(`${path} cannot be read as CSV: ${error.message}`);
  if (error instanceof Error && 'code' in error) return new AdminError(`${path} cannot be read: ${error.message}`);
  return error;
};

async function* readJsonLines(path: string, options: Options): AsyncGenerator<UserRow> {
  const file = openFile(path, options);
  let line = 0;
  try {
    for await (const text of createInterface({ input: file, crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1;
      const bare = text.replace(/^\uFEFF/, '').trim();
      if (bare !== '') yield { line, ...readJson(bare, options.ignored) };
    }
  } catch (error) {
    throw asAdminError(error, path);
  }
}

const readJson = (
  text: string,
  ignored: ReadonlySet<string>,
): { kind: 'read'; fields: UserFields } | { kind: 'unreadable'; reason: string } => {
  if (text.length > MAX_ROW_CHARACTERS) return unreadable(`is longer than ${MAX_ROW_CHARACTERS} characters`);
  const object = parseObject(text);
  if (!object) return unreadable('is no JSON object');
  const wrong = wrongNames(Object.keys(object), ignored);
  if (wrong) return unreadable(wrong);
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(object)) {
    if (!isUserColumn(name)) continue;
    if (value !== null && typeof value === 'object')
      return unreadable(`${name} is neither text, number nor true or false`);
    fields[name] = value === null ? '' : String(value).trim();
  }
  return { kind: 'read', fields: { ...NOTHING, ...fields } };
};

const unreadable = (reason: string) => ({ kind: 'unreadable', reason }) as const;

const parseObject = (text: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
};
