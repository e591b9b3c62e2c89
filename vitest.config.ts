import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src-*/**/*.test.ts', 'src-*/**/*.test.tsx', 'e2e/**/*.test.ts'],
    // No test waits for these: they end what hangs, also on a machine that is ten times as slow.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    // Two cores: more workers only make the slow tests slower.
    maxWorkers: 2,
  },
});
