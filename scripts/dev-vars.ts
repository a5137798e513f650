/**
 * `.dev.vars`, where a local Worker finds its secrets, and what is local whatever wrangler.toml says of the deployment. Made
 * once, with random values, readable by its owner alone; what is in it is never changed and never printed.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_MAILBOX_PORT } from '../test/mailbox/mailbox.ts';
import { DEFAULT_PORT } from './ports.ts';
import { randomSecret } from './random-secret.ts';

/** Each name with its line; the Worker's configuration says what they hold. */
const LINES: Readonly<Record<string, () => string>> = {
  TOKEN_SECRET: () => `TOKEN_SECRET="${randomSecret()}"`,
  LOOKUP_SECRET: () => `LOOKUP_SECRET="${randomSecret()}"`,
  APP_URL: () => `APP_URL="http://localhost:${DEFAULT_PORT}"`,
  // The mailbox of `npm run dev`, which speaks as Resend does.
  MAIL_PROVIDER: () => 'MAIL_PROVIDER="resend"',
  MAIL_FALLBACK_PROVIDER: () => 'MAIL_FALLBACK_PROVIDER=""',
  MAIL_API_URL: () => `MAIL_API_URL="http://localhost:${DEFAULT_MAILBOX_PORT}"`,
  MAIL_API_KEY: () => 'MAIL_API_KEY="local"',
  // Empty: a local Worker asks no service elsewhere about passwords.
  BREACH_API_URL: () => 'BREACH_API_URL=""',
};

const HEADER = `# Settings and secrets for running Rekey on this machine only. Not for a deployment, never committed.\n`;

export type DevVarsOutcome =
  | { readonly kind: 'made' }
  | { readonly kind: 'complete' }
  | { readonly kind: 'appended'; readonly names: readonly string[] };

/**
 * Makes `.dev.vars` in a folder, or appends the lines that it lacks. Throws a sentence that names the line when the
 * file is there but cannot be read as `NAME=value`.
 */
export function ensureDevVars(folder: string): DevVarsOutcome {
  const path = join(folder, '.dev.vars');
  if (!existsSync(path)) {
    const lines = Object.values(LINES).map(makeLine => `${makeLine()}\n`);
    // wx: a file that appeared meanwhile is not overwritten.
    writeFileSync(path, HEADER + lines.join(''), { mode: 0o600, flag: 'wx' });
    return { kind: 'made' };
  }
  const text = readFileSync(path, 'utf8');
  const present = readNames(text);
  const missing = Object.entries(LINES).filter(([name]) => !present.has(name));
  if (missing.length === 0) return { kind: 'complete' };
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  appendFileSync(path, separator + missing.map(([, makeLine]) => `${makeLine()}\n`).join(''));
  return { kind: 'appended', names: missing.map(([name]) => name) };
}

/** A `NAME=value` of the dotenv format; a value in quotes may go over several lines. */
const ASSIGNMENT =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*("(?:\\"|[^"])*"|'[^']*'|`[^`]*`|[^"'`\s#][^\n#]*|(?=[#\s]|$))[ \t\r]*(?:#.*)?$/gm;

function readNames(text: string): Set<string> {
  const names = new Set<string>();
  // What is taken out leaves its line breaks, so that the rest keeps its line numbers.
  const rest = text.replace(ASSIGNMENT, (assignment, name: string) => {
    names.add(name);
    return assignment.replace(/[^\n]/g, '');
  });
  const wrong = rest.split(/\r?\n/).findIndex(line => !/^\s*(#.*)?$/.test(line));
  if (wrong >= 0) {
    throw new Error(
      `.dev.vars, line ${wrong + 1}, is not NAME=value. Mend it, or delete the file: a new one is made then.`,
    );
  }
  return names;
}
