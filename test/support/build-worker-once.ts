/** vitest's global set-up: the Worker is bundled before the first test, and again when a watched file changes. */
import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { buildWorker, createBuildFolder, FOLDER_VARIABLE } from './built-worker.ts';

export const setup = async (project: TestProject) => {
  const folder = createBuildFolder();
  await buildWorker(folder);
  process.env[FOLDER_VARIABLE] = folder;
  project.onTestsRerun(() => buildWorker(folder));
  return () => rmSync(folder, { recursive: true, force: true });
};
