import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Real studios that are killed, starved of disk and told wrong times: apart from the other tests, whose timing they would disturb. */
export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  test: {
    include: ['e2e/kills/*.{kill,fault}.ts'],
    globalSetup: 'e2e/kills/build.ts',
    // It ends what hangs; nothing waits for it, also on a machine that is ten times as slow.
    testTimeout: 1_200_000,
    hookTimeout: 7_200_000,
    pool: 'forks',
    // A studio that starts waits now for the disk and now for a core: two files at a time fill both.
    maxWorkers: 2,
  },
});
