/**
 * Unit tests in Node, Worker tests against workerd, and the tests that hold answers' times against each other, which run
 * alone, and a quick run of the bench. A config of its own: Vite's root would hide the tests.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: '.',
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      {
        test: {
          name: 'worker',
          include: ['test/worker/**/*.test.ts'],
          globalSetup: ['test/support/build-worker-once.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'timing',
          include: ['test/timing/**/*.test.ts'],
          globalSetup: ['test/support/build-worker-once.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
        },
      },
      { test: { name: 'bench', include: ['test/bench/**/*.test.ts'], testTimeout: 30_000, maxWorkers: 1 } },
    ],
  },
});
