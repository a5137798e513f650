/** docs/operations.md names every alarm that the code can raise, by the level that it has, and none that it cannot. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const WORKER = new URL('../../worker/', import.meta.url);

/** `level event` of every call of `log`, or of `tell` of the mail consumer, that is a warning or an error. */
const raised = (): string[] => {
  const files = readdirSync(WORKER, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'));
  const found = files.flatMap(file => {
    const text = readFileSync(new URL(file, WORKER), 'utf8');
    const plain = text.matchAll(/\b(?:log|tell)\(\s*'(warn|error)',\s*'(\w+)'/g);
    // `log(isOurs ? 'error' : 'warn', isOurs ? 'one' : 'other', ...)`, and `log(isBad ? 'error' : 'info', 'one', ...)`.
    const chosen = text.matchAll(/\b(?:log|tell)\(\s*[^\n]+?\? '(\w+)' : '(\w+)',\s*(?:[^'\n]+\? '(\w+)' : )?'(\w+)'/g);
    return [
      ...[...plain].map(([, level, event]) => `${level} ${event}`),
      ...[...chosen].flatMap(([, one, other, first, second]) => [
        `${one} ${first ?? second}`,
        ...(first ? [`${other} ${second}`] : []),
      ]),
    ];
  });
  return [...new Set(found)].sort();
};

test('every alarm has its line', () => {
  const document = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const lines = [...document.matchAll(/^\| `(\w+)` \| (warn|error) \|/gm)].map(
    ([, event, level]) => `${level} ${event}`,
  );
  expect(raised().length).toBeGreaterThan(20);
  expect(lines.sort()).toEqual(raised());
});
