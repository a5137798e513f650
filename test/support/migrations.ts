/** The migrations, statement by statement, for a database that no wrangler looks after. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'migrations';

export const migrationStatements = (): string[] =>
  readdirSync(FOLDER)
    .filter(file => file.endsWith('.sql'))
    .sort()
    .flatMap(file => readFileSync(join(FOLDER, file), 'utf8').split('--> statement-breakpoint'));
