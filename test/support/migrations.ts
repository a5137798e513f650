/** The migrations, statement by statement, for a database that no wrangler looks after. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));

export const migrationStatements = (): string[] =>
  readdirSync(FOLDER)
    .filter(file => file.endsWith('.sql'))
    .sort()
    .flatMap(file => readFileSync(join(FOLDER, file), 'utf8').split('--> statement-breakpoint'));
