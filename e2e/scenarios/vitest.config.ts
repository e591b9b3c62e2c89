import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The finished scenarios that ship as templates, through the built command line, against real servers: apart from the other tests, whose time they would take. */
export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  test: {
    include: ['e2e/scenarios/*.scenario.ts'],
    globalSetup: 'e2e/kills/build.ts',
    // They end what hangs; nothing waits for them, also on a machine that is ten times as slow.
    testTimeout: 1_200_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
