/** After all browser tests: fails the run where the Worker's log holds what no log may. */
import { readFileSync } from 'node:fs';
import { secretsIn } from '../support/log-secrets.ts';
import { LOG } from './log-file.ts';

// Playwright takes the default export of the file that its configuration names.
export default function searchLog(): void {
  const log = readFileSync(LOG, 'utf8');
  if (!log.includes('GET /api/')) throw new Error('The Worker has logged no request: is this its log?');
  const leaks = secretsIn(log);
  if (leaks.length > 0) throw new Error(`The log holds secrets:\n${leaks.join('\n')}`);
}
